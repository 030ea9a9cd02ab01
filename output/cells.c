// SPDX-License-Identifier: GPL-2.0-only
/* cells.c - what a table shows, for kinds where that is not simply the value */
#include <stdlib.h>
#include "internal.h"

#define NS_PER_SECOND 1000000000ULL
#define SINCE_NS_WIDTH 13	/* "999.999999999"; a narrower KIND_SINCE shows microseconds */

void cell_unsigned(const struct member *member)
{
	text_number(&member->out->text, load_unsigned(member));
}

void cell_pid(const struct member *member)
{
	if (load_unsigned(member) & PID_OUTSIDE)
		text_char(&member->out->text, '-');
	else
		cell_unsigned(member);
}

void cell_signed(const struct member *member)
{
	text_signed(&member->out->text, load_signed(member));
}

void cell_text(const struct member *member)
{
	text_safe(&member->out->text, member->bytes, strnlen(member->bytes, member->column->size));
}

void cell_octal(const struct member *member)
{
	struct text *text = &member->out->text;
	int width = abs(member->column->width);
	size_t start = text->size;

	if (!is_blank(member)) {
		text_digits(text, load_unsigned(member), 8, width);
		return;
	}
	text_string(text, member->column->blank);
	text_align(text, start, -width);
}

/* Per second; below ten with a decimal, so that one event in three seconds is not none. */
void cell_rate(const struct member *member)
{
	const struct output *out = member->out;
	struct text *text = &member->out->text;
	u64 count = load_unsigned(member), interval_ns = out->when.interval_ns;
	unsigned __int128 tenths;

	if (out->spec->counts || !interval_ns) {
		text_number(text, count);
		return;
	}
	tenths = ((unsigned __int128)count * 10 * NS_PER_SECOND + interval_ns / 2) / interval_ns;
	if (tenths >= 100 || tenths % 10 == 0) {
		text_number(text, ((unsigned __int128)count * NS_PER_SECOND + interval_ns / 2) /
				  interval_ns);
		return;
	}
	text_number(text, tenths / 10);
	text_char(text, '.');
	text_number(text, tenths % 10);
}

void cell_kib(const struct member *member)
{
	text_number(&member->out->text, load_unsigned(member) / 1024);
}

void cell_path(const struct member *member)
{
	struct value path;

	if (path_marks(member->bytes) & PATH_UNREADABLE) {
		text_char(&member->out->text, '?');
		return;
	}
	path = join_path(member, true);
	text_safe(&member->out->text, path.bytes, path.size);
}

void cell_flags(const struct member *member)
{
	bool hist = member->out->spec->layout == LAYOUT_HIST;
	u64 bits = load_unsigned(member);

	if (member->column->octal) {
		cell_octal(member);
		return;
	}
	if (!bits && !hist)	/* a cell is never empty; a part of a histogram's key is left out */
		text_char(&member->out->text, '0');
	text_flags(&member->out->text, bits, member->column->names, 0, hist ? '-' : '|');
}

void cell_enum(const struct member *member)
{
	u64 number = load_unsigned(member);
	const char *name = find_name(member->column->names, number);

	if (name)
		text_string(&member->out->text, name);
	else
		text_number(&member->out->text, number);
}

void cell_clock(const struct member *member)
{
	struct output *out = member->out;

	text_clock(&out->text, &out->stamp, out->when.realtime_ns);
}

void cell_since(const struct member *member)
{
	struct output *out = member->out;
	u64 now = load_unsigned(member);

	if (!out->has_since) {
		out->since_ns = now;
		out->has_since = true;
	}
	/* CPUs are read one after the other: a row may be older than the first one. */
	if (now < out->since_ns)
		text_char(&out->text, '-');
	text_seconds(&out->text, now < out->since_ns ? out->since_ns - now : now - out->since_ns,
		     abs(member->column->width) >= SINCE_NS_WIDTH ? 9 : 6);
}

void cell_value(struct text *text, const struct value *value)
{
	struct hist hist;

	switch (value->type) {
	case VALUE_NONE:
		break;
	case VALUE_UNSIGNED:
		text_number(text, value->number);
		break;
	case VALUE_SIGNED:
		text_signed(text, value->signed_number);
		break;
	case VALUE_ADDRESS:
		text_digits(text, value->number, 16, 1);
		break;
	case VALUE_STRING:
		text_safe(text, value->bytes, value->size);
		break;
	case VALUE_FLAGS:
		text_flags(text, value->bits, value->names, 0, '|');
		break;
	case VALUE_HIST:
		hist_copy(&hist, value->hist);
		text_number(text, hist_count(&hist));
		break;
	case VALUE_NULL:
		text_char(text, '?');
		break;
	}
}
