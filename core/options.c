// SPDX-License-Identifier: GPL-2.0-only
/* options.c - one parser for all tools. Options, positional values and help come from tables. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "clock.h"
#include "fail.h"
#include "options.h"
#include "values.h"

enum { FIRST_LONG = 256 };	/* getopt's values of options without a letter */

#define SETTING(member, ...) VALUE(struct settings, member, __VA_ARGS__, .in_settings = true)
#define EVENT_BUFFER (256 * 1024)
#define SETTING_SWITCH(member, letter, name, help) SETTING_CHOICE(member, 1, letter, name, help)
#define SETTING_CHOICE(member, value_, letter_, name_, help_)				\
	{ .letter = letter_, .name = name_, .help = help_, .parse = parse_switch, .value = value_, \
	  .offset = offsetof(struct settings, member), .in_settings = true }

static const struct option_row filter_options[] = {
	SETTING(filter.pid, 'p', "pid", "PID", parse_pid, "only this process"),
	SETTING_SWITCH(children, 0, "children", "of --pid or --exec: what it starts, too"),
	SETTING_SWITCH(keep_running, 0, "keep-running", "do not end with the process of --pid or --exec"),
	SETTING(filter.tid, 0, "tid", "TID", parse_pid, "only this thread"),
	SETTING(filter.ppid, 0, "ppid", "PID", parse_pid, "only children of this process"),
	SETTING(filter, 0, "uid", "UID", parse_uid, "only this user, by number or name"),
	SETTING(comm, 0, "comm", "NAME", parse_text, "only tasks with NAME in their name"),
	SETTING(cgroup, 0, "cgroup", "PATH", parse_text, "only this cgroup (version 2) and those below it"),
	SETTING(cgroup_map, 0, "cgroupmap", "PATH", parse_text, "only cgroups in this pinned map"),
	SETTING(mount_ns_map, 0, "mntnsmap", "PATH", parse_text, "only mount namespaces in this pinned map"),
	SETTING_SWITCH(host_ids, 0, "host-ids", "numbers of tasks in the first pid namespace"),
	{}
};

static const struct option_row stream_options[] = {
	SETTING(max_events, 0, "max-events", "N", parse_u64, "end after N rows"),
	SETTING(buffer_size, 0, "buffer-size", "BYTES", parse_size, "of the event buffer; suffix K or M"),
	{}
};

static const struct option_row table_options[] = {
	SETTING(interval_ns, 0, "interval", "SECONDS", parse_seconds, "time between two outputs", .none = "until the end"),
	SETTING(count, 0, "count", "N", parse_u32, "end after N outputs"),
	SETTING(sort, 0, "sort", "COLUMN", parse_text, "largest first; +COLUMN: smallest first"),
	SETTING(limit, 0, "limit", "N", parse_u32, "rows of each output; JSON and CSV have all unless this is given",
		.none = "all"),
	{}
};

static const struct option_row table_arguments[] = {
	ARGUMENT(struct settings, interval_ns, "interval", parse_seconds, "seconds between two outputs", .in_settings = true,
		 .none = "until the end"),
	ARGUMENT(struct settings, count, "count", parse_u32, "end after so many outputs", .in_settings = true),
	{}
};

static const struct option_row common_options[] = {
	SETTING(duration_ns, 0, "duration", "SECONDS", parse_seconds, "end after this time"),
	SETTING_CHOICE(format, FORMAT_JSON, 0, "json", "one JSON object a line"),
	SETTING_CHOICE(format, FORMAT_CSV, 0, "csv", "comma-separated values"),
	SETTING(columns, 0, "columns", "A,B,...", parse_text, "these columns, in this order"),
	SETTING_SWITCH(no_header, 0, "no-header", "no headings"),
	SETTING(way, 0, "hook", "WAY", parse_way, "only by fentry or only by kprobe"),
	SETTING_SWITCH(explain, 0, "explain", "show how this kernel would be hooked, and end"),
	SETTING_SWITCH(strict, 0, "strict", "exit with 5 if anything was lost"),
	SETTING_SWITCH(meta, 0, "meta", "with --json: a start and an end object"),
	SETTING(btf, 0, "btf", "FILE", parse_text, "type information for kernels that have none"),
	SETTING_SWITCH(verbose, 'v', "verbose", "say what is done, and that nothing was lost"),
	SETTING_SWITCH(help, 'h', "help", "this text"),
	SETTING_SWITCH(version, 'V', "version", "of this program"),
	{}
};

static void add_rows(struct option_rows *rows, const struct option_row *row)
{
	for (; row && (row->name || row->common); row++)
		if (!row->common && rows->count < MAX_OPTIONS)
			rows->row[rows->count++] = row;
}

static void add_letters(struct option_rows *rows, const struct option_row *row)
{
	for (; row && (row->name || row->common); row++)
		for (int i = 0; row->common && i < rows->count; i++) {
			if (strcmp(rows->row[i]->name, row->common))
				continue;
			rows->relettered[i] = *rows->row[i];
			rows->relettered[i].letter = row->letter;
			rows->relettered[i].alias = row->alias;
			rows->relettered[i].show = row->show;
			rows->relettered[i].hide = row->hide;
			rows->row[i] = &rows->relettered[i];
		}
}

void options_of(const struct tool *tool, struct option_rows *rows)
{
	*rows = (struct option_rows){};
	add_rows(rows, tool->options);
	if (!tool->unfiltered)
		add_rows(rows, filter_options);
	add_rows(rows, tool->stream ? stream_options : table_options);
	add_rows(rows, common_options);
	add_letters(rows, tool->options);
}

