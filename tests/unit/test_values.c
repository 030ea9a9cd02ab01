// SPDX-License-Identifier: GPL-2.0-only
/* test_values.c - each kind of value, in each format; records that are too short */
#include <stdio.h>
#include <stdlib.h>
#include "support.h"

/* A record of one member. */
struct example {
	struct column column;
	u64 value;
	const char *cell, *json, *csv;
};

#define ONE(kind_, size_, ...) { .kind = kind_, .size = size_, ##__VA_ARGS__ }

static const struct name colours[] = { { 1, "red" }, { 2, "green" }, { 4, "blue" }, {} };

static const struct example examples[] = {
	{ ONE(KIND_UINT, 1), 0xff, "255", "\"x\":255", "255" },
	{ ONE(KIND_UINT, 2), 0xffff, "65535", "\"x\":65535", "65535" },
	{ ONE(KIND_UINT, 4), 0xffffffff, "4294967295", "\"x\":4294967295", "4294967295" },
	{ ONE(KIND_UINT, 8), ~0ULL, "18446744073709551615", "\"x\":18446744073709551615",
	  "18446744073709551615" },
	{ ONE(KIND_UINT, 4), 0x1111111100000007, "7", "\"x\":7", "7" },
	{ ONE(KIND_PID, 4), 4194303, "4194303", "\"x\":4194303", "4194303" },
	{ ONE(KIND_PID, 4), 4194303 | PID_OUTSIDE, "-", "\"x\":null", "" },
	{ ONE(KIND_INT, 4), (u32)-7, "-7", "\"x\":-7", "-7" },
	{ ONE(KIND_INT, 4), 1u << 31, "-2147483648", "\"x\":-2147483648", "-2147483648" },
	{ ONE(KIND_INT, 8), 1ULL << 63, "-9223372036854775808",
	  "\"x\":-9223372036854775808", "-9223372036854775808" },
	{ ONE(KIND_OCTAL, 4, .width = 8), 0100101, "00100101", "\"x\":32833", "32833" },
	{ ONE(KIND_OCTAL, 4, .width = -4), 037777777777, "37777777777", "\"x\":4294967295",
	  "4294967295" },
	{ ONE(KIND_OCTAL, 4, .width = 4, .blank = "n/a"), 037777777777, "n/a ", "\"x\":null", "" },
	{ ONE(KIND_OCTAL, 2, .width = 4, .blank = "n/a"), 0xffff, "n/a ", "\"x\":null", "" },
	{ ONE(KIND_OCTAL, 8, .width = 4, .blank = "n/a"), 0xffffffff, "37777777777",
	  "\"x\":4294967295", "4294967295" },
	{ ONE(KIND_KIB, 8), 10239, "9", "\"x\":10239", "10239" },
	{ ONE(KIND_CHAR, 1), 'R', "R", "\"x\":\"R\"", "R" },
	{ ONE(KIND_CHAR, 1), 0, "", "\"x\":\"\"", "" },
	{ ONE(KIND_CHAR, 1), 7, "\\x07", "\"x\":\"\\u0007\"", "\\x07" },
	{ ONE(KIND_CHAR, 1), 0xe9, "\\xe9", "\"x\":\"\xef\xbf\xbd\",\"x_hex\":\"e9\"", "\\xe9" },
	{ ONE(KIND_ERRNO, 4), 2, "2", "\"x\":2,\"x_name\":\"ENOENT\"", "2,ENOENT" },
	{ ONE(KIND_ERRNO, 4), 0, "0", "\"x\":0,\"x_name\":null", "0," },
	{ ONE(KIND_ERRNO, 4), 523, "523", "\"x\":523,\"x_name\":null", "523," },
	{ ONE(KIND_FLAGS, 4, .names = colours), 5, "red|blue",
	  "\"x\":[\"red\",\"blue\"],\"x_number\":5", "red|blue,5" },
	{ ONE(KIND_FLAGS, 4, .names = colours), 0x80000012, "green|0x80000010",
	  "\"x\":[\"green\",\"0x80000010\"],\"x_number\":2147483666",
	  "green|0x80000010,2147483666" },
	{ ONE(KIND_FLAGS, 4, .names = colours), 0, "0", "\"x\":[],\"x_number\":0", ",0" },
	{ ONE(KIND_FLAGS, 8), 1ULL << 63, "0x8000000000000000",
	  "\"x\":[\"0x8000000000000000\"],\"x_number\":9223372036854775808",
	  "0x8000000000000000,9223372036854775808" },
	{ ONE(KIND_ENUM, 4, .names = colours), 2, "green", "\"x\":\"green\",\"x_number\":2",
	  "green,2" },
	{ ONE(KIND_ENUM, 4, .names = colours), 3, "3", "\"x\":null,\"x_number\":3", ",3" },
	{ ONE(KIND_ENUM, 1), 3, "3", "\"x\":null,\"x_number\":3", ",3" },
	{ ONE(KIND_WORD, 4, .names = colours), 2, "green", "\"x\":\"green\"", "green" },
	{ ONE(KIND_WORD, 1, .names = colours), 3, "3", "\"x\":null", "" },
{ ONE(KIND_FUNCTION, 4), 1, "vfs_read", "\"x\":\"vfs_read\"", "vfs_read" },
	{ ONE(KIND_FUNCTION, 4), 2, "?", "\"x\":null", "" },
	{ ONE(KIND_ADDRESS, 4), 1, "ffffffff81234567", "\"x\":\"0xffffffff81234567\"",
	  "0xffffffff81234567" },
	{ ONE(KIND_ADDRESS, 4), 0, "?", "\"x\":null", "" },	/* hidden from us */
	{ ONE(KIND_ADDRESS, 4), 0xffffffff, "?", "\"x\":null", "" },
};

