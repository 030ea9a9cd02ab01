// SPDX-License-Identifier: GPL-2.0-only
/* help.c - what `bpftk help TOOL` shows: the tool's own tables, and those that core adds. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "clock.h"
#include "options.h"
#include "tool.h"

/* Broken between words so that lines fit a terminal, and go on at indent; its own line ends stay. */
static void help_words(const char *text, int indent)
{
	enum { WIDTH = 79 };
	int column = indent;

	while (*text) {
		int word = strcspn(text, " \n");

		if (column > indent && column + 1 + word > WIDTH)
			printf("\n%*s", indent, ""), column = indent;
		column += printf("%s%.*s", column > indent ? " " : "", word, text);
		text += word;
		if (*text == '\n')
			printf("\n%*s", indent, ""), column = indent;
		text += !!*text;
	}
	putchar('\n');
}

/* As it is typed: "1", "all", "256K". False: there is none. */
static bool default_text(char text[64], const struct option_row *row, const struct settings *settings)
{
	const void *value = (const char *)settings + row->offset;
	u32 number = row->in_settings ? *(const u32 *)value : 0;

	text[0] = '\0';
	if (!row->in_settings || !row->parse)
		return false;
	if (row->parse == parse_text || row->parse == parse_regex)
		snprintf(text, 64, "%s", *(const char *const *)value ? *(const char *const *)value : "");
	else if (row->parse == parse_seconds && *(const u64 *)value)
		snprintf(text, 64, "%g", *(const u64 *)value / (double)SECOND);
	else if (row->parse == parse_size && number)
		snprintf(text, 64, "%uK", number / 1024);
	else if (row->parse == parse_pages)
		snprintf(text, 64, "%u", number / (u32)sysconf(_SC_PAGESIZE));
	else if (row->parse == parse_u32 && number)
		snprintf(text, 64, "%u", number);
	else if (row->none)
		snprintf(text, 64, "%s", row->none);
	return text[0];
}

static void help_row(const char *left, const struct option_row *row, const struct settings *defaults)
{
	char text[strlen(row->help) + 256], value[64];
	size_t size = snprintf(text, sizeof(text), "%s", row->help);

	if (row->most)
		size += snprintf(text + size, sizeof(text) - size, ", %llu to %llu", row->least, row->most);
	if (default_text(value, row, defaults))
		size += snprintf(text + size, sizeof(text) - size, "; default: %s", value);
	if (row->alias)
		snprintf(text + size, sizeof(text) - size, "; also --%s", row->alias);
	printf("  %-28s ", left);
	help_words(text, 31);
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

static void help_arguments(const struct tool *tool, const struct settings *defaults)
{
	const struct option_row *row = arguments_of(tool);

	if (row->name)
		printf("\nArguments:\n");
	for (; row->name; row++)
		help_row(row->name, row, defaults);
}

static void help_rows(const struct option_rows *rows, const struct settings *defaults)
{
	for (int i = 0; i < rows->count; i++) {
		const struct option_row *row = rows->row[i];
		char left[64];

		snprintf(left, sizeof(left), "%c%c%c --%s%s%s", row->letter ? '-' : ' ', row->letter ? row->letter : ' ',
			 row->letter ? ',' : ' ', row->name, row->argument ? " " : "",
			 row->argument ? row->argument : "");
		help_row(left, row, defaults);
	}
}

void options_help(const struct tool *tool)
{
	struct settings defaults = {};
	struct option_rows rows;

	options_of(tool, &rows);
	options_default(tool, &defaults);
	printf("%s - %s\n\n", tool->name, tool->summary);
	help_usage(tool);
	if (tool->help) {
		putchar('\n');
		help_words(tool->help, 0);
	}
	if (tool->unseen) {
		char unseen[strlen(tool->unseen) + 16];

		snprintf(unseen, sizeof(unseen), "\nNot seen: %s.", tool->unseen);
		help_words(unseen, 0);
	}
	help_arguments(tool, &defaults);
	printf("\nOptions:\n");
	help_rows(&rows, &defaults);
	if (!tool->unfiltered)
		printf("  %-28s %s\n", "    --exec COMMAND...", "start COMMAND, trace only it, end with it");
	printf("\nColumns (*: in tables only if asked for):\n");
	for (const struct column *column = tool->columns; column->key; column++)
		if (column->kind != KIND_CLOCK)
			printf("  %s%-*s %s\n", column->key, 17 - (int)strlen(column->key), column->hidden ? "*" : "",
			       column->help ? column->help : column->heading);
}
