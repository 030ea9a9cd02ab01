/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tool.h - what one tool declares. A tool is constant data: everything it does not say here, core decides, and
 * decides alike for all tools.
 */
#pragma once

#include <stddef.h>
#include "column.h"
#include "output.h"
#include "settings.h"
#include "values.h"

/* The two BPF objects made from one probes/SUBJECT/NAME.bpf.c, packed and embedded by the build (probes/lib/probe.c.in). */
enum way { WAY_FENTRY, WAY_KPROBE, WAYS };

struct probe {
	const char *name;
	const char *begin[WAYS], *end[WAYS];
};

/*
 * One option. parse() reads text (NULL for a switch) into dst, which lies at offset in the tool's constants or, with
 * in_settings, in core's struct settings; it returns NULL or what is wrong ("not a number").
 */
struct option_row {
	char letter;		/* 0: none */
	const char *name;	/* long name */
	const char *argument;	/* NULL: a switch */
	const char *help;
	const char *(*parse)(const char *text, void *dst, const struct option_row *row);
	u64 least, most;	/* what parse_u32() and parse_u64() let through; most 0: all from 1 on */
	u16 offset;
	bool in_settings;
	u32 value;		/* what a switch sets */
	const struct name *names;	/* for parse_flag_test() */
	const char *excludes;	/* another option of the tool that makes no sense beside this one */
	const char *show, *hide;	/* columns this makes visible, or hides, in tables: keys parted by commas */
	const char *none;	/* what it is by default where its default is 0, for help */
	const char *common;	/* this only gives a letter (and with .alias another name) to that common option */
	const char *alias;
};

#define SWITCH(type, member, letter_, name_, help_, ...) \
	{ .letter = letter_, .name = name_, .help = help_, .parse = parse_switch, .value = 1, \
	  .offset = offsetof(type, member), ##__VA_ARGS__ }
#define VALUE(type, member, letter_, name_, argument_, parse_, help_, ...) \
	{ .letter = letter_, .name = name_, .argument = argument_, .help = help_, .parse = parse_, \
	  .offset = offsetof(type, member), ##__VA_ARGS__ }
#define ARGUMENT(type, member, name_, parse_, help_, ...) VALUE(type, member, 0, name_, NULL, parse_, help_, ##__VA_ARGS__)
#define SHOW(letter_, name_, columns_, help_, ...) \
	{ .letter = letter_, .name = name_, .help = help_, .show = columns_, ##__VA_ARGS__ }
#define LETTER(letter_, common_, ...) { .letter = letter_, .common = common_, ##__VA_ARGS__ }

/* Where TARGET_ENTRY(name) and TARGET_EXIT(name) of the probe go (probes/lib/probe.bpf.h). */
struct target {
	const char *name;	/* of the target */
	const char *function;
	bool optional;
	const char *module;	/* where it lives, if that is not the tool's .module */
};

/*
 * Prototypes change: a constant of the tool receives the position (0, 1, ...) of the first parameter of type
 * `struct TYPE *` of a function or, with a btf_trace_ name, of a tracepoint, from the running kernel's BTF.
 */
struct position {
	const char *function, *type;
	u16 offset;
};

struct tool {
	const char *name;
	const char *summary;	/* one line, no full stop */
	const char *help;	/* paragraphs: what the numbers mean */
	const char *unseen;	/* what this tool cannot see, one line; shown by help and --explain, in JSON with --meta */
	const char *banner;	/* one line on stderr once attached, unless --json or --csv; or NULL */
	const struct probe *probe;

	/*
	 * Exactly one: a stream of records (they begin with a u64 time_ns, CLOCK_MONOTONIC), or a map shown every interval:
	 * a PERCPU_ARRAY or PERCPU_HASH whose values consist of u64 counters (struct hist does), or a SWAPPED_HASH. Rows
	 * in which nothing was counted are left out, but for LAYOUT_LINES.
	 */
	bool stream;
	const char *table;

	const struct column *columns;
	enum layout layout;
	const struct option_row *options;	/* ended by an all-zero row; or NULL */
	const struct option_row *arguments;	/* positional, in this order, likewise; NULL: interval and count, of a stream none */
	size_t constants;	/* size of `options` in the probe; 0: it has none */
	const struct target *targets;	/* ended by a NULL name; or NULL */
	const char *module;	/* where the targets usually live */
	const struct position *positions;	/* ended by a NULL function; or NULL */
	const char *requests;	/* this map holds block requests under way: it gets room for all that the disks here can have */
	const char *functions;	/* one body for all functions that match this expression (many.bpf.h) */
	u32 interval;		/* default, in seconds; 0: until the end */
	const char *sort;	/* default */
	u32 limit;		/* default, of tables: JSON and CSV are whole */
	bool clock;		/* LAYOUT_HIST: a time line by default, where there is an interval */
	bool unfiltered;	/* its events belong to no task: --pid and the like make no sense */
};

int run_tool(const struct tool *tool, int argc, char **argv);

#define TOOL(subject, name) extern const struct tool name##_tool;
#include "../cmd/tools.h"
#undef TOOL
