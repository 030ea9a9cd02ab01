/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * run.h - one run of a tool, for the files that make it. Each knows those behind it: run.c -> loop.c -> rows.c -> report.c.
 */
#pragma once

#include "attach/attach.h"
#include "child.h"
#include "clock.h"
#include "events.h"
#include "ledger.h"
#include "table.h"
#include "tool.h"

struct run {
	const struct tool *tool;
	struct settings settings;
	void *constants;
	struct column *columns;
	struct name *kernel_names[8];	/* made for columns, to be freed */
	struct output_spec spec;
	struct output *output;
	struct attachment attachment;
	struct ledger ledger;
	struct events events;
	struct table table;
	struct child child;
	int epoll, signals, timer;
	u64 begun;		/* CLOCK_MONOTONIC ns, as are all times here but those shown */
	u64 last;		/* end of the last interval; of a stream: of the last look at the losses */
	u64 realtime_offset;	/* CLOCK_REALTIME - CLOCK_MONOTONIC */
	u64 shown;
	bool more;		/* records wait to be read */
	bool waits;		/* for stdout's reader */
	bool over;
	bool silent;		/* the kernel was told to let no probe fire */
	int result;
};

/* loop.c */
int loop_prepare(struct run *run);	/* 0, or an exit code after a line on stderr */
int loop_watch(struct run *run, int fd);	/* rows_read() when fd becomes readable; 0, or an exit code after a line */
void loop(struct run *run);	/* until the end: a signal, the time, the rows asked for, the reader gone */
void loop_drain(struct run *run);	/* write what is gathered, or, asked to end, count what nobody takes */

/* rows.c */
int rows_open(struct run *run);	/* 0, or an exit code after a line on stderr */
int rows_fd(const struct run *run);	/* readable when records wait; -1: rows come at the end of an interval only */
void rows_read(struct run *run);	/* records that wait, or one interval */
void rows_flush(struct run *run);

/* report.c */
void report_silence(struct run *run);	/* probes that were switched off */
void report_losses(struct run *run);	/* and, as long as it runs, silence */
void report_totals(struct run *run);	/* on stderr, where no row can tell of losses */
void report_doubts(const struct run *run);	/* on stderr */
void report_meta(struct run *run, const char *type);	/* "start" or "end" object of --meta */
