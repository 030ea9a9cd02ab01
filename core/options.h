/* SPDX-License-Identifier: GPL-2.0-only */
/* options.h - the command line of a tool, from its table and the table of common options. */
#pragma once

#include "tool.h"

/* Where the values go; columns are a copy of the tool's, and end with a NULL key. */
struct choices {
	struct settings *settings;
	void *constants;	/* tool->constants bytes, zero */
	struct column *columns;
};

/* 0, or EXIT_USAGE after a line on stderr. */
int options_parse(const struct tool *tool, int argc, char **argv, const struct choices *choices);
void options_default(const struct tool *tool, struct settings *settings);
void options_help(const struct tool *tool);	/* on stdout */

/* All rows that a tool has, its own first: they may give a common option another letter. */
enum { MAX_OPTIONS = 64 };

struct option_rows {
	const struct option_row *row[MAX_OPTIONS];
	struct option_row relettered[MAX_OPTIONS];
	bool given[MAX_OPTIONS];
	int count;
};

void options_of(const struct tool *tool, struct option_rows *rows);
const struct option_row *arguments_of(const struct tool *tool);	/* positional; ended by an all-zero row, never NULL */
