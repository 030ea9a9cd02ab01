// SPDX-License-Identifier: GPL-2.0-only
/* test_screen.c - LAYOUT_TOP on a terminal: repainted, cut to its size, never scrolled */
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include "support.h"

static const struct column columns[] = {
	{ .heading = "NAME", .key = "name", .kind = KIND_COMM, .size = 32 }, {}
};

static const struct moment now = { NOW_NS, SECOND_NS };

static const char names[][32] = { "one", "two", "three", "four", "five", "six", "seven" };

static void show(struct output *out, size_t count)
{
	struct row rows[COUNT(names)];

	for (size_t i = 0; i < count; i++)
		rows[i] = (struct row){ .value = names[i], .size = sizeof(names[i]) };
	output_interval(out, rows, count, &now);
}

/* What follows the line of the load average, the one line we cannot know. */
static const char *behind_load(const char *text)
{
	const char *load = strstr(text, "12:34:56 loadavg: ");

	assert_non_null(load);
	return strchr(load, '\n') + 1;
}

static void assert_begins(const char *text, const char *beginning)
{
	if (strncmp(text, beginning, strlen(beginning)))
		fail_msg("does not begin with\n%s\nbut is\n%s", beginning, text);
}

static struct output_spec spec_of(bool clear)
{
	return (struct output_spec){
		.tool = "test", .columns = columns, .layout = LAYOUT_TOP, .clear = clear,
	};
}

/* Two intervals below each other, a blank line between them. */
static void test_plain(void **state)
{
	struct output_spec spec = spec_of(false);
	struct output *out = open_output(&spec);
	const char *second;
	char *text;

	(void)state;
	show(out, 2);
	show(out, 1);
	text = close_output(out, &spec);
	assert_begins(text, "12:34:56 loadavg: ");
	second = strstr(text + 1, "12:34:56");
	assert_non_null(second);
	assert_begins(behind_load(text), "\nNAME\none\ntwo\n\n12:34:56 ");
	assert_string_equal(behind_load(second), "\nNAME\none\n");
	assert_null(strchr(text, '\033'));
	free(text);
}

/* Not a terminal, but told to clear: nothing is cut, since there is no size to cut to. */
static void test_repaint(void **state)
{
	struct output_spec spec = spec_of(true);
	struct output *out = open_output(&spec);
	const char *second;
	char *text;

	(void)state;
	show(out, 7);
	show(out, 1);
	text = close_output(out, &spec);
	assert_begins(text, "\033[H\033[2J12:34:56 loadavg: ");
	second = strstr(text + 1, "\033[H12:34:56");
	assert_non_null(second);
	assert_string_equal(behind_load(second), "\033[K\nNAME\033[K\none\033[K\n\033[J");
	assert_begins(behind_load(text), "\033[K\nNAME\033[K\none\033[K\ntwo\033[K\nthree\033[K\n"
		      "four\033[K\nfive\033[K\nsix\033[K\nseven\033[K\n\033[J");
	free(text);
}

/* A terminal of 7 lines shows 6: the load, a blank line, the heading, two rows and how many there are more. */
static char *show_limited(unsigned short lines, unsigned short width, unsigned int limit)
{
	struct winsize window = { .ws_row = lines, .ws_col = width };
	struct output_spec spec = spec_of(true);
	static char text[4096];
	struct termios mode;
	struct output *out;
	int user, terminal;
	ssize_t size;

	memset(&mode, 0, sizeof(mode));	/* raw: no carriage returns */
	assert_int_equal(openpty(&user, &terminal, NULL, &mode, &window), 0);
	spec.fd = terminal;
	spec.limit = limit;
	assert_int_equal(output_open(&out, &spec), 0);
	show(out, COUNT(names));
	assert_int_equal(output_flush(out), 0);
	output_close(out);
	size = read(user, text, sizeof(text) - 1);
	assert_true(size > 0);
	text[size] = '\0';
	close(terminal);
	close(user);
	return text;
}

static char *show_on_terminal(unsigned short lines, unsigned short width)
{
	return show_limited(lines, width, 0);
}

static void test_height(void **state)
{
	(void)state;
	assert_string_equal(behind_load(show_on_terminal(7, 200)),
			    "\033[K\nNAME\033[K\none\033[K\ntwo\033[K\n... 5 more\033[K\n\033[J");
	/* what --limit leaves out and what has no room, together; it needs its own line */
	assert_string_equal(behind_load(show_limited(7, 200, 3)),
			    "\033[K\nNAME\033[K\none\033[K\ntwo\033[K\n... 5 more\033[K\n\033[J");
	assert_string_equal(behind_load(show_limited(8, 200, 3)),
			    "\033[K\nNAME\033[K\none\033[K\ntwo\033[K\nthree\033[K\n... 4 more\033[K\n\033[J");
	assert_null(strstr(show_on_terminal(11, 200), "more"));
	assert_non_null(strstr(show_on_terminal(10, 200), "... 2 more"));
}

/* What fills a line to the end is not erased behind it: the cursor still stands on its end. What is cut has a mark. */
static void test_width(void **state)
{
	(void)state;
	assert_string_equal(show_on_terminal(12, 4),
			    "\033[H\033[2J12:>\n\033[K\nNAME\none\033[K\ntwo\033[K\nthr>\n"
			    "four\nfive\nsix\033[K\nsev>\n\033[J");
}

static void test_no_size(void **state)
{
	const char *text = behind_load(show_on_terminal(0, 0));

	(void)state;
	assert_non_null(strstr(text, "seven\033[K\n\033[J"));
}

static void test_no_header(void **state)
{
	struct output_spec spec = spec_of(false);
	struct output *out;
	char *text;

	(void)state;
	spec.no_header = true;
	out = open_output(&spec);
	show(out, 1);
	text = close_output(out, &spec);
	assert_string_equal(behind_load(text), "\none\n");
	free(text);
}

/* The layout that shows its rows but once. */
static void test_final(void **state)
{
	struct output_spec spec = spec_of(false);
	struct output *out;
	char *text;

	(void)state;
	spec.layout = LAYOUT_FINAL;
	out = open_output(&spec);
	output_header(out);
	show(out, 2);
	text = close_output(out, &spec);
	assert_string_equal(text, "\nNAME\none\ntwo\n");
	free(text);

	spec.no_header = true;
	out = open_output(&spec);
	output_header(out);
	show(out, 1);
	text = close_output(out, &spec);
	assert_string_equal(text, "one\n");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_repaint),
		cmocka_unit_test(test_height),
		cmocka_unit_test(test_width),
		cmocka_unit_test(test_no_size),
		cmocka_unit_test(test_no_header),
		cmocka_unit_test(test_final),
	};

	return cmocka_run_group_tests(tests, set_time_zone, NULL);
}
