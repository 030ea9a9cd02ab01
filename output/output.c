// SPDX-License-Identifier: GPL-2.0-only
/* output.c - opens an output, hands rows to its renderer, writes what they have become */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
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

void output_header(struct output *out)
{
	if (out->renderer->header && !out->spec->no_header)
		out->renderer->header(out);
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
	if (out->renderer->lost)
		out->renderer->lost(out, cause, count);
}

void output_object(struct output *out, const char *json)
{
	if (out->renderer->object)
		out->renderer->object(out, json);
}

/* All of it, however little the other end takes at a time. */
static int write_all(int fd, const char *data, size_t size)
{
	struct pollfd writable = { .fd = fd, .events = POLLOUT };

	while (size) {
		ssize_t written = write(fd, data, size);

		if (written >= 0) {
			data += written;
			size -= written;
		} else if (errno == EAGAIN) {	/* someone made the terminal non-blocking */
			poll(&writable, 1, -1);
		} else if (errno != EINTR) {
			return -errno;
		}
	}
	return 0;
}

int output_flush(struct output *out)
{
	struct text *text = &out->text;
	int err = text->failed ? -ENOMEM : write_all(out->spec->fd, text->data, text->size);

	text_clear(text);
	return err;
}

u64 output_rows(const struct output *out)
{
	return out->rows;
}

void output_close(struct output *out)
{
	if (!out)
		return;
	free(out->shown);
	text_free(&out->text);
	text_free(&out->scratch);
	text_free(&out->json_names);
	free(out->json_keys);
	free(out);
}