static char hidden_name[] = "vfs_hidden", read_name[] = "vfs_read";
static const struct function functions[] = {
	{ hidden_name, 0 }, { read_name, 0xffffffff81234567 },
};

#define MADE "2026-03-01T12:34:56.000000789Z"

/* The record lies at an odd address, as records in a buffer may. */
static char *show(const struct example *example, enum format format, size_t size)
{
	struct column columns[2] = { example->column, {} };
	char record[1 + sizeof(example->value)];
	struct output_spec spec = {
		.tool = "test", .columns = columns, .format = format, .no_header = true,
		.functions = functions, .function_count = COUNT(functions),
	};
	struct row row = { .value = record + 1, .size = size };

	columns[0].heading = "X";
	columns[0].key = "x";
	memcpy(record + 1, &example->value, sizeof(example->value));
	return show_interval(&spec, &row, 1, 0);
}

static void check(const struct example *example, enum format format, const char *expected)
{
	char *text = show(example, format, example->column.size);

	assert_string_equal(text, expected);
	free(text);
}

static void test_kinds(void **state)
{
	char expected[256];

	(void)state;
	for (size_t i = 0; i < COUNT(examples); i++) {
		snprintf(expected, sizeof(expected), "%s\n", examples[i].cell);
		check(&examples[i], FORMAT_TABLE, expected);
		snprintf(expected, sizeof(expected), "{\"ts\":\"%s\",%s}\n", MADE,
			 examples[i].json);
		check(&examples[i], FORMAT_JSON, expected);
		snprintf(expected, sizeof(expected), "%s,%s\n", MADE, examples[i].csv);
		check(&examples[i], FORMAT_CSV, expected);
	}
}

/* A record that ends before a member: it is not known, and nothing is read from behind it. */
static void test_short(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(examples); i++) {
		struct example example = examples[i];
		size_t size = example.column.size - 1;
		char *text;

		example.column.width = 0;
		text = show(&example, FORMAT_TABLE, size);
		assert_string_equal(text, "?\n");
		free(text);
		text = show(&example, FORMAT_JSON, size);
		assert_string_equal(text, "{\"ts\":\"" MADE "\",\"x\":null}\n");
		free(text);
	}
}

struct rate {
	u64 count, interval_ns;
	const char *cell;
};

static void test_rates(void **state)
{
	static const struct rate rates[] = {
		{ 7, SECOND_NS, "7\n" },
		{ 1, 3 * SECOND_NS, "0.3\n" },
		{ 0, SECOND_NS, "0\n" },
		{ 1, 23 * SECOND_NS, "0\n" },
		{ 701, 100 * SECOND_NS, "7\n" },
		{ 706, 100 * SECOND_NS, "7.1\n" },
		{ 994, 100 * SECOND_NS, "9.9\n" },
		{ 996, 100 * SECOND_NS, "10\n" },
		{ 1049, 100 * SECOND_NS, "10\n" },
		{ 1051, 100 * SECOND_NS, "11\n" },
		{ 1009, 999999937, "1009\n" },
		{ 18446744073709551557ULL, SECOND_NS, "18446744073709551557\n" },
		{ 31, 0, "31\n" },
	};
	struct column columns[2] = {
		{ .heading = "N/s", .key = "n", .kind = KIND_RATE, .size = sizeof(u64) }, {}
	};
	struct output_spec spec = { .tool = "test", .columns = columns, .no_header = true };

	(void)state;
	for (size_t i = 0; i < COUNT(rates); i++) {
		struct row row = { .value = &rates[i].count, .size = sizeof(u64) };
		char *text;

		text = show_interval(&spec, &row, 1, rates[i].interval_ns);
		assert_string_equal(text, rates[i].cell);
		free(text);
	}
}

