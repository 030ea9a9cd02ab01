// SPDX-License-Identifier: GPL-2.0-only
/* json.c - one object a line, written as it goes: no tree, no allocation for a row */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "internal.h"
#include "json.h"
#include "safe.h"

static void text_u16(struct text *text, u32 unit)
{
	text_string(text, "\\u");
	text_digits(text, unit, 16, 4);
}

static void json_escape(struct text *text, u32 point)
{
	if (point > 0xffff) {	/* as UTF-16 */
		text_u16(text, 0xd7c0 + (point >> 10));
		point = 0xdc00 | (point & 0x3ff);
	}
	text_u16(text, point);
}

static size_t text_plain_json(struct text *text, const char *bytes, size_t size)
{
	size_t plain = 0;

	if (text_room(text, size))
		plain = copy_plain_json(text_end(text), bytes, size);
	text->size += plain;
	return plain;
}

bool text_json(struct text *text, const char *bytes, size_t size)
{
	bool valid = true;
	size_t length;
	u32 point;

	text_char(text, '"');
	for (; size; bytes += length, size -= length) {
		length = text_plain_json(text, bytes, size);
		if (length)
			continue;
		length = utf8_character(bytes, size, &point);
		if (!length) {
			text_string(text, "\xef\xbf\xbd");	/* U+FFFD, replacement character */
			valid = false;
			length = 1;
		} else if (point == '"' || point == '\\') {
			text_char(text, '\\');
			text_char(text, point);
		} else if (point_unsafe(point)) {
			json_escape(text, point);
		} else {
			text_bytes(text, bytes, length);
		}
	}
	text_char(text, '"');
	return valid;
}

static void json_key(struct text *text, const char *key, const char *extra)
{
	text_string(text, ",\"");
	text_string(text, key);
	text_string(text, extra);
	text_string(text, "\":");
}

static void json_string(struct text *text, const struct value *value, const char *key)
{
	if (text_json(text, value->bytes, value->size))
		return;
	json_key(text, key, "_hex");
	text_char(text, '"');
	for (size_t i = 0; i < value->size; i++)
		text_digits(text, (unsigned char)value->bytes[i], 16, 2);
	text_char(text, '"');
}

static void json_hist(struct output *out, const void *from)
{
	const char *unit = out->spec->unit ? out->spec->unit : "";
	struct text *text = &out->text;
	unsigned int slot = 1, last = 0;
	struct hist hist;

	hist_copy(&hist, from);
	text_string(text, ",\"count\":");
	text_number(text, hist_count(&hist));
	text_string(text, ",\"total_ns\":");
	text_number(text, hist.total_ns);
	text_string(text, ",\"unit\":\"");
	text_string(text, unit);
	text_string(text, "\",\"histogram\":[");
	for (hist_bounds(&hist, &slot, &last); slot <= last; slot++) {
		text_string(text, "{\"low\":");
		text_number(text, hist_low(slot));
		text_string(text, ",\"high\":");
		text_number(text, hist_high(slot));
		text_string(text, ",\"count\":");
		text_number(text, hist.slots[slot]);
		text_string(text, slot < last ? "}," : "}");
	}
	text_char(text, ']');
}

static void json_value(struct text *text, const struct value *value, const char *key)
{
	switch (value->type) {
	case VALUE_UNSIGNED:
		text_number(text, value->number);
		break;
	case VALUE_SIGNED:
		text_signed(text, value->signed_number);
		break;
	case VALUE_ADDRESS:
		text_string(text, "\"0x");
		text_digits(text, value->number, 16, 1);
		text_char(text, '"');
		break;
	case VALUE_STRING:
		json_string(text, value, key);
		break;
	case VALUE_FLAGS:
		text_char(text, '[');
		text_flags(text, value->bits, value->names, '"', ',');
		text_char(text, ']');
		break;
	default:
		text_string(text, "null");
	}
}

static void json_timestamp(struct output *out)
{
	text_string(&out->text, "{\"ts\":\"");
	text_rfc3339(&out->text, &out->stamp, out->when.realtime_ns);
	text_char(&out->text, '"');
}

/* A number as tables show it, too, which most columns are: false where it is not. */
static bool json_bare(struct output *out, const struct parts *parts, const struct column *column,
		      const struct json_key *key)
{
	const struct kind_row *kind = &kinds[column->kind];
	struct member member;

	if (!kind->bare || !find_part(&member, out, parts, column))
		return false;
	text_chunks(&out->text, out->json_names.data + key->plain, key->plain_size);
	kind->cell(&member);
	return true;
}

static void json_column(struct output *out, const struct parts *parts, const struct column *column,
			const struct json_key *key)
{
	const struct values values = read_values(out, parts, column);
	const char *names = out->json_names.data;
	struct text *text = &out->text;

	if (values.plain.type == VALUE_HIST) {	/* several members, named the same in every tool */
		json_hist(out, values.plain.hist);
	} else if (values.plain.type != VALUE_NONE) {
		text_chunks(text, names + key->plain, key->plain_size);
		json_value(text, &values.plain, column->key);
	}
	if (values.extra.type != VALUE_NONE) {
		text_chunks(text, names + key->extra, key->extra_size);
		json_value(text, &values.extra, column->key);
	}
}

static void json_row(struct output *out, const struct row *row)
{
	const struct parts parts = row_parts(out, row);
	const struct json_key *key = out->json_keys;
	struct text *text = &out->text;

	json_timestamp(out);
	if (out->when.interval_ns) {
		text_string(text, ",\"interval_s\":");
		text_seconds(text, out->when.interval_ns, 9);
	}
	for (const struct column **shown = out->shown; *shown; shown++, key++)
		if (!json_bare(out, &parts, *shown, key))
			json_column(out, &parts, *shown, key);
	text_string(text, "}\n");
}

static void json_interval(struct output *out, const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		json_row(out, &rows[i]);
}

static void json_lost(struct output *out, const char *cause, u64 count)
{
	struct text *text = &out->text;

	json_timestamp(out);
	text_string(text, ",\"type\":\"lost\",\"cause\":");
	text_json(text, cause, strlen(cause));
	json_key(text, "count", "");
	text_number(text, count);
	text_string(text, "}\n");
}

/* Put ,"key": into names, filled up for text_chunks(). Returns where it is. */
static size_t prepare(struct text *names, const char *key, const char *extra, size_t *size)
{
	size_t start = names->size;

	json_key(names, key, extra);
	*size = names->size - start;
	text_fill(names, ' ', -*size % TEXT_CHUNK);
	return start;
}

/* Names of members are the same in every row: they are put together once. */
static int json_open(struct output *out)
{
	struct text *names = &out->json_names;
	struct json_key *key;
	size_t count = 0;

	while (out->shown[count])
		count++;
	key = out->json_keys = calloc(count + 1, sizeof(*key));
	if (!key)
		return -ENOMEM;
	for (const struct column **shown = out->shown; *shown; shown++, key++) {
		const char *extra = kinds[(*shown)->kind].extra;

		key->plain = prepare(names, (*shown)->key, "", &key->plain_size);
		key->extra = prepare(names, (*shown)->key, extra ? extra : "", &key->extra_size);
	}
	return names->failed ? -ENOMEM : 0;
}

static void json_object(struct output *out, const char *json)
{
	text_string(&out->text, json);
	text_char(&out->text, '\n');
}

const struct renderer json_renderer = {
	.open = json_open, .row = json_row, .interval = json_interval, .lost = json_lost,
	.object = json_object,
};
