// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_hist.c - histograms, byte for byte. golden/hist-*.table were compared with what BCC's
 * _print_log2_hist() prints for the same slots; hist-huge.table differs by the one star that
 * its division of doubles adds.
 */
#include <stdlib.h>
#include "support.h"

static const struct column columns[] = {
	{ .heading = "LATENCY", .key = "latency", .kind = KIND_HIST, .size = sizeof(struct hist) },
	{ .heading = "SUMMARY", .key = "summary", .kind = KIND_SUMMARY, .hidden = true,
	  .size = sizeof(struct hist) },
	{}
};

static char *show(struct output_spec *spec, const struct hist *hist)
{
	struct row row = { .value = hist, .size = sizeof(*hist) };

	return show_interval(spec, &row, 1, SECOND_NS);
}

static struct output_spec spec_of(enum format format)
{
	return (struct output_spec){
		.tool = "test", .columns = columns, .format = format, .layout = LAYOUT_HIST,
		.unit = "usecs",
	};
}

static void assert_block(const char *golden, const struct hist *hist)
{
	struct output_spec spec = spec_of(FORMAT_TABLE);
	char *text = show(&spec, hist);

	assert_golden(golden, text);
	free(text);
}

static void test_narrow(void **state)
{
	const struct hist hist = { .slots = { 5706, 206, 24, 13, [7] = 5705, [11] = 143 } };

	(void)state;
	assert_block("hist-narrow.table", &hist);
}

/* Three for each star: 30 are ten stars, 32 are ten still, 33 are eleven. */
static void test_exact_stars(void **state)
{
	struct hist hist = {};

	(void)state;
	for (int slot = 0; slot < 23; slot++)
		hist.slots[slot] = 4 * slot;
	hist.slots[23] = 120;
	assert_block("hist-stars.table", &hist);
}

/* Slot 31 is the last of ten digits. */
static void test_last_narrow(void **state)
{
	const struct hist hist = { .slots = { [31] = 7 } };

	(void)state;
	assert_block("hist-31.table", &hist);
}

static void test_first_wide(void **state)
{
	const struct hist hist = { .slots = { [3] = 7, [32] = 2 } };

	(void)state;
	assert_block("hist-32.table", &hist);
}

/* Where 32 bits, or a double, would go wrong. */
static void test_huge(void **state)
{
	const struct hist hist = { .slots = {
		[0] = 18446744073709551557ULL, [1] = 18446744073709551556ULL,
		[2] = 4294967296, [3] = 922337203685477581ULL, [63] = 9223372036854775808ULL
	} };

	(void)state;
	assert_block("hist-huge.table", &hist);
}

static void test_empty(void **state)
{
	struct output_spec spec = spec_of(FORMAT_TABLE), json = spec_of(FORMAT_JSON);
	const struct hist hist = {};
	char *text = show(&spec, &hist);

	(void)state;
	assert_string_equal(text, "\n");
	free(text);

	text = show(&json, &hist);
	assert_string_equal(text, "{\"ts\":\"2026-03-01T12:34:56.000000789Z\","
			    "\"interval_s\":1.000000000,\"count\":0,\"total_ns\":0,"
			    "\"unit\":\"usecs\",\"histogram\":[]}\n");
	free(text);
}

static void test_json_bounds(void **state)
{
	struct output_spec spec = spec_of(FORMAT_JSON);
	const struct hist hist = { .total_ns = 17, .slots = { [63] = 11 } };
	char *text = show(&spec, &hist);

	(void)state;
	assert_non_null(strstr(text, "\"histogram\":[{\"low\":9223372036854775808,"
			       "\"high\":18446744073709551615,\"count\":11}]}"));
	assert_int_equal(assert_json_lines(text), 1);
	free(text);
}

struct average {
	u64 total_ns, count;
	const char *unit, *line;
};

static void test_summary(void **state)
{
	static const struct average averages[] = {
		{ 6389999, 23, "usecs", "\navg = 277 usecs, total: 6389 usecs, count: 23\n\n" },
		{ 6389999, 23, "msecs", "\navg = 0 msecs, total: 6 msecs, count: 23\n\n" },
		{ 6389999, 23, "nsecs",
		  "\navg = 277826 nsecs, total: 6389999 nsecs, count: 23\n\n" },
		/* a thousand times 999 ns are 999 us, though each alone is less than one */
		{ 999000, 1000, "usecs", "\navg = 0 usecs, total: 999 usecs, count: 1000\n\n" },
	};
	struct output_spec spec = spec_of(FORMAT_TABLE);

	(void)state;
	for (size_t i = 0; i < COUNT(averages); i++) {
		const struct hist hist = { averages[i].total_ns, { averages[i].count } };
		char *text;

		spec.unit = averages[i].unit;
		spec.wanted = "summary";
		text = show(&spec, &hist);
		assert_string_equal(text + 1, averages[i].line);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_narrow),
		cmocka_unit_test(test_exact_stars),
		cmocka_unit_test(test_last_narrow),
		cmocka_unit_test(test_first_wide),
		cmocka_unit_test(test_huge),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_json_bounds),
		cmocka_unit_test(test_summary),
	};

	return cmocka_run_group_tests(tests, set_time_zone, NULL);
}
