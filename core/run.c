// SPDX-License-Identifier: GPL-2.0-only
/*
 * run.c - one run of a tool, read from top to bottom like a recipe. One loop waits for signals, the clock and the
 * event buffer; there is one way in and one way out.
 */
#include <cjson/cJSON.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>
#include "attach.h"
#include "child.h"
#include "events.h"
#include "fail.h"
#include "filter.h"
#include "kernel.h"
#include "ledger.h"
#include "options.h"
#include "table.h"
#include "tool.h"

#define SECOND 1000000000ULL
#define LOOK_EVERY (SECOND / 10)	/* the longest a record waits to be shown */

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
	u64 last;		/* end of the last interval */
	u64 realtime_offset;	/* CLOCK_REALTIME - CLOCK_MONOTONIC */
	u64 shown;
	bool over;
	int result;
};

static u64 now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec * SECOND + t.tv_nsec;
}

static void flush(struct run *run)
{
	int err = output_flush(run->output);

	if (!err)
		return;
	if (err != -EPIPE && !run->result)
		run->result = fail(EXIT_FAILED, "cannot write to standard output: %s", strerror(-err));
	run->over = true;
}

/* Fresh losses: a row each in JSON, a line each on stderr otherwise. */
static void report_losses(struct run *run, bool all)
{
	struct moment when = { .realtime_ns = now(CLOCK_REALTIME) };

	ledger_read(&run->ledger, &run->attachment, all);
	for (int cause = 0; cause < LOSS_CAUSES; cause++) {
		if (!run->ledger.fresh[cause])
			continue;
		if (run->settings.format == FORMAT_JSON)
			output_lost(run->output, loss_causes[cause], run->ledger.fresh[cause], &when);
		else
			say("lost %llu: %s", run->ledger.fresh[cause], loss_causes[cause]);
	}
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
	events_read(&run->events);
	flush(run);
}

static void read_table(struct run *run)
{
	struct row *rows;
	size_t count;
	struct moment when;
	u64 time;

	time = now(CLOCK_MONOTONIC);
	when = (struct moment){ .realtime_ns = now(CLOCK_REALTIME), .interval_ns = time - run->last };
	run->last = time;
	if (table_read(&run->table, &rows, &count)) {
		run->result = EXIT_FAILED;
		run->over = true;
		return;
	}
	output_interval(run->output, rows, count, &when);
	report_losses(run, false);
	flush(run);
	if (++run->shown == run->settings.count)
		run->over = true;
}

static void take_signal(struct run *run)
{
	struct signalfd_siginfo info;

	if (read(run->signals, &info, sizeof(info)) != sizeof(info))
		return;
	if (info.ssi_signo != SIGCHLD || child_ended(&run->child))
		run->over = true;
}

/* An interval ends when it ends, not a little later each time: ticks are counted from the beginning. */
static u64 next_tick(const struct run *run, u64 time)
{
	u64 every = run->tool->stream ? LOOK_EVERY : run->settings.interval * SECOND, end = ~0ULL;

	if (run->settings.duration)
		end = run->begun + run->settings.duration * SECOND;
	if (every) {
		u64 tick = run->begun + ((time - run->begun) / every + 1) * every;

		return tick < end ? tick : end;
	}
	return end;
}

static void set_timer(struct run *run)
{
	u64 tick = next_tick(run, now(CLOCK_MONOTONIC));
	struct itimerspec when = { .it_value = { tick / SECOND, tick % SECOND } };

	if (tick != ~0ULL)
		timerfd_settime(run->timer, TFD_TIMER_ABSTIME, &when, NULL);
}

static void take_tick(struct run *run)
{
	u64 expired, time = now(CLOCK_MONOTONIC);

	if (read(run->timer, &expired, sizeof(expired)) != sizeof(expired))
		return;
	if (run->settings.duration && time >= run->begun + run->settings.duration * SECOND)
		run->over = true;	/* the last interval is read on the way out */
	else if (run->tool->stream)
		read_events(run);
	else
		read_table(run);
	set_timer(run);
}

