// SPDX-License-Identifier: GPL-2.0-only
/* test_schema.c - the schema describes exactly what JSON rows have in them */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include "support.h"
#include "tools.h"

static cJSON *schema_of(const struct output_spec *spec)
{
	char *text = output_schema(spec->tool, "what it does", spec->columns, spec->layout);
	cJSON *schema = cJSON_Parse(text);

	assert_non_null(schema);
	assert_string_equal(cJSON_GetObjectItem(schema, "title")->valuestring, spec->tool);
	free(text);
	return schema;
}

static bool is_of_type(const cJSON *value, const char *type)
{
	if (!strcmp(type, "null"))
		return cJSON_IsNull(value);
	if (!strcmp(type, "string"))
		return cJSON_IsString(value);
	if (!strcmp(type, "array"))
		return cJSON_IsArray(value);
	assert_true(!strcmp(type, "integer") || !strcmp(type, "number"));
	return cJSON_IsNumber(value);
}

static void check_member(const cJSON *value, const cJSON *schema)
{
	const cJSON *type = cJSON_GetObjectItem(schema, "type"), *one;
	bool fits = cJSON_IsString(type) && is_of_type(value, type->valuestring);

	if (cJSON_IsArray(type))
		cJSON_ArrayForEach(one, type)
			fits |= is_of_type(value, one->valuestring);
	if (!fits)
		fail_msg("%s is not what the schema says", value->string);
}

static void check_row(const cJSON *row, const cJSON *schema)
{
	const cJSON *properties = cJSON_GetObjectItem(schema, "properties"), *item;

	cJSON_ArrayForEach(item, row) {
		const cJSON *property = cJSON_GetObjectItem(properties, item->string);

		if (!property)
			fail_msg("%s is not in the schema", item->string);
		check_member(item, property);
	}
	cJSON_ArrayForEach(item, cJSON_GetObjectItem(schema, "required"))
		if (!cJSON_GetObjectItem(row, item->valuestring))
			fail_msg("%s is not in the row", item->valuestring);
}

static void check_tool(struct output_spec spec, struct rows rows, u64 interval_ns)
{
	cJSON *schema = schema_of(&spec);
	char *text = show_interval(&spec, rows.items, rows.count, interval_ns);
	unsigned int lines = 0;

	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"), lines++) {
		cJSON *row = cJSON_Parse(line);

		assert_non_null(row);
		check_row(row, schema);
		cJSON_Delete(row);
	}
	assert_int_equal(lines, rows.count);
	cJSON_Delete(schema);
	free(text);
}

static void test_rows(void **state)
{
	(void)state;
	check_tool(vfsstat_spec(FORMAT_JSON), vfsstat_rows(), SECOND_NS);
	check_tool(opensnoop_spec(FORMAT_JSON), opensnoop_rows(), 0);
	check_tool(filetop_spec(FORMAT_JSON), filetop_rows(), SECOND_NS);
	check_tool(biolatency_spec(FORMAT_JSON), biolatency_rows(), SECOND_NS);
	check_tool(ext4dist_spec(FORMAT_JSON), ext4dist_rows(), SECOND_NS);
}

static void test_golden(void **state)
{
	char *text = output_schema("opensnoop", "trace opens", opensnoop_columns, LAYOUT_LINES);

	(void)state;
	assert_golden("opensnoop.schema", text);
	free(text);
	text = output_schema("biolatency", "time disks", biolatency_columns, LAYOUT_HIST);
	assert_golden("biolatency.schema", text);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_golden),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