static void show_columns(struct column *columns, const char *keys, bool hidden)
{
	for (struct column *column = columns; keys && column->key; column++) {
		const char *at = strstr(keys, column->key);
		size_t length = strlen(column->key);

		if (at && (at == keys || at[-1] == ',') && (!at[length] || at[length] == ','))
			column->hidden = hidden;
	}
}

static int apply(const char *dashes, const struct option_row *row, const char *text, const struct choices *choices)
{
	char *base = row->in_settings ? (char *)choices->settings : choices->constants;
	const char *wrong = row->parse ? row->parse(text, base + row->offset, row) : NULL;

	if (wrong)
		return fail(EXIT_USAGE, "%s%s%s%s: %s", dashes, row->name, text ? " " : "", text ? text : "", wrong);
	show_columns(choices->columns, row->show, false);
	show_columns(choices->columns, row->hide, true);
	return EXIT_DONE;
}

const struct option_row *arguments_of(const struct tool *tool)
{
	static const struct option_row none[] = { {} };

	return tool->arguments ? tool->arguments : tool->stream ? none : table_arguments;
}

static int positional(const struct tool *tool, const char *text, int at, const struct choices *choices)
{
	const struct option_row *row = arguments_of(tool);

	while (row->name && at--)
		row++;
	return row->name ? apply("", row, text, choices) : fail(EXIT_USAGE, "unexpected argument '%s'", text);
}

/* What getopt wants to know: ":p:v", and the long names, which lead to the number of their row. */
static void getopt_lists(const struct option_rows *rows, char *letters, struct option *longs)
{
	*letters++ = ':';
	for (int i = 0; i < rows->count; i++) {
		const struct option_row *row = rows->row[i];

		*longs++ = (struct option){ row->name, !!row->argument, NULL, FIRST_LONG + i };
		if (row->alias)
			*longs++ = (struct option){ row->alias, !!row->argument, NULL, FIRST_LONG + i };
		if (row->letter)
			letters += sprintf(letters, "%c%s", row->letter, row->argument ? ":" : "");
	}
}

static int check_excludes(const struct option_rows *rows)
{
	for (int i = 0; i < rows->count; i++)
		for (int j = 0; rows->given[i] && rows->row[i]->excludes && j < rows->count; j++)
			if (rows->given[j] && !strcmp(rows->row[j]->name, rows->row[i]->excludes))
				return fail(EXIT_USAGE, "--%s and --%s exclude each other", rows->row[i]->name,
					    rows->row[j]->name);
	return EXIT_DONE;
}

static int parse_all(const struct tool *tool, int argc, char **argv, const struct choices *choices,
		     struct option_rows *rows)
{
	char letters[2 * MAX_OPTIONS + 2] = "";
	struct option longs[2 * MAX_OPTIONS + 1] = {};
	int option, at = 0, err = 0, index;

	getopt_lists(rows, letters, longs);
	opterr = 0;
	optind = 0;	/* not 1: forget an earlier scan */
	while (!err && (option = getopt_long(argc, argv, letters, longs, &index)) != -1) {
		if (option == ':')
			return fail(EXIT_USAGE, "%s needs an argument", argv[optind - 1]);
		if (option == '?')
			return fail(EXIT_USAGE, "unknown option %s%s; see --help",
				    optopt && optopt < FIRST_LONG ? (char[]){ '-', optopt, 0 } : argv[optind - 1],
				    optopt >= FIRST_LONG ? " (takes no argument)" : "");
		for (int i = 0; i < rows->count && !err; i++)
			if (option == FIRST_LONG + i || option == rows->row[i]->letter) {
				rows->given[i] = true;
				err = apply("--", rows->row[i], optarg, choices);
			}
	}
	err = err ? err : check_excludes(rows);
	for (; !err && optind < argc; optind++)
		err = positional(tool, argv[optind], at++, choices);
	return err;
}

/* --exec takes all that follows. */
static int cut_command(int argc, char **argv, struct settings *settings)
{
	for (int i = 1; i < argc; i++)
		if (!strcmp(argv[i], "--exec")) {
			settings->command = argv + i + 1;
			return i;
		}
	return argc;
}

static int check_settings(const struct settings *settings)
{
	if (settings->command && !*settings->command)
		return fail(EXIT_USAGE, "--exec needs a command");
	if (settings->command && settings->filter.pid)
		return fail(EXIT_USAGE, "--exec and --pid exclude each other");
	if ((settings->children || settings->keep_running) && !settings->command && !settings->filter.pid)
		return fail(EXIT_USAGE, "--%s needs --pid or --exec", settings->children ? "children" : "keep-running");
	if (settings->comm && strlen(settings->comm) >= COMM_LEN)
		return fail(EXIT_USAGE, "--comm %s: names of tasks have at most %d characters", settings->comm,
			    COMM_LEN - 1);
	return EXIT_DONE;
}

void options_default(const struct tool *tool, struct settings *settings)
{
	settings->interval_ns = tool->interval * SECOND;
	settings->sort = tool->sort;
	settings->limit = tool->limit;
	settings->functions = tool->functions;
	settings->buffer_size = EVENT_BUFFER;
}

int options_parse(const struct tool *tool, int argc, char **argv, const struct choices *choices)
{
	struct settings *settings = choices->settings;
	struct option_rows rows;
	int err;

	options_of(tool, &rows);
	options_default(tool, settings);
	settings->limit = 0;
	if (!tool->unfiltered)
		argc = cut_command(argc, argv, settings);
	err = parse_all(tool, argc, argv, choices, &rows);
	if (err)
		return err;
	if (!settings->limit && settings->format == FORMAT_TABLE)
		settings->limit = tool->limit;
	return check_settings(settings);
}
