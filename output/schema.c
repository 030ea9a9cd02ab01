// SPDX-License-Identifier: GPL-2.0-only
/* schema.c - `bpftk schema TOOL`: every line of --json and --csv, as a JSON Schema */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>
#include "internal.h"

#define HEX_HELP "only where it is not valid UTF-8: its bytes, in hex"

/* "string?" is ["string","null"]. */
static void add_type(cJSON *object, const char *type)
{
	size_t size = strcspn(type, "?");
	char name[16];
	cJSON *types;

	snprintf(name, sizeof(name), "%.*s", (int)size, type);
	if (type[size] != '?') {
		cJSON_AddStringToObject(object, "type", name);
		return;
	}
	types = cJSON_AddArrayToObject(object, "type");
	cJSON_AddItemToArray(types, cJSON_CreateString(name));
	cJSON_AddItemToArray(types, cJSON_CreateString("null"));
}

static cJSON *add_member(cJSON *members, const char *key, const char *extra, const char *type,
			 const char *help)
{
	char name[128];
	cJSON *member;

	snprintf(name, sizeof(name), "%s%s", key, extra);
	member = cJSON_AddObjectToObject(members, name);
	add_type(member, type);
	if (help)
		cJSON_AddStringToObject(member, "description", help);
	return member;
}

/* The same; an array is one of names. */
static void add_value(cJSON *members, const char *key, const char *extra, const char *type,
		      const char *help)
{
	cJSON *member = add_member(members, key, extra, type, help);

	if (!strncmp(type, "array", 5))
		cJSON_AddStringToObject(cJSON_AddObjectToObject(member, "items"), "type", "string");
}

/* An object of which every member is known. */
struct shape {
	cJSON *object, *members, *required, *together;
};

static struct shape new_shape(const char *title, const char *help)
{
	struct shape shape = { .object = cJSON_CreateObject() };

	cJSON_AddStringToObject(shape.object, "title", title);
	cJSON_AddStringToObject(shape.object, "description", help);
	cJSON_AddStringToObject(shape.object, "type", "object");
	shape.members = cJSON_AddObjectToObject(shape.object, "properties");
	shape.required = cJSON_AddArrayToObject(shape.object, "required");
	cJSON_AddFalseToObject(shape.object, "additionalProperties");
	return shape;
}

static void require(cJSON *required, const char *key, const char *extra)
{
	char name[128];

	snprintf(name, sizeof(name), "%s%s", key, extra);
	cJSON_AddItemToArray(required, cJSON_CreateString(name));
}

/* Members that come with another one, whichever columns were asked for. */
static cJSON *add_together(struct shape *shape, const char *key)
{
	if (!shape->together)
		shape->together = cJSON_AddObjectToObject(shape->object, "dependentRequired");
	return cJSON_AddArrayToObject(shape->together, key);
}

static const char *const hist_members[] = { "count", "total_ns", "unit" };
static const char *const bucket[] = { "low", "high", "count" };

static void add_hist_members(struct shape *shape)
{
	add_member(shape->members, "count", "", "integer", "how many values there are");
	add_member(shape->members, "total_ns", "", "integer", "sum of all values, in nanoseconds");
	add_member(shape->members, "unit", "", "string", "unit of low and high");
}

static void add_hist(struct shape *shape, const char *help)
{
	cJSON *array, *items, *properties, *required, *together = add_together(shape, "histogram");

	add_hist_members(shape);
	array = add_member(shape->members, "histogram", "", "array", help);
	items = cJSON_AddObjectToObject(array, "items");
	cJSON_AddStringToObject(items, "type", "object");
	properties = cJSON_AddObjectToObject(items, "properties");
	required = cJSON_AddArrayToObject(items, "required");
	cJSON_AddFalseToObject(items, "additionalProperties");
	for (size_t i = 0; i < sizeof(bucket) / sizeof(bucket[0]); i++) {
		add_member(properties, bucket[i], "", "integer", NULL);
		require(required, bucket[i], "");
		require(together, hist_members[i], "");
	}
}

/* What is gathered only on request, and what has a word for "none", may be null. */
static const char *or_null(const char *type, const struct column *column, char text[16])
{
	snprintf(text, 16, "%s%s", type, (column->blank || column->on_request) && !strchr(type, '?') ? "?" : "");
	return text;
}

static void add_column(struct shape *shape, const struct column *column)
{
	const struct kind_row *kind = &kinds[column->kind];
	char type[16];

	if (column->kind == KIND_HIST) {
		add_hist(shape, column->help);
		return;
	}
	if (!kind->type)
		return;
	add_value(shape->members, column->key, "", or_null(kind->type, column, type), column->help);
	if (kind->untrusted)
		cJSON_AddStringToObject(add_member(shape->members, column->key, "_hex", "string", HEX_HELP), "pattern",
					"^([0-9a-f]{2})+$");
	if (kind->extra)
		add_value(shape->members, column->key, kind->extra, or_null(kind->extra_type, column, type), NULL);
	if (kind->extra && !kind->extra_rare)
		require(add_together(shape, column->key), column->key, kind->extra);
}

