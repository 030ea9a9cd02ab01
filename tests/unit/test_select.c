// SPDX-License-Identifier: GPL-2.0-only
/* test_select.c - --columns, --sort, --limit, and what is said when they are wrong */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include "support.h"

struct key {
	u32 pid, order;
};

struct value {
	u64 reads;
	s64 balance;
	char comm[8];
	u32 function;
	struct hist latency;
};

static const struct column columns[] = {
	{ .heading = "TIME", .key = "time", .kind = KIND_CLOCK, .hidden = true },
	KEY_COLUMN(struct key, pid, "PID", KIND_UINT, 0),
	COLUMN(struct value, reads, "READS", KIND_UINT, 0, .in_total = true, .hidden = true),
	COLUMN(struct value, balance, "BALANCE", KIND_INT, 0, .in_total = true, .hidden = true),
	COLUMN(struct value, comm, "COMM", KIND_COMM, 0, .hidden = true),
	COLUMN(struct value, function, "FUNC", KIND_FUNCTION, 0, .hidden = true),
	COLUMN(struct value, latency, "LATENCY", KIND_HIST, 0, .hidden = true),
	KEY_COLUMN(struct key, order, "ORDER", KIND_UINT, 0, .hidden = true),
	{}
};

static char zeta[] = "zeta", alpha[] = "alpha";
static const struct function functions[] = { { zeta, 1 }, { alpha, 2 } };

/* pid 3 and 2 twice, equal in all but .order */
static const struct key keys[] = { { 5, 0 }, { 3, 1 }, { 2, 0 }, { 3, 0 }, { 7, 0 } };
static const struct value values[] = {
	{ 1ULL << 63, -3, "delta", 0, { 0, { 1 } } },
	{ 17, 5, "alpha", 1, { 0, { [3] = 23 } } },
	{ 4294967297, 0, "Beta", 0, { 0, { [1] = 7, [9] = 6 } } },
	{ 17, 5, "alpha", 1, { 0, { [3] = 23 } } },
	{ 2, 13, "gamma", 7, { 0, { 0 } } },
};

static struct output_spec spec_of(const char *wanted, const char *sort, unsigned int limit)
{
	return (struct output_spec){
		.tool = "test", .columns = columns, .layout = LAYOUT_LINES, .no_header = true,
		.wanted = wanted, .sort = sort, .limit = limit,
		.functions = functions, .function_count = COUNT(functions),
	};
}

static char *show(struct output_spec *spec)
{
	struct row rows[COUNT(keys)];

	for (size_t i = 0; i < COUNT(rows); i++)
		rows[i] = (struct row){ &keys[i], &values[i], sizeof(values[i]) };
	return show_interval(spec, rows, COUNT(rows), 0);
}

struct order {
	const char *sort;
	unsigned int limit;
	const char *pids;	/* and order */
};

