// SPDX-License-Identifier: GPL-2.0-only
/*
 * run.c - one run of a tool: trace() reads like a recipe. There is one way in and one way out.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "fail.h"
#include "attach/filter.h"
#include "kernel/kernel.h"
#include "options.h"
#include "run.h"
#include "signals.h"

/* Names of enumerators that only this kernel knows. */
static void name_columns(struct run *run)
{
	int made = 0;

	for (struct column *column = run->columns; column->key; column++) {
		bool wanted = !column->hidden || (!column->on_request &&
			      (run->settings.format != FORMAT_TABLE || run->settings.columns));
		const struct types *types = column->kernel_enum[0] && wanted ? kernel_types(run->settings.btf) : NULL;

		for (int i = 0; i < 2 && types && column->kernel_enum[i] && !column->names && made < 8; i++)
			column->names = run->kernel_names[made] =
				kernel_enum_names(types, column->kernel_enum[i], column->kind == KIND_FLAGS);
		made += !!column->names && column->kernel_enum[0];
	}
}

static int open_output(struct run *run)
{
	const struct tool *tool = run->tool;
	const struct settings *s = &run->settings;

	run->spec = (struct output_spec){
		.tool = tool->name, .columns = run->columns, .format = s->format, .layout = tool->layout,
		.wanted = s->columns, .sort = s->sort, .limit = s->limit, .no_header = s->no_header,
		.clear = !s->no_clear && isatty(STDOUT_FILENO), .counts = s->counts,
		.clock = s->clock || (tool->clock && s->interval_ns && !s->no_clock), .intervals = !tool->stream,
		.unit = s->milliseconds ? "msecs" : "usecs", .fd = STDOUT_FILENO,
	};
	return output_open(&run->output, &run->spec) ? EXIT_USAGE : EXIT_DONE;
}

static int begin(struct run *run)
{
	const struct settings *s = &run->settings;
	int err = rows_open(run);

	if (!err && rows_fd(run) >= 0)
		err = loop_watch(run, rows_fd(run));
	if (!err && run->child.watch >= 0)
		err = loop_watch(run, run->child.watch);
	if (err)
		return err;
	if (run->tool->banner && s->format == FORMAT_TABLE)
		fprintf(stderr, "%s\n", run->tool->banner);
	if (s->format == FORMAT_JSON && s->meta)
		report_meta(run, "start");
	output_header(run->output);
	rows_flush(run);
	report_doubts(run);
	if (s->verbose)
		say("attached by %s", attached_by(&run->attachment));
	child_go(&run->child);
	return EXIT_DONE;
}

/* Stop the programs, then show what they left: nothing can be added any more, so the books must balance. */
static void finish(struct run *run)
{
	report_losses(run);	/* what the kernel has counted of links vanishes with them */
	attach_stop(&run->attachment);
	report_silence(run);	/* only now: to ask is a vfs_readv(), which vfscount would show */
	run->events.all = true;
	do {
		loop_drain(run);
		if (run->tool->stream || !run->settings.count || run->shown < run->settings.count)
			rows_read(run);
	} while (run->more);
	loop_drain(run);
	report_losses(run);
	if (run->settings.format == FORMAT_JSON && run->settings.meta)
		report_meta(run, "end");
	loop_drain(run);
	report_totals(run);
	if (run->settings.verbose && !ledger_total(&run->ledger))
		say("0 lost");
	if (!run->result && run->settings.strict && ledger_total(&run->ledger))
		run->result = fail(EXIT_LOST, "lost %llu in all, and --strict was asked for", ledger_total(&run->ledger));
}

static int trace(struct run *run)
{
	int err = open_output(run);	/* first: a wrong --columns is a wrong --columns on every machine */

	err = err ? err : filter_tasks(&run->settings);
	err = err ? err : may_trace();
	err = err ? err : loop_prepare(run);
	err = err ? err : child_start(&run->child, &run->settings);	/* it is what --pid would be */
	err = err ? err : filter_resolve(&run->settings);
	if (err)
		return err;
	name_columns(run);
	run->settings.key_size = output_key_size(run->columns);
	err = attach(&run->attachment, run->tool, &run->settings, run->constants);
	if (!err && run->settings.explain)
		return signals_restore(), attach_explain(&run->attachment, run->tool), report_doubts(run), EXIT_DONE;
	run->spec.functions = run->attachment.functions;
	run->spec.function_count = run->attachment.function_count;
	err = err ? err : begin(run);
	if (err)
		return err;
	loop(run);
	finish(run);
	child_ended(&run->child);	/* Ctrl-C reaches both */
	return run->result ? run->result : run->child.status;
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
	struct run run = { .tool = tool, .epoll = -1, .child.watch = -1 };
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
	if (err == EXIT_INTERRUPTED)
		signals_die();
	return err;
}
