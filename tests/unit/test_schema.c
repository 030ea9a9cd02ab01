// SPDX-License-Identifier: GPL-2.0-only
/* test_schema.c - the schema describes exactly what lines of JSON and CSV have in them */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include "support.h"
#include "tools.h"

static char *schema_text(const struct output_spec *spec)
{
	return output_schema(spec->tool, "what it does", spec->columns, spec->intervals);
}

static cJSON *schema_of(const struct output_spec *spec)
{
	char *text = schema_text(spec);
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

static bool ends_in(const char *name, const char *end)
{
	size_t size = strlen(name), length = strlen(end);

	return size > length && !strcmp(name + size - length, end);
}

/* Without --columns a row has all that the schema knows, but for what is there only if there is something to say. */
static void check_row(const cJSON *row, const cJSON *schema)
{
	const cJSON *properties = cJSON_GetObjectItem(schema, "properties"), *item;

	cJSON_ArrayForEach(item, row) {
		const cJSON *property = cJSON_GetObjectItem(properties, item->string);

		if (!property)
			fail_msg("%s is not in the schema", item->string);
		check_member(item, property);
	}
	cJSON_ArrayForEach(item, properties)
		if (!cJSON_GetObjectItem(row, item->string) && !ends_in(item->string, "_hex") &&
		    !ends_in(item->string, "_marks"))
			fail_msg("%s is not in the row", item->string);
	cJSON_ArrayForEach(item, cJSON_GetObjectItem(schema, "required"))
		assert_non_null(cJSON_GetObjectItem(row, item->valuestring));
}

static void check_json(struct output_spec spec, struct rows rows, u64 interval_ns)
{
	cJSON *schema = schema_of(&spec);
	char *text = show_interval(&spec, rows.items, rows.count, interval_ns);
	unsigned int lines = 0;

	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"), lines++) {
		cJSON *row = cJSON_Parse(line);

		assert_non_null(row);
		check_row(row, cJSON_GetArrayItem(cJSON_GetObjectItem(schema, "oneOf"), 0));
		cJSON_Delete(row);
	}
	assert_int_equal(lines, rows.count);
	cJSON_Delete(schema);
	free(text);
}

/* CSV's heading is what the schema names, in its order. */
static void check_heading(struct output_spec spec)
{
	cJSON *schema = schema_of(&spec), *csv = cJSON_GetObjectItem(cJSON_GetObjectItem(schema, "$defs"), "csv"), *item;
	struct output *out = open_output(&spec);
	char *text, *field;

	output_header(out);
	text = close_output(out, &spec);
	field = strtok(text, ",\n");
	cJSON_ArrayForEach(item, cJSON_GetObjectItem(csv, "properties")) {
		assert_non_null(field);
		assert_string_equal(field, item->string);
		field = strtok(NULL, ",\n");
	}
	assert_null(field);
	cJSON_Delete(schema);
	free(text);
}

static const struct {
	struct output_spec (*spec)(enum format format);
	struct rows (*rows)(void);
	u64 interval_ns;
	const char *golden;
} tools[] = {
	{ vfsstat_spec, vfsstat_rows, SECOND_NS, "vfsstat.schema" },
	{ opensnoop_spec, opensnoop_rows, 0, "opensnoop.schema" },
	{ filetop_spec, filetop_rows, SECOND_NS, "filetop.schema" },
	{ biolatency_spec, biolatency_rows, SECOND_NS, "biolatency.schema" },
	{ ext4dist_spec, ext4dist_rows, SECOND_NS, "ext4dist.schema" },
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(tools); i++)
		check_json(tools[i].spec(FORMAT_JSON), tools[i].rows(), tools[i].interval_ns);
}

static void test_headings(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(tools); i++)
		check_heading(tools[i].spec(FORMAT_CSV));
}

/* schemas.py holds them against the other golden files, by another's understanding of JSON Schema. */
static void test_golden(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(tools); i++) {
		struct output_spec spec = tools[i].spec(FORMAT_JSON);
		char *text = schema_text(&spec);

		assert_golden(tools[i].golden, text);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_headings),
		cmocka_unit_test(test_golden),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
