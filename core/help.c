// SPDX-License-Identifier: GPL-2.0-only
/* help.c - what `bpftk help TOOL` shows: the tool's own tables, and those that core adds. */
#include <stdio.h>
#include <string.h>
#include "options.h"
#include "tool.h"

/* text, broken between words so that lines fit a terminal; its own line ends stay. */
static void help_text(const char *text)
{
	enum { WIDTH = 79 };
	int column = 0;

	while (*text) {
		int word = strcspn(text, " \n");

		if (column && column + 1 + word > WIDTH)
			putchar('\n'), column = 0;
		column += printf("%s%.*s", column ? " " : "", word, text);
		text += word;
		if (*text == '\n')
			putchar('\n'), column = 0;
		text += !!*text;
	}
	putchar('\n');
}

static void help_row(const char *left, const struct option_row *row)
{
	printf("  %-28s %s", left, row->help);
	if (row->most)
		printf(", %llu to %llu", row->least, row->most);
	if (row->alias)
		printf("; also --%s", row->alias);
	putchar('\n');
}

/* "[interval [count]]" */
static void help_usage(const struct tool *tool)
{
	int count = 0;

	printf("Usage: bpftk %s [options]", tool->name);
	for (const struct option_row *row = arguments_of(tool); row->name; row++, count++)
		printf(" [%s", row->name);
	while (count--)
		putchar(']');
	putchar('\n');
}

static void help_arguments(const struct tool *tool)
{
	const struct option_row *row = arguments_of(tool);

	if (row->name)
		printf("\nArguments:\n");
	for (; row->name; row++)
		help_row(row->name, row);
}

static void help_rows(const struct option_rows *rows)
{
	for (int i = 0; i < rows->count; i++) {
		const struct option_row *row = rows->row[i];
		char left[64];

		snprintf(left, sizeof(left), "%c%c%c --%s%s%s", row->letter ? '-' : ' ', row->letter ? row->letter : ' ',
			 row->letter ? ',' : ' ', row->name, row->argument ? " " : "",
			 row->argument ? row->argument : "");
		help_row(left, row);
	}
}

void options_help(const struct tool *tool)
{
	struct option_rows rows;

	options_of(tool, &rows);
	printf("%s - %s\n\n", tool->name, tool->summary);
	help_usage(tool);
	if (tool->help) {
		putchar('\n');
		help_text(tool->help);
	}
	if (tool->unseen) {
		char unseen[512];

		snprintf(unseen, sizeof(unseen), "\nNot seen: %s.", tool->unseen);
		help_text(unseen);
	}
	help_arguments(tool);
	printf("\nOptions:\n");
	help_rows(&rows);
	if (!tool->unfiltered)
		printf("  %-28s %s\n", "    --exec COMMAND...", "start COMMAND, trace only it, end with it");
	printf("\nColumns (*: in tables only if asked for):\n");
	for (const struct column *column = tool->columns; column->key; column++)
		if (column->kind != KIND_CLOCK)
			printf("  %s%-*s %s\n", column->key, 17 - (int)strlen(column->key), column->hidden ? "*" : "",
			       column->help ? column->help : column->heading);
}
