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
void options_help(const struct tool *tool);	/* on stdout */
