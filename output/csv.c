// SPDX-License-Identifier: GPL-2.0-only
/* csv.c - RFC 4180, one row a line: the members of the JSON object, flat and named alike */
#include <string.h>
#include "internal.h"

/* The fields of a histogram; it takes a line for each of its buckets. */
#define HIST_HEADING "count,total_ns,unit,histogram_low,histogram_high,histogram_count"

static void csv_header(struct output *out)
{
	struct text *text = &out->text;

	text_string(text, out->spec->intervals ? "ts,interval_s" : "ts");
	for (const struct column **shown = out->shown; *shown; shown++) {
		const struct kind_row *kind = &kinds[(*shown)->kind];

		if (!kind->read)
			continue;
		text_char(text, ',');
		text_string(text, (*shown)->kind == KIND_HIST ? HIST_HEADING : (*shown)->key);
		if (!kind->extra)
			continue;
		text_char(text, ',');
		text_string(text, (*shown)->key);
		text_string(text, kind->extra);
	}
	text_char(text, '\n');
}

static bool needs_quotes(const char *field, size_t size)
{
	return size && (field[0] == ' ' || field[size - 1] == ' ' || memchr(field, ',', size) ||
			memchr(field, '"', size));
}

/* Put what was appended since start between quotes, and double those in it. */
static void quote(struct text *text, size_t start)
{
	size_t from = text->size, to, quotes = 2;

	for (size_t i = start; i < from; i++)
		quotes += text->data[i] == '"';
	text_fill(text, '"', quotes);
	if (text->failed)
		return;
	for (to = text->size - 1; from > start; ) {	/* backwards: it grows in place */
		text->data[--to] = text->data[--from];
		if (text->data[to] == '"')
			text->data[--to] = '"';
	}
	text->data[start] = '"';
}

/* Escaped as in a table: a name cannot end the line, nor write to the terminal. */
static void csv_string(struct text *text, const char *bytes, size_t size)
{
	size_t start = text->size;

	text_safe(text, bytes, size);
	if (!text->failed && needs_quotes(text->data + start, text->size - start))
		quote(text, start);
}

static void csv_hist(struct output *out, const void *from, unsigned int slot)
{
	const char *unit = out->spec->unit ? out->spec->unit : "";
	struct text *text = &out->text;
	struct hist hist;

	hist_copy(&hist, from);
	text_number(text, hist_count(&hist));
	text_char(text, ',');
	text_number(text, hist.total_ns);
	text_char(text, ',');
	csv_string(text, unit, strlen(unit));
	text_char(text, ',');
	text_number(text, hist_low(slot));
	text_char(text, ',');
	text_number(text, hist_high(slot));
	text_char(text, ',');
	text_number(text, hist.slots[slot]);
}

static void csv_value(struct output *out, const struct value *value, unsigned int slot)
{
	struct text *text = &out->text;

	text_char(text, ',');
	switch (value->type) {
	case VALUE_NONE:
	case VALUE_NULL:
		break;
	case VALUE_UNSIGNED:
		text_number(text, value->number);
		break;
	case VALUE_SIGNED:
		text_signed(text, value->signed_number);
		break;
	case VALUE_ADDRESS:
		text_string(text, "0x");
		text_digits(text, value->number, 16, 1);
		break;
	case VALUE_STRING:
		csv_string(text, value->bytes, value->size);
		break;
	case VALUE_FLAGS:
		text_flags(text, value->bits, value->names, 0, '|');
		break;
	case VALUE_HIST:
		csv_hist(out, value->hist, slot);
		break;
	}
}

static void csv_line(struct output *out, const struct row *row, unsigned int slot)
{
	const struct parts parts = row_parts(out, row);
	struct text *text = &out->text;

	text_rfc3339(text, &out->stamp, out->when.realtime_ns);
	if (out->spec->intervals) {
		text_char(text, ',');
		text_seconds(text, out->when.interval_ns, 9);
	}
	for (const struct column **shown = out->shown; *shown; shown++) {
		const struct kind_row *kind = &kinds[(*shown)->kind];
		struct member member;
		struct values values;

		if (!kind->read)
			continue;
		if (kind->bare && find_part(&member, out, &parts, *shown)) {
			text_char(text, ',');
			kind->cell(&member);
			continue;
		}
		values = read_values(out, &parts, *shown);
		csv_value(out, &values.plain, slot);
		if (kind->extra)
			csv_value(out, &values.extra, slot);
	}
	text_char(text, '\n');
}

static void csv_row(struct output *out, const struct row *row)
{
	const struct column *column = shown_column(out, KIND_HIST);
	unsigned int slot = 1, last = 0;
	struct member member;
	struct hist hist;

	if (!column) {
		csv_line(out, row, 0);
		return;
	}
	if (!find_member(&member, out, row, column))
		return;
	hist_copy(&hist, member.bytes);
	for (hist_bounds(&hist, &slot, &last); slot <= last; slot++)
		csv_line(out, row, slot);
}

static void csv_interval(struct output *out, const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		csv_row(out, &rows[i]);
}

const struct renderer csv_renderer = {
	.header = csv_header, .row = csv_row, .interval = csv_interval,
};
