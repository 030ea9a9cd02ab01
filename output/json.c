// SPDX-License-Identifier: GPL-2.0-only
/* json.c - one object a line, written as it goes: no tree, no allocation for a row */
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

/* How many bytes from here on mean themselves. */
static size_t json_plain(const char *bytes, size_t size)
{
	size_t i = 0;

	while (i < size && bytes[i] >= ' ' && bytes[i] <= '~' && bytes[i] != '"' &&
	       bytes[i] != '\\')
		i++;
	return i;
}

bool text_json(struct text *text, const char *bytes, size_t size)
{
	bool valid = true;
	size_t length;
	u32 point;

	text_char(text, '"');
	for (; size; bytes += length, size -= length) {
		length = json_plain(bytes, size);
		if (length) {
			text_bytes(text, bytes, length);
			continue;
		}
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

static void json_value(struct output *out, const struct value *value, const char *key,
		       const char *extra)
{
	struct text *text = &out->text;

	if (value->type == VALUE_NONE)
		return;
	if (value->type == VALUE_HIST) {	/* several members, named the same in every tool */
		json_hist(out, value->hist);
		return;
	}
	json_key(text, key, extra);
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
		text_flags(text, value->bits, value->names, "\"", ",");
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

static void json_row(struct output *out, const struct row *row)
{
	struct text *text = &out->text;

	json_timestamp(out);
	if (out->when.interval_ns) {
		text_string(text, ",\"interval_s\":");
		text_seconds(text, out->when.interval_ns, 9);
	}
	for (const struct column **shown = out->shown; *shown; shown++) {
		const char *key = (*shown)->key, *extra = kinds[(*shown)->kind].extra;
		struct values values = read_values(out, row, *shown);

		json_value(out, &values.plain, key, "");
		json_value(out, &values.extra, key, extra ? extra : "");
	}
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

static void json_object(struct output *out, const char *json)
{
	text_string(&out->text, json);
	text_char(&out->text, '\n');
}

const struct renderer json_renderer = {
	.row = json_row, .interval = json_interval, .lost = json_lost, .object = json_object,
};
