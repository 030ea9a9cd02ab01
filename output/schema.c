// SPDX-License-Identifier: GPL-2.0-only
/* schema.c - `bpftk schema TOOL`: what a row in JSON has in it, as a JSON Schema */
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

static void add_hist(cJSON *members, const char *help)
{
	static const char *const bucket[] = { "low", "high", "count" };
	cJSON *array, *items, *properties;

	add_member(members, "count", "", "integer", "how many values there are");
	add_member(members, "total_ns", "", "integer", "sum of all values, in nanoseconds");
	add_member(members, "unit", "", "string", "unit of low and high");
	array = add_member(members, "histogram", "", "array", help);
	items = cJSON_AddObjectToObject(array, "items");
	cJSON_AddStringToObject(items, "type", "object");
	properties = cJSON_AddObjectToObject(items, "properties");
	for (size_t i = 0; i < sizeof(bucket) / sizeof(bucket[0]); i++)
		add_member(properties, bucket[i], "", "integer", NULL);
}

/* What is gathered only on request, and what has a word for "none", may be null. */
static const char *or_null(const char *type, const struct column *column, char text[16])
{
	snprintf(text, 16, "%s%s", type, (column->blank || column->on_request) && !strchr(type, '?') ? "?" : "");
	return text;
}

static void add_column(cJSON *members, cJSON *required, const struct column *column)
{
	const struct kind_row *kind = &kinds[column->kind];
	char type[16];

	if (column->kind == KIND_HIST) {
		add_hist(members, column->help);
		cJSON_AddItemToArray(required, cJSON_CreateString("histogram"));
		return;
	}
	if (!kind->type)
		return;
	add_value(members, column->key, "", or_null(kind->type, column, type), column->help);
	cJSON_AddItemToArray(required, cJSON_CreateString(column->key));
	if (kind->untrusted)
		add_member(members, column->key, "_hex", "string", HEX_HELP);
	if (kind->extra)
		add_value(members, column->key, kind->extra, or_null(kind->extra_type, column, type), NULL);
}

static cJSON *document(const char *tool, const char *summary, const struct column *columns,
		       enum layout layout)
{
	cJSON *schema = cJSON_CreateObject(), *members, *required = cJSON_CreateArray(), *member;

	cJSON_AddStringToObject(schema, "$schema", "https://json-schema.org/draft/2020-12/schema");
	cJSON_AddStringToObject(schema, "title", tool);
	cJSON_AddStringToObject(schema, "description", summary);
	cJSON_AddStringToObject(schema, "type", "object");
	members = cJSON_AddObjectToObject(schema, "properties");
	cJSON_AddItemToObject(schema, "required", required);

	member = add_member(members, "ts", "", "string", "when the row was made, UTC");
	cJSON_AddStringToObject(member, "format", "date-time");
	cJSON_AddItemToArray(required, cJSON_CreateString("ts"));
	add_member(members, "interval_s", "", "number", "length of the interval, in seconds");
	if (layout != LAYOUT_LINES)	/* which is for streams, too */
		cJSON_AddItemToArray(required, cJSON_CreateString("interval_s"));
	for (; columns->key; columns++)
		add_column(members, required, columns);
	return schema;
}

char *output_schema(const char *tool, const char *summary, const struct column *columns,
		    enum layout layout)
{
	cJSON *schema = document(tool, summary, columns, layout);
	char *text = cJSON_Print(schema);

	cJSON_Delete(schema);
	return text;
}