/* The first row is 0; one from another CPU may be older. Narrow cells show microseconds. */
static void test_since(void **state)
{
	static const u64 times[] = { 7000000000, 7000000001, 6999999989, 1234567891234567 };
	struct column columns[] = {
		{ .heading = "A", .key = "a", .kind = KIND_SINCE, .size = 8, .width = -13 },
		{ .heading = "B", .key = "b", .kind = KIND_SINCE, .size = 8, .width = 10 },
		{}
	};
	struct output_spec spec = { .tool = "test", .columns = columns, .no_header = true };
	struct row rows[COUNT(times)];
	char *text;

	(void)state;
	for (size_t i = 0; i < COUNT(times); i++)
		rows[i] = (struct row){ .value = &times[i], .size = sizeof(times[i]) };
	text = show_interval(&spec, rows, COUNT(times), 0);
	assert_string_equal(text, "0.000000000     0.000000\n"
				  "0.000000001     0.000000\n"
				  "-0.000000011   -0.000000\n"
				  "1234560.891234567 1234560.891234\n");
	free(text);
}

/* Wide characters and escapes count as what the terminal shows of them. */
static void test_width(void **state)
{
	static const char names[][8] = { "ab", "\xe6\x97\xa5", "\xc3\xa9", "\n", "abcdefg" };
	struct column columns[] = {
		{ .heading = "LEFT", .key = "l", .kind = KIND_COMM, .size = 8, .width = -5 },
		{ .heading = "RIGHT", .key = "r", .kind = KIND_COMM, .size = 8, .width = 6,
		  .suffix = ":" },
		{ .heading = "REST", .key = "e", .kind = KIND_COMM, .size = 8 },
		{}
	};
	struct output_spec spec = { .tool = "test", .columns = columns };
	struct row rows[COUNT(names)];
	char *text;

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++)
		rows[i] = (struct row){ .value = names[i], .size = sizeof(names[i]) };
	text = show_interval(&spec, rows, COUNT(names), 0);
	assert_string_equal(text, "LEFT   RIGHT REST\n"
				  "ab       ab: ab\n"
				  "\xe6\x97\xa5       \xe6\x97\xa5: \xe6\x97\xa5\n"
				  "\xc3\xa9         \xc3\xa9: \xc3\xa9\n"
				  "\\n       \\n: \\n\n"
				  "abcdefg abcdefg: abcdefg\n");
	free(text);
}

/* A device by the name that came with it; without one by number. */
static void test_device(void **state)
{
	static const struct device devices[] = {
		{ 4095 << 20 | 1048573, "nvme0n1p1" }, { 4095u << 20 | 1048573, "" }, { 45, "" }, { 0, "" },
		{ 1, "a name that fills all of its roo" }, { 2, "\x1b]0;" },
	};
	struct column columns[] = {
		{ .heading = "D", .key = "d", .kind = KIND_DEVICE, .size = sizeof(struct device) }, {}
	};
	struct output_spec spec = { .tool = "test", .columns = columns, .no_header = true };
	struct row rows[COUNT(devices)];
	char *text;

	(void)state;
	for (size_t i = 0; i < COUNT(devices); i++)
		rows[i] = (struct row){ .value = &devices[i], .size = sizeof(devices[i]) };
	text = show_interval(&spec, rows, COUNT(devices), 0);
	assert_string_equal(text, "nvme0n1p1\n4095:1048573\n0:45\n?\n"
				  "a name that fills all of its roo\n\\x1b]0;\n");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_short),
		cmocka_unit_test(test_rates),
		cmocka_unit_test(test_since),
		cmocka_unit_test(test_width),
		cmocka_unit_test(test_device),
	};

	return cmocka_run_group_tests(tests, set_time_zone, NULL);
}
