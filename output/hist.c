// SPDX-License-Identifier: GPL-2.0-only
/*
 * hist.c - LAYOUT_HIST: power-of-two histograms, byte for byte as BCC's python tools print them
 * (_print_log2_hist() in src/python/bcc/table.py), which eyes and scripts know.
 */
#include <string.h>
#include "internal.h"

#define SLOTS_NARROW 32	/* slots whose bounds have ten digits */

struct shape {
	size_t indent;
	int label, bound;
	unsigned int stars;
};

static const struct shape narrow = { 5, 19, 10, 40 }, broad = { 15, 29, 20, 20 };

static void cell(struct text *text, u64 number, int width)
{
	size_t start = text->size;

	text_number(text, number);
	text_align(text, start, width);
}

static void block_row(struct text *text, const struct shape *shape, unsigned int slot, u64 count,
		      u64 most)
{
	unsigned int stars = (unsigned __int128)count * shape->stars / most;

	cell(text, hist_low(slot), shape->bound);
	text_string(text, " -> ");
	cell(text, hist_high(slot), -shape->bound);
	text_string(text, " : ");
	cell(text, count, -8);
	text_string(text, " |");
	text_fill(text, '*', stars);
	text_fill(text, ' ', shape->stars - stars);
	text_string(text, "|\n");
}

/* From zero to the last slot in use, empty ones too. */
static void block(struct text *text, const struct hist *hist, const char *unit)
{
	const struct shape *shape;
	unsigned int first = 0, last = 0;
	size_t start;
	u64 most = 0;

	if (!hist_bounds(hist, &first, &last))
		return;
	shape = last < SLOTS_NARROW ? &narrow : &broad;
	for (unsigned int slot = first; slot <= last; slot++)
		if (hist->slots[slot] > most)
			most = hist->slots[slot];

	text_fill(text, ' ', shape->indent);
	start = text->size;
	text_string(text, unit);
	text_align(text, start, -shape->label);
	text_string(text, " : count     distribution\n");
	for (unsigned int slot = 0; slot <= last; slot++)
		block_row(text, shape, slot, hist->slots[slot], most);
}

static void summary(struct text *text, const struct hist *hist, const char *unit)
{
	u64 unit_ns = !strcmp(unit, "msecs") ? 1000000 : !strcmp(unit, "usecs") ? 1000 : 1;
	u64 count = hist_count(hist);

	text_string(text, "\navg = ");
	text_number(text, hist->total_ns / count / unit_ns);
	text_char(text, ' ');
	text_string(text, unit);
	text_string(text, ", total: ");
	text_number(text, hist->total_ns / unit_ns);
	text_char(text, ' ');
	text_string(text, unit);
	text_string(text, ", count: ");
	text_number(text, count);
	text_string(text, "\n\n");
}

/*
 * "\ndisk = vda, operation = Read\n". Neighbours of the same heading are one value in two
 * columns: "flags = Sync-Write"; what is empty in it (no flags) is left out.
 */
static void keys(struct output *out, const struct row *row)
{
	const struct parts parts = row_parts(out, row);
	struct text *text = &out->text;
	const char *heading = NULL;
	size_t start = 0, end, before;

	for (const struct column **shown = out->shown; *shown; shown++) {
		if (!(*shown)->in_key)
			continue;
		end = text->size;
		if (!heading || strcmp(heading, (*shown)->heading)) {
			text_string(text, heading ? ", " : "\n");
			heading = (*shown)->heading;
			text_string(text, heading);
			text_string(text, " = ");
			start = end = text->size;
		} else if (end > start) {
			text_char(text, '-');
		}
		before = text->size;
		row_cell(out, &parts, *shown);
		if (text->size == before)
			text->size = end;
	}
	if (heading)
		text_char(text, '\n');
}

static void clock_line(struct output *out)
{
	const struct column *column = out->spec->columns;

	while (column->key && column->kind != KIND_CLOCK)
		column++;
	text_clock(&out->text, &out->stamp, out->when.realtime_ns);
	if (column->key && column->suffix)
		text_string(&out->text, column->suffix);
	text_char(&out->text, '\n');
}

static void hist_row(struct output *out, const struct row *row)
{
	const char *unit = out->spec->unit ? out->spec->unit : "";
	struct member member;
	struct hist hist;

	if (!find_member(&member, out, row, hist_column(out)))
		return;
	hist_copy(&hist, member.bytes);
	keys(out, row);
	if (shown_column(out, KIND_HIST))
		block(&out->text, &hist, unit);
	if (shown_column(out, KIND_SUMMARY))
		summary(&out->text, &hist, unit);
}

static void hist_interval(struct output *out, const struct row *rows, size_t count)
{
	text_char(&out->text, '\n');
	if (out->spec->clock)
		clock_line(out);
	for (size_t i = 0; i < count; i++)
		hist_row(out, &rows[i]);
	table_left_out(out);
}

const struct renderer hist_renderer = { .interval = hist_interval };