static void add_time(struct shape *shape, const char *help)
{
	cJSON *member = add_member(shape->members, "ts", "", "string", help);

	cJSON_AddStringToObject(member, "format", "date-time");
	require(shape->required, "ts", "");
}

static cJSON *row_shape(const struct column *columns, bool intervals)
{
	struct shape row = new_shape("row", "a line of --json; with --columns, those members only");

	add_time(&row, "when the row was made, UTC");
	if (intervals) {
		add_member(row.members, "interval_s", "", "number", "length of the interval, in seconds");
		require(row.required, "interval_s", "");
	}
	for (; columns->key; columns++)
		add_column(&row, columns);
	return row.object;
}

static void add_const(struct shape *shape, const char *key, const char *value)
{
	cJSON_AddStringToObject(cJSON_AddObjectToObject(shape->members, key), "const", value);
	require(shape->required, key, "");
}

static void add_required(struct shape *shape, const char *key, const char *type, const char *help)
{
	add_member(shape->members, key, "", type, help);
	require(shape->required, key, "");
}

static cJSON *lost_shape(void)
{
	struct shape lost = new_shape("lost", "in place of rows that could not be shown");

	add_time(&lost, "when it was noticed, UTC");
	add_const(&lost, "type", "lost");
	add_required(&lost, "cause", "string", "why");
	add_required(&lost, "count", "integer", "how many, since the last such line of this cause");
	return lost.object;
}

static cJSON *start_shape(const char *tool)
{
	struct shape start = new_shape("start", "first line with --meta");

	add_const(&start, "type", "start");
	add_const(&start, "tool", tool);
	add_required(&start, "version", "string", "of bpftk");
	add_required(&start, "kernel", "string", "release");
	add_required(&start, "hook", "string", "how the kernel was hooked");
	add_member(start.members, "unseen", "", "string", "what the tool cannot see");
	add_value(start.members, "not_covered", "", "array", "functions that are not there yet, and why");
	return start.object;
}

static cJSON *end_shape(const char *tool)
{
	struct shape end = new_shape("end", "last line with --meta");
	cJSON *lost;

	add_const(&end, "type", "end");
	add_const(&end, "tool", tool);
	add_required(&end, "rows", "integer", "how many there were");
	add_required(&end, "lost", "object", "in all, by cause");
	lost = cJSON_AddObjectToObject(cJSON_GetObjectItem(end.members, "lost"), "additionalProperties");
	cJSON_AddStringToObject(lost, "type", "integer");
	return end.object;
}

/* CSV knows strings only. What may be null, or is missing there, is empty. */
static void add_field(struct shape *shape, const char *key, const char *extra, const char *type)
{
	cJSON *member = add_member(shape->members, key, extra, "string", NULL);

	if (!strcmp(type, "integer") || !strcmp(type, "number"))
		cJSON_AddStringToObject(member, "pattern", *type == 'i' ? "^-?[0-9]+$" : "^[0-9]+[.][0-9]+$");
	else if (!strcmp(type, "integer?"))
		cJSON_AddStringToObject(member, "pattern", "^(-?[0-9]+)?$");
}

static cJSON *csv_shape(const struct column *columns, bool intervals)
{
	struct shape csv = new_shape("csv", "a line of --csv, by its heading, all fields as strings and in this order; "
				     "a histogram has a line for each bucket");

	add_time(&csv, "when the row was made, UTC");
	if (intervals) {
		add_field(&csv, "interval_s", "", "number");
		require(csv.required, "interval_s", "");
	}
	for (; columns->key; columns++) {
		const struct kind_row *kind = &kinds[columns->kind];
		char type[16];

		if (columns->kind == KIND_HIST) {
			for (size_t i = 0; i < 3; i++)
				add_field(&csv, hist_members[i], "", i < 2 ? "integer" : "string");
			for (size_t i = 0; i < 3; i++)
				add_field(&csv, "histogram_", bucket[i], "integer");
		} else if (kind->type) {
			add_field(&csv, columns->key, "", or_null(kind->type, columns, type));
			if (kind->extra)
				add_field(&csv, columns->key, kind->extra, or_null(kind->extra_type, columns, type));
		}
	}
	return csv.object;
}

char *output_schema(const char *tool, const char *summary, const struct column *columns, bool intervals)
{
	cJSON *schema = cJSON_CreateObject(), *lines, *definitions;
	char *text;

	cJSON_AddStringToObject(schema, "$schema", "https://json-schema.org/draft/2020-12/schema");
	cJSON_AddStringToObject(schema, "title", tool);
	cJSON_AddStringToObject(schema, "description", summary);
	lines = cJSON_AddArrayToObject(schema, "oneOf");
	cJSON_AddItemToArray(lines, row_shape(columns, intervals));
	cJSON_AddItemToArray(lines, lost_shape());
	cJSON_AddItemToArray(lines, start_shape(tool));
	cJSON_AddItemToArray(lines, end_shape(tool));
	definitions = cJSON_AddObjectToObject(schema, "$defs");
	cJSON_AddItemToObject(definitions, "csv", csv_shape(columns, intervals));
	text = cJSON_Print(schema);
	cJSON_Delete(schema);
	return text;
}