static int watch(struct run *run, int fd)
{
	struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };

	return fd < 0 || epoll_ctl(run->epoll, EPOLL_CTL_ADD, fd, &event) ? -errno : 0;
}

static int prepare_loop(struct run *run)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	run->signals = signalfd(-1, &set, SFD_CLOEXEC);
	run->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	run->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (watch(run, run->signals) || watch(run, run->timer))
		return fail(EXIT_FAILED, "cannot set up the event loop: %s", strerror(errno));
	return EXIT_DONE;
}

static void loop(struct run *run)
{
	struct epoll_event event;

	run->begun = run->last = now(CLOCK_MONOTONIC);
	set_timer(run);
	while (!run->over) {
		if (epoll_wait(run->epoll, &event, 1, -1) < 1)
			continue;
		if (event.data.fd == run->signals)
			take_signal(run);
		else if (event.data.fd == run->timer)
			take_tick(run);
		else
			read_events(run);
	}
}

/* Names of enumerators that only this kernel knows. */
static void name_columns(struct run *run)
{
	int made = 0;

	for (struct column *column = run->columns; column->key; column++) {
		bool wanted = !column->hidden || run->settings.format != FORMAT_TABLE || run->settings.columns;
		const struct btf *btf = column->kernel_enum[0] && wanted ? kernel_btf(run->settings.btf) : NULL;

		for (int i = 0; i < 2 && btf && column->kernel_enum[i] && !column->names && made < 8; i++)
			column->names = run->kernel_names[made] =
				kernel_enum_names(btf, column->kernel_enum[i], column->kind == KIND_FLAGS);
		made += !!column->names && column->kernel_enum[0];
	}
	kernel_btf_free();
}

static int open_output(struct run *run)
{
	const struct tool *tool = run->tool;
	const struct settings *s = &run->settings;

	run->spec = (struct output_spec){
		.tool = tool->name, .columns = run->columns, .format = s->format, .layout = tool->layout,
		.wanted = s->columns, .sort = s->sort, .limit = s->limit, .no_header = s->no_header,
		.clear = !s->no_clear && isatty(STDOUT_FILENO), .counts = s->counts,
		.clock = s->clock || (tool->clock && s->interval && !s->no_clock), .intervals = !tool->stream,
		.unit = s->milliseconds ? "msecs" : "usecs", .fd = STDOUT_FILENO,
	};
	return output_open(&run->output, &run->spec) ? EXIT_USAGE : EXIT_DONE;
}

static void report_meta(struct run *run, const char *type)
{
	cJSON *object = cJSON_CreateObject();
	struct utsname kernel;
	char *text;

	uname(&kernel);
	cJSON_AddStringToObject(object, "type", type);
	cJSON_AddStringToObject(object, "tool", run->tool->name);
	if (!strcmp(type, "start")) {
		cJSON_AddStringToObject(object, "version", BPFTK_VERSION);
		cJSON_AddStringToObject(object, "kernel", kernel.release);
		cJSON_AddStringToObject(object, "hook", attached_by(&run->attachment));
		if (run->tool->unseen)
			cJSON_AddStringToObject(object, "unseen", run->tool->unseen);
	} else {
		cJSON *lost = cJSON_AddObjectToObject(object, "lost");

		cJSON_AddNumberToObject(object, "rows", output_rows(run->output));
		for (int cause = 0; cause < LOSS_CAUSES; cause++)
			cJSON_AddNumberToObject(lost, loss_causes[cause], run->ledger.total[cause]);
	}
	text = cJSON_PrintUnformatted(object);
	if (text)
		output_object(run->output, text);
	cJSON_free(text);
	cJSON_Delete(object);
}

