// SPDX-License-Identifier: GPL-2.0-only
/* test_tools.c - five tools in three formats, against golden/TOOL.{table,json,csv} */
#include <stdio.h>
#include <stdlib.h>
#include "support.h"
#include "tools.h"

struct tool {
	const char *name;
	struct output_spec (*spec)(enum format format);
	struct rows (*rows)(void);
	u64 interval_ns;	/* 0: a stream */
	unsigned int rows_json, rows_table;
};

/* Intervals are never as long as they were asked for. */
static const struct tool tools[] = {
	{ "vfsstat", vfsstat_spec, vfsstat_rows, 3 * SECOND_NS + 17, 2, 2 },
	{ "opensnoop", opensnoop_spec, opensnoop_rows, 0, 5, 5 },
	{ "filetop", filetop_spec, filetop_rows, SECOND_NS + 1009, 5, 5 },
	{ "biolatency", biolatency_spec, biolatency_rows, SECOND_NS - 13, 5, 4 },
	{ "ext4dist", ext4dist_spec, ext4dist_rows, 5 * SECOND_NS, 4, 3 },
};

/* The one thing in a table that is not in a row. */
static void mask_load_average(char *text)
{
	char *load = strstr(text, "loadavg: "), *end;

	if (!load)
		return;
	load += strlen("loadavg: ");
	end = strchr(load, '\n');
	assert_true(end - load >= (long)strlen("0.00 0.00 0.00 1/1 1"));
	memmove(load, end, strlen(end) + 1);
}

static char *show(const struct tool *tool, struct output_spec *spec, unsigned int rows_expected)
{
	struct moment when = { NOW_NS, tool->interval_ns };
	struct output *out = open_output(spec);
	struct rows rows = tool->rows();

	output_header(out);
	for (size_t i = 0; i < rows.count && !tool->interval_ns; i++) {
		output_row(out, &rows.items[i], &when);
		when.realtime_ns += 500000003;
	}
	if (tool->interval_ns)
		output_interval(out, rows.items, rows.count, &when);
	assert_int_equal(output_rows(out), rows_expected);
	return close_output(out, spec);
}

static void test_table(void **state)
{
	char name[64];

	(void)state;
	for (size_t i = 0; i < COUNT(tools); i++) {
		struct output_spec spec = tools[i].spec(FORMAT_TABLE);
		char *text = show(&tools[i], &spec, tools[i].rows_table);

		mask_load_average(text);
		snprintf(name, sizeof(name), "%s.table", tools[i].name);
		assert_golden(name, text);
		free(text);
	}
}

static void test_json(void **state)
{
	char name[64];

	(void)state;
	for (size_t i = 0; i < COUNT(tools); i++) {
		struct output_spec spec = tools[i].spec(FORMAT_JSON);
		char *text = show(&tools[i], &spec, tools[i].rows_json);

		assert_int_equal(assert_json_lines(text), tools[i].rows_json);
		snprintf(name, sizeof(name), "%s.json", tools[i].name);
		assert_golden(name, text);
		free(text);
	}
}

static void test_csv(void **state)
{
	char name[64];

	(void)state;
	for (size_t i = 0; i < COUNT(tools); i++) {
		struct output_spec spec = tools[i].spec(FORMAT_CSV);
		char *text = show(&tools[i], &spec, tools[i].rows_json);

		snprintf(name, sizeof(name), "%s.csv", tools[i].name);
		assert_golden(name, text);
		free(text);
	}
}

/* Columns that only an option shows. */
static void test_more_columns(void **state)
{
	struct output_spec open = opensnoop_spec(FORMAT_TABLE);
	struct output_spec bio = biolatency_spec(FORMAT_TABLE);
	char *text;

	(void)state;
	open.wanted = "time_ns,uid,pid,comm,fd,err,flags,mode,path";
	text = show(&tools[1], &open, 5);
	assert_golden("opensnoop-TUe.table", text);
	free(text);

	open.wanted = "pid,how";
	text = show(&tools[1], &open, 5);
	assert_golden("opensnoop-how.table", text);
	free(text);

	bio.wanted = "disk,latency,summary";
	text = show(&tools[3], &bio, 4);
	assert_golden("biolatency-De.table", text);
	free(text);

	bio.unit = "msecs";
	bio.clock = false;
	bio.wanted = "flags,operation,latency";
	text = show(&tools[3], &bio, 4);
	assert_golden("biolatency-Fm.table", text);
	free(text);
}

static void test_counts(void **state)
{
	struct output_spec spec = vfsstat_spec(FORMAT_TABLE);
	char *text;

	(void)state;
	spec.counts = true;
	text = show(&tools[0], &spec, 2);
	assert_golden("vfsstat-counts.table", text);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_csv),
		cmocka_unit_test(test_more_columns),
		cmocka_unit_test(test_counts),
	};

	return cmocka_run_group_tests(tests, set_time_zone, NULL);
}
