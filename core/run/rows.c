// SPDX-License-Identifier: GPL-2.0-only
/* rows.c - from the kernel's maps to the output: records of a stream, or a table every interval. */
#include <errno.h>
#include <string.h>
#include <time.h>
#include "fail.h"
#include "run.h"

void rows_flush(struct run *run)
{
	int err = output_flush(run->output);

	if (!err || err == -EAGAIN)	/* -EAGAIN: the loop waits for the reader */
		return;
	if (err != -EPIPE && !run->result)
		run->result = fail(EXIT_FAILED, "cannot write to standard output: %s", strerror(-err));
	run->over = true;
}

static void take_record(void *context, const void *record, size_t size)
{
	struct run *run = context;
	struct row row = { .value = record, .size = size };
	struct moment when;
	u64 time;

	if (run->settings.max_events && run->shown == run->settings.max_events)
		return;
	memcpy(&time, record, sizeof(time));
	when = (struct moment){ .realtime_ns = time + run->realtime_offset };
	output_row(run->output, &row, &when);
	if (++run->shown == run->settings.max_events)
		run->over = true;
}

static void ignore_record(void *context, const void *record, size_t size)
{
	(void)context, (void)record, (void)size;
}

static void read_events(struct run *run)
{
	run->realtime_offset = now(CLOCK_REALTIME) - now(CLOCK_MONOTONIC);
	run->more = events_read(&run->events);
	if (events_failed(&run->events)) {
		run->result = fail(EXIT_FAILED, "out of memory for records");
		run->over = true;
	}
	rows_flush(run);
	if (now(CLOCK_MONOTONIC) - run->last > SECOND) {
		run->last = now(CLOCK_MONOTONIC);
		report_losses(run);
		if (run->ledger.fresh[LOSS_PROCESSOR])
			events_renew(&run->events);
	}
}

static int read_undisturbed(struct run *run, struct row **rows, size_t *count)
{
	int err;

	policy_hurry(&run->attachment, true);
	err = table_read(&run->table, rows, count);
	policy_hurry(&run->attachment, false);
	return err;
}

static void read_table(struct run *run)
{
	struct row *rows;
	size_t count, left_out;
	struct moment when;
	u64 time;

	time = now(CLOCK_MONOTONIC);
	when = (struct moment){ .realtime_ns = now(CLOCK_REALTIME), .interval_ns = time - run->last };
	run->last = time;
	if (read_undisturbed(run, &rows, &count)) {
		run->result = EXIT_FAILED;
		run->over = true;
		return;
	}
	left_out = output_interval(run->output, rows, count, &when);
	if (left_out)
		say("%zu more rows than --limit %u", left_out, run->settings.limit);
	report_losses(run);
	rows_flush(run);
	if (++run->shown == run->settings.count)
		run->over = true;
}

/* What was counted up to this moment is mostly our own attaching. */
static int forget_the_past(struct run *run)
{
	struct row *rows;
	size_t count;

	ledger_forget(&run->ledger, &run->attachment);
	if (!run->tool->stream)
		return read_undisturbed(run, &rows, &count);
	run->events.take = ignore_record;
	run->events.context = run;
	run->events.all = true;
	while (events_read(&run->events))
		;
	run->events.all = false;
	run->events.take = take_record;
	return EXIT_DONE;
}

int rows_open(struct run *run)
{
	int err;

	if (run->tool->stream)
		err = events_open(&run->events, &run->attachment, run->settings.buffer_size);
	else
		err = table_open(&run->table, &run->attachment, run->tool->table, run->tool->layout == LAYOUT_LINES);
	return err ? err : forget_the_past(run);
}

int rows_fd(const struct run *run)
{
	return run->tool->stream ? events_fd(&run->events) : -1;
}

void rows_read(struct run *run)
{
	if (output_waits(run->output))
		return;
	if (run->tool->stream)
		read_events(run);
	else
		read_table(run);
}
