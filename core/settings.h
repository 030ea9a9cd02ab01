/* SPDX-License-Identifier: GPL-2.0-only */
/* settings.h - what the command line asked for, the options common to all tools (options.c has their table). */
#pragma once

#include <stdbool.h>
#include "shared.h"

struct settings {
	struct filter filter;
	const char *comm;	/* becomes filter.comm */
	const char *cgroup;	/* path */
	const char *cgroup_map, *mount_ns_map;	/* pinned maps of what is wanted */
	u32 children;		/* of filter.pid, too */
	u32 keep_running;	/* when filter.pid has ended */
	u32 host_ids;		/* numbers typed and shown are those of the first pid namespace, not ours */
	bool foreign_ids;	/* ... and so they name nobody to us */
	u32 shown_pid_ns;	/* from that: namespace of the numbers that are shown; 0: the first */
	u64 interval_ns;	/* 0: one interval, until the end */
	u64 duration_ns;	/* 0: no limit */
	u32 count;		/* intervals; 0: no limit */
	u64 max_events;		/* rows of a stream; 0: no limit */
	u32 format;		/* enum format */
	const char *columns;
	const char *sort;
	u32 limit;
	u32 no_header;
	u32 counts;		/* not rates */
	u32 no_clear;
	u32 clock;		/* a time line above each interval's histograms */
	u32 no_clock;
	u32 milliseconds;
	u32 way;		/* 1 + enum way; 0: try them in order */
	u32 explain;
	u32 strict;
	u32 meta;
	u32 verbose;
	u32 help, version;
	const char *btf;	/* file to use in place of the kernel's own BTF */
	u32 buffer_size;	/* bytes */
	u32 key_size;		/* bytes of a table's key that the columns asked for */
	const char *functions;	/* regular expression */
	char **command;		/* --exec: to be started and traced */
};
