// SPDX-License-Identifier: GPL-2.0-only
/* biolatency - block I/O latency as histograms. */
#include "tool.h"
#include "block/biolatency.h"

extern const struct probe biolatency_probe;

static const struct column columns[] = {
	KEY_COLUMN(struct bio_key, disk, "disk", KIND_DEVICE, 0, .hidden = true, .help = "with -D"),
	KEY_COLUMN(struct bio_key, flags, "flags", KIND_FLAGS, 0, .hidden = true, .kernel_enum = { "req_flag_bits" },
		   .help = "of the request, with -F"),
	KEY_COLUMN(struct bio_key, operation, "flags", KIND_ENUM, 0, .hidden = true, .help = "of the request, with -F",
		   .kernel_enum = { "req_op", "req_opf" /* before 6.0 (ff07a02e9e8e) */ }),
	{ .heading = "latency", .key = "latency", .kind = KIND_HIST, .size = sizeof(struct hist),
	  .help = "histogram of the time from issue to completion" },
	{ .heading = "summary", .key = "summary", .kind = KIND_SUMMARY, .size = sizeof(struct hist), .hidden = true,
	  .help = "average, total and count, with -e" },
	{}
};

static const struct option_row options[] = {
	SWITCH(struct settings, clock, 'T', "timestamp", "the time above each output", .in_settings = true),
	SWITCH(struct biolatency_options, queued, 'Q', "queued", "include the time in the scheduler's queue"),
	SWITCH(struct settings, milliseconds, 'm', "milliseconds", "not microseconds", .in_settings = true),
	SWITCH(struct biolatency_options, by_disk, 'D', "disks", "a histogram for each disk", .show = "disk"),
	SWITCH(struct biolatency_options, by_flags, 'F', "flags", "a histogram for each kind of request",
	       .show = "flags,operation"),
	SHOW('e', "extension", "summary", "average, total and count below each histogram"),
	VALUE(struct biolatency_options, disk, 'd', "disk", "DISK", parse_disk, "only this disk"),
	LETTER('j', "json"),
	{}
};

/* The queue argument went away in a54895fa057c (5.11, 5.10.137). */
static const struct position positions[] = {
	{ "btf_trace_block_rq_issue", "request", offsetof(struct biolatency_options, request_at) },
	{}
};

const struct tool biolatency_tool = {
	.name = "biolatency",
	.summary = "Block I/O latency as a histogram",
	.help = "From the issue of a request to the device (with -Q: from its insertion into the queue) to its "
		"completion. A request that completes in parts is counted once, at its end; one that is requeued, from "
		"its first issue. Names of operations and flags are this kernel's own.",
	.unseen = "I/O of devices without requests (dm, md, zram): see the disks below them",
	.banner = "Tracing block device I/O... Hit Ctrl-C to end.",
	.probe = &biolatency_probe,
	.table = "latency",
	.columns = columns,
	.layout = LAYOUT_HIST,
	.options = options,
	.constants = sizeof(struct biolatency_options),
	.positions = positions,
	.requests = "pending",
	.unfiltered = true,
};
