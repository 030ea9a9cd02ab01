// SPDX-License-Identifier: GPL-2.0-only
/* output.c - opens an output, hands rows to its renderer, writes what they have become */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "internal.h"

static const struct renderer *const tables[] = {
	[LAYOUT_LINES]	= &lines_renderer,
	[LAYOUT_TOP]	= &screen_renderer,
	[LAYOUT_HIST]	= &hist_renderer,
	[LAYOUT_FINAL]	= &final_renderer,
};

static const struct renderer *pick(const struct output_spec *spec)
{
	switch (spec->format) {
	case FORMAT_JSON:	return &json_renderer;
	case FORMAT_CSV:	return &csv_renderer;
	case FORMAT_TABLE:	break;
	}
	return tables[spec->layout];
}

static int no_memory(const struct output_spec *spec)
{
	fprintf(stderr, "bpftk %s: output: %s\n", spec->tool, strerror(ENOMEM));
	return -ENOMEM;
}

int output_open(struct output **out, const struct output_spec *spec)
{
	struct output *new = calloc(1, sizeof(*new));
	int err;

	*out = NULL;
	if (!new)
		return no_memory(spec);
	new->spec = spec;
	sink_open(&new->sink, spec->fd);
	new->renderer = pick(spec);
	err = select_columns(new);
	if (!err)
		err = select_order(new);
	if (!err && new->renderer->open)
		err = new->renderer->open(new);
	if (err) {
		output_close(new);
		return err == -ENOMEM ? no_memory(spec) : err;
	}
	*out = new;
	return 0;
}

/* What was just put at the end of the text is no row. */
static void note_other(struct output *out)
{
	if (out->other_count < OTHERS)
		out->others[out->other_count++] = out->text.size;
}

void output_header(struct output *out)
{
	if (!out->renderer->header || out->spec->no_header)
		return;
	out->renderer->header(out);
	note_other(out);
}

void output_row(struct output *out, const struct row *row, const struct moment *when)
{
	out->when = *when;
	if (out->renderer->row)
		out->renderer->row(out, row);
	out->rows++;
}

size_t output_interval(struct output *out, struct row *rows, size_t count,
		       const struct moment *when)
{
	size_t selected = select_rows(out, rows, count);

	out->when = *when;
	out->renderer->interval(out, rows, selected);
	out->rows += selected;
	return out->spec->format == FORMAT_TABLE ? out->left_out : 0;
}

void output_lost(struct output *out, const char *cause, u64 count, const struct moment *when)
{
	out->when = *when;
	if (!out->renderer->lost)
		return;
	out->renderer->lost(out, cause, count);
	note_other(out);
}

void output_object(struct output *out, const char *json)
{
	if (!out->renderer->object)
		return;
	out->renderer->object(out, json);
	note_other(out);
}

/* Rows of which the end is not written. Where a row takes several lines, or none, an interval counts as a whole. */
static u64 rows_left(const struct output *out)
{
	const struct text *text = &out->text;
	u64 lines = 0, rows = out->rows - out->rows_written;

	for (size_t i = out->written; i < text->size; i++)
		lines += text->data[i] == '\n';
	for (int i = 0; i < out->other_count; i++)
		lines -= out->others[i] > out->written;
	return lines < rows ? lines : rows;
}

int output_flush(struct output *out)
{
	struct text *text = &out->text;
	ssize_t written = text->failed ? -ENOMEM : 0;

	while (written >= 0 && !out->given_up && out->written < text->size) {
		written = sink_write(&out->sink, text->data + out->written, text->size - out->written);
		if (written == -EAGAIN)
			return written;
		if (written > 0)
			out->written += written;
	}
	if (out->given_up)
		out->unwritten += rows_left(out);
	text_clear(text);
	out->written = out->other_count = 0;
	out->rows_written = out->rows;
	return written < 0 ? written : 0;
}

bool output_waits(const struct output *out)
{
	return out->written < out->text.size;
}

int output_fd(const struct output *out)
{
	return sink_fd(&out->sink);
}

void output_give_up(struct output *out)
{
	out->given_up = true;
	output_flush(out);
}

bool output_given_up(const struct output *out)
{
	return out->given_up;
}

u64 output_unwritten(const struct output *out)
{
	return out->unwritten;
}

u64 output_rows(const struct output *out)
{
	return out->rows;
}

void output_close(struct output *out)
{
	if (!out)
		return;
	sink_close(&out->sink);
	free(out->shown);
	text_free(&out->text);
	text_free(&out->scratch);
	text_free(&out->json_names);
	free(out->json_keys);
	free(out);
}
