// SPDX-License-Identifier: GPL-2.0-only
/* select.c - which columns are shown (--columns), which rows (--limit), in which order (--sort) */
#define _GNU_SOURCE 1	/* qsort_r */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "internal.h"

static const struct column *find_column(const struct column *columns, const char *key, size_t size)
{
	for (; columns->key; columns++)
		if (strlen(columns->key) == size && !memcmp(columns->key, key, size))
			return columns;
	return NULL;
}

/* "bpftk TOOL: WHAT 'KEY'; there are: ...": what the user wrote is not to be believed either. */
static int refuse(const struct output_spec *spec, const char *what, const char *key, size_t size,
		  const char *more)
{
	struct text safe = {};

	text_safe(&safe, key, size);
	fprintf(stderr, "bpftk %s: %s '%.*s'; there are: ", spec->tool, what, (int)safe.size,
		safe.data);
	for (const struct column *column = spec->columns; column->key; column++)
		fprintf(stderr, "%s%s", column == spec->columns ? "" : ", ", column->key);
	fprintf(stderr, "%s\n", more);
	text_free(&safe);
	return -EINVAL;
}

const struct column *shown_column(const struct output *out, enum kind kind)
{
	for (const struct column **shown = out->shown; *shown; shown++)
		if ((*shown)->kind == kind)
			return *shown;
	return NULL;
}

const struct column *hist_column(const struct output *out)
{
	for (const struct column *column = out->spec->columns; column->key; column++)
		if (column->kind == KIND_HIST)
			return column;
	return NULL;
}

static bool is_shown(const struct output *out, const struct column *column)
{
	for (const struct column **shown = out->shown; *shown; shown++)
		if (*shown == column)
			return true;
	return false;
}

static int select_wanted(struct output *out)
{
	const struct output_spec *spec = out->spec;
	const struct column **shown = out->shown;
	const char *key = spec->wanted;

	for (;; key++) {
		size_t size = strcspn(key, ",");
		const struct column *column = find_column(spec->columns, key, size);

		if (!column)
			return refuse(spec, "no column", key, size, "");
		if (is_shown(out, column))
			return refuse(spec, "wanted twice:", key, size, "");
		*shown++ = column;
		key += size;
		if (!*key)
			return 0;
	}
}

size_t output_key_size(const struct column *columns)
{
	size_t size = 0, least = 0;

	for (; columns->key; columns++) {
		size_t end = columns->offset + columns->size;

		if (!columns->in_key)
			continue;
		if (!least || end < least)
			least = end;
		if (end > size && !(columns->on_request && columns->hidden))
			size = end;
	}
	return size ? size : least;
}

int select_columns(struct output *out)
{
	const struct output_spec *spec = out->spec;
	const struct column **shown;
	size_t count = 0;

	while (spec->columns[count].key)
		count++;
	out->shown = calloc(count + 1, sizeof(*out->shown));
	if (!out->shown)
		return -ENOMEM;
	out->key_size = output_key_size(spec->columns);
	if (spec->wanted)
		return select_wanted(out);

	shown = out->shown;
	for (const struct column *column = spec->columns; column->key; column++)
		if (!column->hidden || spec->format != FORMAT_TABLE)
			*shown++ = column;
	return 0;
}

static bool has_total(const struct column *columns)
{
	for (; columns->key; columns++)
		if (columns->in_total)
			return true;
	return false;
}

int select_order(struct output *out)
{
	const struct output_spec *spec = out->spec;
	bool total = has_total(spec->columns);
	const char *key = spec->sort;

	if (!key)
		return 0;
	if (*key == '+') {
		out->ascending = true;
		key++;
	}
	out->sort_by = find_column(spec->columns, key, strlen(key));
	if (!out->sort_by) {
		out->sort_all = total && !strcmp(key, "all");
		return out->sort_all ? 0 : refuse(spec, "no column", key, strlen(key),
						  total ? ", all" : "");
	}
	if (!kinds[out->sort_by->kind].compare)
		return refuse(spec, "rows do not sort by", key, strlen(key), "");
	out->ascending |= kinds[out->sort_by->kind].ascending;
	return 0;
}

static int compare_column(struct output *out, const struct column *column, const struct row *a,
			  const struct row *b)
{
	struct member left, right;
	bool has_left = find_member(&left, out, a, column);
	bool has_right = find_member(&right, out, b, column);

	if (!has_left || !has_right || !kinds[column->kind].compare)
		return has_left - has_right;
	return kinds[column->kind].compare(&left, &right);
}

/* Keys are all different, so this puts rows that are else equal in the same order every time. */
static int compare_keys(struct output *out, const struct row *a, const struct row *b)
{
	int order = 0;

	for (const struct column *column = out->spec->columns; column->key && !order; column++)
		if (column->in_key)
			order = compare_column(out, column, a, b);
	return order;
}

static u64 row_total(struct output *out, const struct row *row)
{
	struct member member;
	u64 total = 0;

	for (const struct column *column = out->spec->columns; column->key; column++)
		if (column->in_total && find_member(&member, out, row, column))
			total += load_unsigned(&member);
	return total;
}

static int compare_rows(const void *a, const void *b, void *context)
{
	struct output *out = context;
	int order = 0;

	if (out->sort_all) {
		u64 left = row_total(out, a), right = row_total(out, b);

		order = (left > right) - (left < right);
	} else if (out->sort_by) {
		order = compare_column(out, out->sort_by, a, b);
	}
	if (order)
		return out->ascending ? order : -order;
	return compare_keys(out, a, b);
}

/* In a table an operation that did not happen is no block. */
static size_t drop_empty(struct output *out, struct row *rows, size_t count)
{
	const struct column *column = hist_column(out);
	struct member member;
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		if (column && find_member(&member, out, &rows[i], column) &&
		    hist_count(member.bytes))
			rows[kept++] = rows[i];
	return kept;
}

size_t select_rows(struct output *out, struct row *rows, size_t count)
{
	const struct output_spec *spec = out->spec;
	bool hist = spec->layout == LAYOUT_HIST;

	if (hist && spec->format == FORMAT_TABLE)
		count = drop_empty(out, rows, count);
	if (count && (spec->sort || hist))
		qsort_r(rows, count, sizeof(*rows), compare_rows, out);
	out->left_out = spec->limit && count > spec->limit ? count - spec->limit : 0;
	return count - out->left_out;
}
