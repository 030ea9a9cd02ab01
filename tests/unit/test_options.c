// SPDX-License-Identifier: GPL-2.0-only
/* test_options.c - arguments and options that a tool declares: what is let through, what is said, what help shows */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "fail.h"	/* before cmocka, which has a fail() of its own */
#include "options.h"
#include "support.h"
#include "tool.h"

struct constants {
	u64 least_ms;
	const char *pattern;
	u32 depth;
};

static const struct option_row arguments[] = {
	ARGUMENT(struct constants, least_ms, "min_ms", parse_u64, "only what took longer", .least = 0, .most = 60000),
	ARGUMENT(struct constants, pattern, "pattern", parse_regex, "only names that match"),
	{}
};

static const struct option_row options[] = {
	VALUE(struct constants, depth, 'k', "depth", "N", parse_u32, "directories deep", .least = 1, .most = 16),
	{}
};

static const struct column columns[] = { { .heading = "N", .key = "n", .help = "number" }, {} };

static const struct tool pointed = { .name = "pointed", .summary = "Has arguments", .columns = columns,
				     .options = options, .arguments = arguments, .constants = sizeof(struct constants) };
static const struct tool table = { .name = "table", .summary = "Has an interval", .columns = columns, .interval = 1 };
static const struct tool stream = { .name = "stream", .summary = "Has none", .columns = columns, .stream = true };

struct parsed {
	struct settings settings;
	struct constants constants;
	int code;
	char said[256];		/* on stderr */
};

/* A file in place of a descriptor while something is said there. */
static int divert(int fd, FILE *file)
{
	int kept = dup(fd);

	assert_true(kept >= 0 && dup2(fileno(file), fd) == fd);
	return kept;
}

static void restore(int fd, int kept)
{
	assert_int_equal(dup2(kept, fd), fd);
	close(kept);
}

static struct parsed parse(const struct tool *tool, char **argv)
{
	struct parsed parsed = {};
	struct column shown[2] = { columns[0] };
	struct choices choices = { .settings = &parsed.settings, .constants = (char *)&parsed.constants, .columns = shown };
	FILE *file = tmpfile();
	int argc = 0, kept;

	while (argv[argc])
		argc++;
	assert_non_null(file);
	kept = divert(STDERR_FILENO, file);
	parsed.code = options_parse(tool, argc, argv, &choices);
	restore(STDERR_FILENO, kept);
	rewind(file);
	parsed.said[fread(parsed.said, 1, sizeof(parsed.said) - 1, file)] = '\0';
	fclose(file);
	return parsed;
}

#define PARSE(tool, ...) parse(tool, (char *[]){ "tool", ##__VA_ARGS__, NULL })

static void test_declared(void **state)
{
	struct parsed parsed = PARSE(&pointed, "250", "^vfs_", "-k", "3");

	(void)state;
	assert_int_equal(parsed.code, EXIT_DONE);
	assert_int_equal(parsed.constants.least_ms, 250);
	assert_string_equal(parsed.constants.pattern, "^vfs_");
	assert_int_equal(parsed.constants.depth, 3);
	parsed = PARSE(&pointed, "0");
	assert_int_equal(parsed.code, EXIT_DONE);
	assert_int_equal(parsed.constants.least_ms, 0);
	assert_null(parsed.constants.pattern);
}

static void test_fractions(void **state)
{
	struct parsed parsed = PARSE(&table, "0.5", "7");

	(void)state;
	assert_int_equal(parsed.code, EXIT_DONE);
	assert_int_equal(parsed.settings.interval_ns, 500000000);
	assert_int_equal(parsed.settings.count, 7);
	parsed = PARSE(&table, "--interval", ".2", "--duration", "1.000000001");
	assert_int_equal(parsed.settings.interval_ns, 200000000);
	assert_int_equal(parsed.settings.duration_ns, 1000000001);
	assert_int_equal(PARSE(&table).settings.interval_ns, 1000000000);
	assert_int_equal(PARSE(&table, "0.001").settings.interval_ns, 1000000);
	assert_int_equal(PARSE(&table, "31622400").settings.interval_ns, 31622400000000000);
}

