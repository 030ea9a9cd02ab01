// SPDX-License-Identifier: GPL-2.0-only
/* screen.c - LAYOUT_TOP: the rows of an interval, on a terminal always at the same place */
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "internal.h"
#include "safe.h"

/* With its newline, as in BCC: that is where the blank line below comes from. */
static void load_average(struct text *text)
{
	char average[128] = "?\n";
	int fd = open("/proc/loadavg", O_RDONLY | O_CLOEXEC);
	ssize_t size = fd < 0 ? -1 : read(fd, average, sizeof(average));

	if (fd >= 0)
		close(fd);
	text_bytes(text, average, size > 0 ? (size_t)size : strlen(average));
}

/* The last line of the screen stays free, since a newline there would scroll. 0: not a terminal, there is no end. */
static struct winsize room(const struct output *out)
{
	struct winsize window = {};

	if (!out->spec->clear || ioctl(out->spec->fd, TIOCGWINSZ, &window))
		return (struct winsize){};
	window.ws_row -= window.ws_row > 1;
	return window;
}

/* As many rows as there is room for, with the line that says how many more there are. */
static size_t fitting(struct output *out, size_t count, unsigned int lines)
{
	unsigned int above = out->spec->no_header ? 2 : 3;

	if (!lines || above + count + !!out->left_out <= lines)
		return count;
	out->left_out += count;
	count = lines > above + 1 ? lines - above - 1 : 0;
	out->left_out -= count;
	return count;
}

static void draw(struct output *out, const struct row *rows, size_t count)
{
	text_clock(&out->text, &out->stamp, out->when.realtime_ns);
	text_string(&out->text, " loadavg: ");
	load_average(&out->text);
	text_char(&out->text, '\n');
	if (!out->spec->no_header)
		table_heading(out);
	for (size_t i = 0; i < count; i++)
		table_row(out, &rows[i]);
	table_left_out(out);
}

/* As many bytes of a line as fit. full: its last character stands in the last column. */
static size_t cut(const char *line, size_t size, unsigned int width, bool *full)
{
	unsigned int used = 0;
	size_t fits = 0;

	while (fits < size) {
		u32 point = ' ';
		size_t length = utf8_character(line + fits, size - fits, &point);

		if (width && used + point_columns(point) > width)
			break;
		used += point_columns(point);
		fits += length ? length : 1;
	}
	*full = width && used == width;
	return fits;
}

/* A line, or what fits and a mark. True: its last character stands in the last column. */
static bool paint_line(struct text *text, const char *line, size_t size, unsigned int width)
{
	size_t fits;
	bool full;

	fits = cut(line, size, width, &full);
	if (fits < size && width > 1) {
		text_bytes(text, line, cut(line, size, width - 1, &full));
		text_char(text, '>');
	} else {
		text_bytes(text, line, fits);
	}
	return full;
}

/* Overwrite what is there and erase what is left, instead of first erasing all: no flicker. */
static void paint(struct output *out, const char *line, const char *end, struct winsize window)
{
	unsigned int lines = window.ws_row ? window.ws_row : ~0U;
	struct text *text = &out->text;
	const char *stop;

	text_string(text, out->painted ? "\033[H" : "\033[H\033[2J");
	for (; line < end && lines; line = stop + 1, lines--) {
		stop = memchr(line, '\n', end - line);
		/* Behind the last column the cursor still stands on it: this would erase it. */
		if (!paint_line(text, line, stop - line, window.ws_col))
			text_string(text, "\033[K");
		text_char(text, '\n');
	}
	text_string(text, "\033[J");
}

static void screen_interval(struct output *out, const struct row *rows, size_t count)
{
	struct text *text = &out->text, *picture = &out->scratch;
	struct winsize window = room(out);
	size_t start = text->size;

	if (out->painted && !out->spec->clear)
		text_char(text, '\n');
	draw(out, rows, fitting(out, count, window.ws_row));
	if (out->spec->clear && !text->failed) {
		text_clear(picture);
		text_bytes(picture, text->data + start, text->size - start);
		text->size = start;
		text->failed = picture->failed;
	}
	if (out->spec->clear && !text->failed)
		paint(out, picture->data, picture->data + picture->size, window);
	out->painted = true;
}

const struct renderer screen_renderer = { .row = table_row, .interval = screen_interval };
