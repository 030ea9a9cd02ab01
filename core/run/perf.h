/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * perf.h - records from perf buffers, where the kernel has no ring buffer (before 5.8, 457f44363a88): one for each processor
 * that is on line, also for those that come later; and of all of them together in the order of their time.
 */
#pragma once

#include <bpf/libbpf.h>
#include <stdbool.h>
#include "shared.h"

struct perf {
	int map, epoll;
	size_t pages;		/* of each buffer */
	int online;		/* the kernel's list of processors */
	char list[256];		/* as it was */
	int cpus;
	struct perf_buffer **buffers;	/* of each processor; NULL: not on line */

	/* Taken out of the buffers, and not yet delivered. */
	char *bytes;
	size_t size, room;
	struct perf_record {
		u64 time;
		u32 offset, size;
	} *records;
	size_t count, records_room;
	size_t next, settled;	/* records to be delivered now: from, to */
	size_t most;		/* bytes in all buffers */
	bool failed;		/* out of memory for one */
};

int perf_open(struct perf *perf, int map, u32 size);	/* 0 or an exit code after a line on stderr */
/* Buffers that take nothing any more, as that of a processor that left and came back, are made anew. */
void perf_renew(struct perf *perf);
/*
 * Up to most records to take(), the oldest first: those that no older one can follow, since all processors were looked at
 * later; with all, those too that the next look may show to be too early. True: there are more of these.
 */
bool perf_read(struct perf *perf, size_t most, bool all, void (*take)(void *context, const void *record, size_t size),
	       void *context);
void perf_close(struct perf *perf);
