// SPDX-License-Identifier: GPL-2.0-only
/* test_path.c - paths with every mark, and records that lie about their size */
#include <stdio.h>
#include <stdlib.h>
#include "support.h"

static const struct column columns[] = {
	{ .heading = "PATH", .key = "path", .kind = KIND_PATH, .size = sizeof(struct path_text) },
	{}
};

struct example {
	u16 marks;
	const char *parts;
	size_t size;
	const char *cell, *json;
};

#define EXAMPLE(marks, parts, cell, json) { marks, parts, sizeof(parts), cell, json }
#define MARKS(marks) ",\"path_marks\":[" marks "]"

static const struct example examples[] = {
	EXAMPLE(0, "/etc/passwd", "/etc/passwd", "\"/etc/passwd\""),
	EXAMPLE(0, "name", "name", "\"name\""),
	EXAMPLE(0, "", "", "\"\""),
	EXAMPLE(PATH_FULL, "name", "/name", "\"/name\""),	/* the working directory is / */
	EXAMPLE(PATH_FULL, "name\0dir", "/dir/name", "\"/dir/name\""),
	EXAMPLE(PATH_FULL, "./a//b\0in\0mid\0out", "/out/mid/in/./a//b", "\"/out/mid/in/./a//b\""),
	EXAMPLE(PATH_FULL, "\0in\0out", "/out/in/", "\"/out/in/\""),
	EXAMPLE(PATH_CUT, "/long", "/long...", "\"/long\"" MARKS("\"cut\"")),
	EXAMPLE(PATH_FULL | PATH_CUT, "long\0dir", "/dir/long...",
		"\"/dir/long\"" MARKS("\"cut\"")),
	EXAMPLE(PATH_FULL | PATH_DEEP, "name\0in\0mid", ".../mid/in/name",
		"\"mid/in/name\"" MARKS("\"deep\"")),
	EXAMPLE(PATH_FULL | PATH_UNREACHABLE, "name\0dir", "(unreachable)/dir/name",
		"\"dir/name\"" MARKS("\"unreachable\"")),
	EXAMPLE(PATH_FULL | PATH_UNREACHABLE | PATH_DEEP | PATH_CUT, "n\0d",
		"(unreachable).../d/n...", "\"d/n\"" MARKS("\"cut\",\"deep\",\"unreachable\"")),
	/* in a root of its own a name comes from no other, however it climbs */
	EXAMPLE(PATH_FULL | PATH_IN_ROOT, "/etc/passwd\0jail", "/jail/etc/passwd", "\"/jail/etc/passwd\"" MARKS("\"in_root\"")),
	EXAMPLE(PATH_FULL | PATH_IN_ROOT, "..//./../.x/..\0jail", "/jail/.x/..", "\"/jail/.x/..\"" MARKS("\"in_root\"")),
	EXAMPLE(PATH_FULL | PATH_IN_ROOT, "/..\0jail", "/jail/", "\"/jail/\"" MARKS("\"in_root\"")),
	EXAMPLE(PATH_FULL | PATH_IN_ROOT | PATH_UNREACHABLE, "/a", "(unreachable)/a",
		"\"a\"" MARKS("\"unreachable\",\"in_root\"")),
	EXAMPLE(PATH_IN_ROOT, "/../a", "/../a", "\"/../a\"" MARKS("\"in_root\"")),	/* as it was given */
	EXAMPLE(PATH_UNREADABLE, "", "?", "null" MARKS("\"unreadable\"")),
	EXAMPLE(PATH_UNREADABLE | PATH_FULL, "\0dir", "?", "null" MARKS("\"unreadable\"")),
	EXAMPLE(1 << 9, "/new", "/new", "\"/new\"" MARKS("\"0x200\"")),
	/* a name with dots of its own is no cut one; a part cannot bring a slash or a line */
	EXAMPLE(0, "a...", "a...", "\"a...\""),
	EXAMPLE(PATH_FULL, "x\n\0d\033", "/d\\x1b/x\\n", "\"/d\\u001b/x\\u000a\""),
	EXAMPLE(PATH_FULL, "\xff\0\xfe", "/\\xfe/\\xff",
		"\"/\xef\xbf\xbd/\xef\xbf\xbd\",\"path_hex\":\"2ffe2fff\""),
};

/* On the heap and not a byte too long, so that the sanitizer sees what is read behind it. */
static char *show(enum format format, u16 marks, u16 size, const char *parts, size_t real)
{
	const struct path_text head = { .size = size, .marks = marks };
	struct output_spec spec = {
		.tool = "test", .columns = columns, .format = format, .no_header = true,
	};
	char *record = malloc(sizeof(head) + real);
	struct row row = { .value = record, .size = sizeof(head) + real };
	char *text;

	assert_non_null(record);
	memcpy(record, &head, sizeof(head));
	memcpy(record + sizeof(head), parts, real);
	text = show_interval(&spec, &row, 1, 0);
	free(record);
	return text;
}

static void test_marks(void **state)
{
	char expected[256], *text;

	(void)state;
	for (size_t i = 0; i < COUNT(examples); i++) {
		const struct example *example = &examples[i];

		text = show(FORMAT_TABLE, example->marks, example->size, example->parts,
			    example->size);
		snprintf(expected, sizeof(expected), "%s\n", example->cell);
		assert_string_equal(text, expected);
		free(text);

		text = show(FORMAT_JSON, example->marks, example->size, example->parts,
			    example->size);
		snprintf(expected, sizeof(expected),
			 "{\"ts\":\"2026-03-01T12:34:56.000000789Z\",\"path\":%s}\n",
			 example->json);
		assert_string_equal(text, expected);
		assert_int_equal(assert_json_lines(text), 1);
		free(text);
	}
}

static void assert_path(u16 size, const char *parts, size_t real, const char *expected)
{
	char *text = show(FORMAT_TABLE, PATH_FULL, size, parts, real);

	assert_string_equal(text, expected);
	free(text);
}

static void test_wrong_sizes(void **state)
{
	(void)state;
	assert_path(0, "name\0dir", 9, "/\n");
	assert_path(1, "name\0dir", 9, "/n\n");
	assert_path(7, "name\0dir", 9, "/di/name\n");	/* no NUL at the end */
	assert_path(9, "name\0dir", 7, "/di/name\n");
	assert_path(65535, "name\0dir", 9, "/dir/name\n");
	assert_path(65535, "", 0, "/\n");
	assert_path(5, "\0\0\0\0", 5, "/////\n");	/* four nameless directories */
}

/* As long as one can be: longer than the buffers it goes through begin with. */
static void test_long(void **state)
{
	static char parts[65535];
	char *text;

	(void)state;
	for (size_t i = 0; i < sizeof(parts); i++)
		parts[i] = i % 251 == 250 ? '\0' : 'a' + i % 23;
	text = show(FORMAT_TABLE, PATH_FULL, sizeof(parts), parts, sizeof(parts));
	assert_int_equal(strlen(text), 1 + sizeof(parts) + 1);
	assert_int_equal(text[0], '/');
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_marks),
		cmocka_unit_test(test_wrong_sizes),
		cmocka_unit_test(test_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
