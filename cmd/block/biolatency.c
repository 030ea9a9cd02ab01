// SPDX-License-Identifier: GPL-2.0-only
/* biolatency - block I/O latency as histograms. */
#include "tool.h"
#include "block/biolatency.h"

extern const struct probe biolatency_probe;

static const struct column columns[] = {
	KEY_COLUMN(struct bio_key, disk, "disk", KIND_NAME, 0, .hidden = true, .on_request = true,
		   .help = "with -D; null: a command to a controller"),
	KEY_COLUMN(struct bio_key, flags, "flags", KIND_FLAGS, 0, .hidden = true, .on_request = true,
		   .kernel_enum = { "req_flag_bits" }, .help = "of the request, with -F"),
	KEY_COLUMN(struct bio_key, operation, "flags", KIND_ENUM, 0, .hidden = true, .on_request = true,
		   .help = "of the request, with -F",
		   .kernel_enum = { "req_op", "req_opf" /* before 6.0 (ff07a02e9e8e) */ }),
	{ .heading = "latency", .key = "latency", .kind = KIND_HIST, .size = sizeof(struct hist),
	  .help = "histogram of the time that requests took" },
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
	VALUE(struct biolatency_options, disk, 'd', "disk", "DISK", parse_disk,
	      "only this disk; of an NVMe disk all its paths"),
	SWITCH(struct biolatency_options, stacked, 0, "stacked", "requests of dm-multipath as well as its paths'"),
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
	.help = "From the issue of a request to the device (with -Q: from its insertion into the queue of that) to its "
		"completion. A request that completes in parts is counted once, at its end; one that is requeued, from "
		"its first issue. Names of operations and flags are this kernel's own.\n\n"
		"dm-multipath has requests of its own, each handed on to a path: all disks together, only those of the "
		"paths count, unless --stacked is given; with -D each disk has its own, and -d takes either. A device "
		"that keeps what is on it in a file (loop) has requests of its own, too, and those count, as well as "
		"those of the disk that the file lies on: -D tells them apart.",
	.unseen = "I/O of devices that have no requests (dm-linear, zram): see the disks below them, where there are any",
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