static void refused(struct parsed parsed, const char *said)
{
	char line[256];

	assert_int_equal(parsed.code, EXIT_USAGE);
	snprintf(line, sizeof(line), "%s\n", said);
	assert_non_null(strstr(parsed.said, line));
	assert_ptr_equal(strchr(parsed.said, '\n'), parsed.said + strlen(parsed.said) - 1);	/* one line */
}

static void test_refused(void **state)
{
	(void)state;
	refused(PARSE(&pointed, "60001"), "min_ms 60001: must be between 0 and 60000");
	refused(PARSE(&pointed, "-k", "17"), "--depth 17: must be between 1 and 16");
	refused(PARSE(&pointed, "-k", "0"), "--depth 0: must be between 1 and 16");
	refused(PARSE(&pointed, "many"), "min_ms many: not a number");
	refused(PARSE(&pointed, "1", "("), "pattern (: not a regular expression");
	refused(PARSE(&pointed, "1", "a", "b"), "unexpected argument 'b'");
	refused(PARSE(&stream, "1"), "unexpected argument '1'");
	refused(PARSE(&table, "1", "0"), "count 0: must be 1 or more");
	refused(PARSE(&table, "0"), "interval 0: must be 0.001 or more");
	refused(PARSE(&table, "0.0009"), "interval 0.0009: must be 0.001 or more");
	refused(PARSE(&table, "31622401"), "interval 31622401: too large");
	for (char **text = (char *[]){ ".", "1.2.3", "inf", "nan", "0x1", "1e3", "1x", "", " 1", "+1", NULL }; *text; text++) {
		char said[64];

		snprintf(said, sizeof(said), "interval %s: not a number of seconds", *text);
		refused(PARSE(&table, *text), said);
	}
}

/* The tool's own limit is for eyes; what a machine reads is whole. */
static void test_limit(void **state)
{
	static const struct tool top = { .name = "top", .columns = columns, .limit = 20 };

	(void)state;
	assert_int_equal(PARSE(&top).settings.limit, 20);
	assert_int_equal(PARSE(&top, "--json").settings.limit, 0);
	assert_int_equal(PARSE(&top, "--csv").settings.limit, 0);
	assert_int_equal(PARSE(&top, "--csv", "--limit", "20").settings.limit, 20);
	assert_int_equal(PARSE(&top, "--limit", "7", "--json").settings.limit, 7);
	assert_int_equal(PARSE(&top, "--limit", "70").settings.limit, 70);
	assert_int_equal(PARSE(&table, "--json").settings.limit, 0);
}

static void helps(const struct tool *tool, const char *const *lines)
{
	FILE *file = tmpfile();
	char text[8192];
	int kept;

	assert_non_null(file);
	fflush(stdout);
	kept = divert(STDOUT_FILENO, file);
	options_help(tool);
	fflush(stdout);
	restore(STDOUT_FILENO, kept);
	rewind(file);
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	for (; *lines; lines++)
		if (!strstr(text, *lines))
			fail_msg("no '%s' in\n%s", *lines, text);
}

static void test_help(void **state)
{
	static const struct tool top = { .name = "top", .summary = "Has a limit", .columns = columns, .limit = 20, .sort = "n" };

	(void)state;
	helps(&pointed, (const char *[]){ "Usage: bpftk pointed [options] [min_ms [pattern]]\n",
	      "Arguments:\n  min_ms                       only what took longer, 0 to 60000\n",
	      "  -k, --depth N                directories deep, 1 to 16\n", NULL });
	helps(&table, (const char *[]){ "Usage: bpftk table [options] [interval [count]]\n",
	      "  interval                     seconds between two outputs; default: 1\n",
	      "JSON and CSV have all\n                               unless this is given; default: all\n", NULL });
	helps(&stream, (const char *[]){ "Usage: bpftk stream [options]\n\nOptions:\n",
	      " of the event buffer; suffix K or M; default:\n                               256K\n", NULL });
	helps(&top, (const char *[]){ "      --interval SECONDS       time between two outputs; default: until the end\n",
	      "smallest first; default:\n                               n\n", "unless this is given; default: 20\n", NULL });
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_declared), cmocka_unit_test(test_fractions),
		cmocka_unit_test(test_refused), cmocka_unit_test(test_limit), cmocka_unit_test(test_help),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
