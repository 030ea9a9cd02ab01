// SPDX-License-Identifier: GPL-2.0-only
/* table.c - rows below a heading: as they come (LAYOUT_LINES), or each interval (LAYOUT_FINAL) */
#include <string.h>
#include "internal.h"

/* "READ/s" is "READ" when counts are shown. */
static size_t heading_size(const struct output *out, const struct column *column)
{
	size_t size = strlen(column->heading);
	bool per_second = size > 2 && !strcmp(column->heading + size - 2, "/s");

	return column->kind == KIND_RATE && out->spec->counts && per_second ? size - 2 : size;
}

void table_heading(struct output *out)
{
	struct text *text = &out->text;

	for (const struct column **shown = out->shown; *shown; shown++) {
		size_t start;

		if (shown != out->shown)
			text_char(text, ' ');
		start = text->size;
		text_bytes(text, (*shown)->heading, heading_size(out, *shown));
		text_align(text, start, (*shown)->width);
	}
	text_char(text, '\n');
}

void table_row(struct output *out, const struct row *row)
{
	const struct parts parts = row_parts(out, row);
	struct text *text = &out->text;

	for (const struct column **shown = out->shown, *column; (column = *shown); shown++) {
		size_t start = text->size;

		row_cell(out, &parts, column);
		if (column->suffix)
			text_string(text, column->suffix);
		text_align(text, start, column->width);
		text_char(text, shown[1] ? ' ' : '\n');
	}
}

void table_left_out(struct output *out)
{
	if (!out->left_out || (out->spec->no_header && !out->spec->clear))
		return;
	text_string(&out->text, "... ");
	text_number(&out->text, out->left_out);
	text_string(&out->text, " more\n");
	out->left_out = 0;
}

static void lines_interval(struct output *out, const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		table_row(out, &rows[i]);
	table_left_out(out);
}

static void final_interval(struct output *out, const struct row *rows, size_t count)
{
	if (!out->spec->no_header) {
		text_char(&out->text, '\n');
		table_heading(out);
	}
	lines_interval(out, rows, count);
}

const struct renderer lines_renderer = {
	.header = table_heading, .row = table_row, .interval = lines_interval,
};

const struct renderer final_renderer = { .row = table_row, .interval = final_interval };