static int begin(struct run *run)
{
	const struct settings *s = &run->settings;
	int err;

	if (run->tool->stream)
		err = events_open(&run->events, &run->attachment, s->buffer_size ? s->buffer_size : 256 * 1024);
	else
		err = table_open(&run->table, &run->attachment, run->tool->table, run->tool->layout == LAYOUT_LINES);
	if (err)
		return err;
	if (run->tool->stream && watch(run, events_fd(&run->events)))
		return fail(EXIT_FAILED, "cannot wait for events: %s", strerror(errno));
	run->events.take = ignore_record;	/* what came before this moment is mostly our own attaching */
	run->events.context = run;
	ledger_read(&run->ledger, &run->attachment, false);
	events_read(&run->events);
	run->events.take = take_record;
	if (run->tool->banner && s->format == FORMAT_TABLE)
		fprintf(stderr, "%s\n", run->tool->banner);
	if (s->format == FORMAT_JSON && s->meta)
		report_meta(run, "start");
	output_header(run->output);
	flush(run);
	if (s->verbose)
		say("attached by %s", attached_by(&run->attachment));
	child_go(&run->child);
	return EXIT_DONE;
}

/* Stop the programs, then show what they left: nothing can be added any more, so the books must balance. */
static void finish(struct run *run)
{
	report_losses(run, true);	/* the kernel's own counts vanish with the programs */
	attach_stop(&run->attachment);
	if (run->tool->stream)
		read_events(run);
	else if (!run->settings.count || run->shown < run->settings.count)
		read_table(run);
	report_losses(run, false);
	if (run->settings.format == FORMAT_JSON && run->settings.meta)
		report_meta(run, "end");
	flush(run);
	if (run->settings.verbose && !ledger_total(&run->ledger))
		say("0 lost");
	if (!run->result && run->settings.strict && ledger_total(&run->ledger))
		run->result = fail(EXIT_LOST, "lost %llu in all, and --strict was asked for", ledger_total(&run->ledger));
}

static int trace(struct run *run)
{
	int err = open_output(run);	/* first: a wrong --columns is a wrong --columns on every machine */

	err = err ? err : may_trace();
	err = err ? err : filter_resolve(&run->settings);
	err = err ? err : prepare_loop(run);
	err = err ? err : child_start(&run->child, &run->settings);
	if (err)
		return err;
	name_columns(run);
	err = attach(&run->attachment, run->tool, &run->settings, run->constants);
	if (!err && run->settings.explain)
		return attach_explain(&run->attachment, run->tool), EXIT_DONE;
	run->spec.functions = run->attachment.functions;
	run->spec.function_count = run->attachment.function_count;
	err = err ? err : begin(run);
	if (err)
		return err;
	loop(run);
	finish(run);
	return run->result;
}

static int prepare(struct run *run)
{
	size_t count = 1;

	for (const struct column *column = run->tool->columns; column->key; column++)
		count++;
	run->columns = calloc(count, sizeof(*run->columns));
	run->constants = calloc(1, run->tool->constants + 1);
	if (!run->columns || !run->constants)
		return fail(EXIT_FAILED, "out of memory");
	memcpy(run->columns, run->tool->columns, count * sizeof(*run->columns));
	return EXIT_DONE;
}

static void release(struct run *run)
{
	child_stop(&run->child);
	events_close(&run->events);
	table_close(&run->table);
	output_close(run->output);
	attach_free(&run->attachment);
	for (size_t i = 0; i < sizeof(run->kernel_names) / sizeof(*run->kernel_names); i++)
		free(run->kernel_names[i]);
	free(run->columns);
	free(run->constants);
}

int run_tool(const struct tool *tool, int argc, char **argv)
{
	struct run run = { .tool = tool, .epoll = -1 };
	struct choices choices = { .settings = &run.settings };
	int err;

	say_as(tool->name);
	err = prepare(&run);
	choices.constants = run.constants;
	choices.columns = run.columns;
	err = err ? err : options_parse(tool, argc, argv, &choices);
	if (!err && run.settings.help)
		options_help(tool);
	else if (!err && run.settings.version)
		printf("bpftk %s\n", BPFTK_VERSION);
	else if (!err)
		err = trace(&run);
	release(&run);
	return err;
}