static void test_sort(void **state)
{
	static const struct order orders[] = {
		{ NULL, 0, "5 0\n3 1\n2 0\n3 0\n7 0\n" },
		{ NULL, 2, "5 0\n3 1\n" },
		{ "reads", 0, "5 0\n2 0\n3 0\n3 1\n7 0\n" },	/* not cut to 32 bits, not signed */
		{ "+reads", 0, "7 0\n3 0\n3 1\n2 0\n5 0\n" },
		{ "reads", 3, "5 0\n2 0\n3 0\n" },
		{ "reads", 5, "5 0\n2 0\n3 0\n3 1\n7 0\n" },
		{ "balance", 0, "7 0\n3 0\n3 1\n2 0\n5 0\n" },
		{ "+balance", 1, "5 0\n" },
		{ "comm", 0, "2 0\n3 0\n3 1\n5 0\n7 0\n" },	/* by byte: capitals first */
		{ "+comm", 2, "2 0\n3 0\n" },
		{ "function", 0, "7 0\n3 0\n3 1\n2 0\n5 0\n" },	/* by name; without one: first */
		{ "latency", 0, "3 0\n3 1\n2 0\n5 0\n7 0\n" },	/* by count */
		{ "pid", 0, "7 0\n5 0\n3 0\n3 1\n2 0\n" },
		{ "all", 0, "5 0\n2 0\n3 0\n3 1\n7 0\n" },
		{ "+all", 2, "7 0\n3 0\n" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(orders); i++) {
		struct output_spec spec = spec_of("pid,order", orders[i].sort, orders[i].limit);
		char *text = show(&spec);

		assert_string_equal(text, orders[i].pids);
		free(text);
	}
}

/* Histograms come in the order of their keys unless another one is asked for. */
static void test_hist_order(void **state)
{
	struct output_spec spec = spec_of("pid", NULL, 3);
	char *text;

	(void)state;
	spec.layout = LAYOUT_HIST;
	text = show(&spec);
	assert_string_equal(text, "\n\nPID = 2\n\nPID = 3\n\nPID = 3\n");
	free(text);
	spec.sort = "reads";
	text = show(&spec);
	assert_string_equal(text, "\n\nPID = 5\n\nPID = 2\n\nPID = 3\n");
	free(text);
}

static void test_json_limit(void **state)
{
	struct output_spec spec = spec_of("comm,pid", "pid", 2);
	char *text;

	(void)state;
	spec.format = FORMAT_JSON;
	text = show(&spec);
	assert_string_equal(text, "{\"ts\":\"2026-03-01T12:34:56.000000789Z\","
				  "\"comm\":\"gamma\",\"pid\":7}\n"
				  "{\"ts\":\"2026-03-01T12:34:56.000000789Z\","
				  "\"comm\":\"delta\",\"pid\":5}\n");
	free(text);
}

/* What is left out of a table is said below it, but for --no-header: then core is to say it elsewhere. */
static void test_left_out(void **state)
{
	static const enum layout layouts[] = { LAYOUT_LINES, LAYOUT_FINAL, LAYOUT_HIST, LAYOUT_TOP };
	const struct moment when = { NOW_NS, 0 };

	(void)state;
	for (size_t i = 0; i < 2 * COUNT(layouts); i++) {
		struct output_spec spec = spec_of("pid,order", "reads", 2);
		struct row rows[COUNT(keys)];
		struct output *out;
		size_t left;
		char *text;

		for (size_t j = 0; j < COUNT(rows); j++)
			rows[j] = (struct row){ &keys[j], &values[j], sizeof(values[j]) };
		spec.layout = layouts[i / 2];
		spec.no_header = i % 2;
		out = open_output(&spec);
		left = output_interval(out, rows, COUNT(rows), &when);
		text = close_output(out, &spec);
		assert_int_equal(left, !spec.no_header ? 0 : spec.layout == LAYOUT_HIST ? 2 : 3);	/* one has no blocks */
		if (spec.no_header)
			assert_null(strstr(text, "more"));
		else
			assert_non_null(strstr(text, spec.layout == LAYOUT_HIST ? "\n... 2 more\n" : "\n... 3 more\n"));
		free(text);
	}
}

/* JSON and CSV have hidden columns too, unless columns are asked for. */
static void test_columns(void **state)
{
	struct output_spec spec = spec_of(NULL, NULL, 1);
	char *text = show(&spec);

	(void)state;
	assert_string_equal(text, "5\n");
	free(text);
	spec.wanted = "comm,time,pid";
	text = show(&spec);
	assert_string_equal(text, "delta 12:34:56 5\n");
	free(text);
	spec.wanted = NULL;
	spec.format = FORMAT_CSV;
	spec.no_header = false;
	text = show(&spec);
	assert_string_equal(text, "ts,pid,reads,balance,comm,function,"
				  "count,total_ns,unit,histogram_low,histogram_high,histogram_count,order\n"
				  "2026-03-01T12:34:56.000000789Z,5,9223372036854775808,-3,delta,"
				  "zeta,1,0,,0,1,1,0\n");
	free(text);
}

static void expect_refusal(void *argument)
{
	struct output *out;

	assert_int_equal(output_open(&out, argument), -EINVAL);
	assert_null(out);
}

struct mistake {
	const char *wanted, *sort, *says;
};

#define THERE_ARE "; there are: time, pid, reads, balance, comm, function, latency, order"

static void test_mistakes(void **state)
{
	static const struct mistake mistakes[] = {
		{ "pid,x", NULL, "no column 'x'" THERE_ARE "\n" },
		{ "", NULL, "no column ''" THERE_ARE "\n" },
		{ "pid,", NULL, "no column ''" THERE_ARE "\n" },
		{ "pi", NULL, "no column 'pi'" THERE_ARE "\n" },
		{ "pid,,comm", NULL, "no column ''" THERE_ARE "\n" },
		{ "PID", NULL, "no column 'PID'" THERE_ARE "\n" },
		{ "pid,comm,pid", NULL, "wanted twice: 'pid'" THERE_ARE "\n" },
		{ "\033[2J", NULL, "no column '\\x1b[2J'" THERE_ARE "\n" },
		{ NULL, "x", "no column 'x'" THERE_ARE ", all\n" },
		{ NULL, "+", "no column ''" THERE_ARE ", all\n" },
		{ NULL, "++pid", "no column '+pid'" THERE_ARE ", all\n" },
		{ NULL, "time", "rows do not sort by 'time'" THERE_ARE "\n" },
	};
	char expected[256];

	(void)state;
	for (size_t i = 0; i < COUNT(mistakes); i++) {
		struct output_spec spec = spec_of(mistakes[i].wanted, mistakes[i].sort, 0);
		char *text = catch_stderr(expect_refusal, &spec);

		snprintf(expected, sizeof(expected), "bpftk test: %s", mistakes[i].says);
		assert_string_equal(text, expected);
		free(text);
	}
}

/* "all" is only there where something adds up. */
static void test_no_total(void **state)
{
	static const struct column one[] = {
		{ .heading = "N", .key = "n", .kind = KIND_UINT, .size = 4 }, {}
	};
	struct output_spec spec = { .tool = "test", .columns = one, .sort = "all" };
	char *text = catch_stderr(expect_refusal, &spec);

	(void)state;
	assert_string_equal(text, "bpftk test: no column 'all'; there are: n\n");
	free(text);
}

/* What no option asked for is no part of the key, and not told. */
static void test_on_request(void **state)
{
	static const struct name names[] = { { 7, "seven" }, {} };
	struct column gathered[] = {
		KEY_COLUMN(struct key, order, "ORDER", KIND_UINT, 0, .on_request = true),
		KEY_COLUMN(struct key, pid, "PID", KIND_ENUM, 0, .on_request = true, .names = names),
		{}
	};
	struct output_spec spec = { .tool = "test", .columns = gathered, .format = FORMAT_JSON, .intervals = true };
	static const struct key key = { 7, 11 };
	struct row row = { &key, &values[0], sizeof(values[0]) };
	char *text = show_interval(&spec, &row, 1, 1);

	(void)state;
	assert_int_equal(output_key_size(gathered), sizeof(struct key));
	assert_non_null(strstr(text, "\"order\":11,\"pid\":\"seven\",\"pid_number\":7}"));
	free(text);
	gathered[0].hidden = true;
	assert_int_equal(output_key_size(gathered), offsetof(struct key, order));
	text = show_interval(&spec, &row, 1, 1);
	assert_non_null(strstr(text, "\"order\":null,\"pid\":\"seven\",\"pid_number\":7}"));
	free(text);
	gathered[1].hidden = true;
	assert_int_equal(output_key_size(gathered), offsetof(struct key, order));
	text = show_interval(&spec, &row, 1, 1);
	assert_non_null(strstr(text, "\"order\":null,\"pid\":null,\"pid_number\":null}"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sort),
		cmocka_unit_test(test_hist_order),
		cmocka_unit_test(test_json_limit),
		cmocka_unit_test(test_left_out),
		cmocka_unit_test(test_columns),
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_no_total),
		cmocka_unit_test(test_on_request),
	};

	return cmocka_run_group_tests(tests, set_time_zone, NULL);
}
