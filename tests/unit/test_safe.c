// SPDX-License-Identifier: GPL-2.0-only
/* test_safe.c - untrusted bytes in tables and in JSON */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include "json.h"
#include "safe.h"
#include "support.h"

struct example {
	const char *bytes;
	size_t size;
	const char *safe;
	unsigned int columns;
};

#define EXAMPLE(bytes, safe, columns) { bytes, sizeof(bytes) - 1, safe, columns }

static const struct example examples[] = {
	EXAMPLE("", "", 0),
	EXAMPLE("plain ~text!", "plain ~text!", 12),
	EXAMPLE("C:\\x41", "C:\\\\x41", 7),
	EXAMPLE("a\nb\tc\rd", "a\\nb\\tc\\x0dd", 12),
	EXAMPLE("\033[2J\a", "\\x1b[2J\\x07", 11),
	EXAMPLE("nul\0end", "nul\\x00end", 10),
	EXAMPLE("\x7f", "\\x7f", 4),
	EXAMPLE("\xc2\x9b" "31m", "\\xc2\\x9b31m", 11),	/* C1: as good as ESC [ */
	EXAMPLE("\xc2\xa0\xc3\xa9", "\xc2\xa0\xc3\xa9", 2),
	EXAMPLE("e\xcc\x81", "e\xcc\x81", 1),	/* combining */
	EXAMPLE("\xe6\x97\xa5\xe6\x9c\xac", "\xe6\x97\xa5\xe6\x9c\xac", 4),	/* wide */
	EXAMPLE("\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80", 2),
	EXAMPLE("\xe2\x80\xae" "fdp", "\\u{202e}fdp", 11),
	EXAMPLE("\xe2\x81\xa6\xe2\x80\x8b\xe2\x80\xa8", "\\u{2066}\\u{200b}\\u{2028}", 24),
	EXAMPLE("\xef\xbb\xbf", "\\u{feff}", 8),
	EXAMPLE("\xc2\xad", "\\u{ad}", 6),
	EXAMPLE("\xf3\xa0\x81\x81", "\\u{e0041}", 9),
	EXAMPLE("\xff\xfe", "\\xff\\xfe", 8),
	EXAMPLE("\xc0\xaf", "\\xc0\\xaf", 8),	/* '/' in two bytes */
	EXAMPLE("\xe0\x80\xaf", "\\xe0\\x80\\xaf", 12),
	EXAMPLE("\xed\xa0\x80", "\\xed\\xa0\\x80", 12),	/* surrogate */
	EXAMPLE("\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80", 16),	/* U+110000 */
	EXAMPLE("cut \xe6\x97", "cut \\xe6\\x97", 12),
	EXAMPLE("\xe6" "a\xe6\x97" "b", "\\xe6a\\xe6\\x97b", 14),
};

static void test_examples(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(examples); i++) {
		const struct example *example = &examples[i];
		char *safe = malloc(4 * example->size + 1);
		size_t size = safe_text(safe, example->bytes, example->size);

		assert_string_equal(safe, example->safe);
		assert_int_equal(size, strlen(example->safe));
		assert_int_equal(safe_columns(safe, size), example->columns);
		free(safe);
	}
}

struct json_example {
	const char *bytes, *json;
};

/* Invisible in a terminal means escaped in JSON, too; beyond 16 bits as two surrogates. */
static void test_json_examples(void **state)
{
	static const struct json_example json_examples[] = {
		{ "a\"b\\c/d", "\"a\\\"b\\\\c/d\"" },
		{ "\x01\n\x7f", "\"\\u0001\\u000a\\u007f\"" },
		{ "\xc2\x9b\xe2\x80\xae", "\"\\u009b\\u202e\"" },
		{ "\xf3\xa0\x81\x81", "\"\\udb40\\udc41\"" },
		{ "\xf0\x9f\x98\x80", "\"\xf0\x9f\x98\x80\"" },
	};
	struct text text = {};

	(void)state;
	for (size_t i = 0; i < COUNT(json_examples); i++) {
		const struct json_example *example = &json_examples[i];

		text_clear(&text);
		assert_true(text_json(&text, example->bytes, strlen(example->bytes)));
		assert_int_equal(text.size, strlen(example->json));
		assert_memory_equal(text.data, example->json, text.size);
	}
	text_free(&text);
}

/* xorshift: the same bytes every time. */
static u32 next_random(void)
{
	static u32 state = 2463534242;

	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state;
}

/* Mostly bytes that mean something: parts of UTF-8, controls, quotes. */
static size_t random_bytes(char *bytes, size_t room)
{
	static const char hot[] = "\\\"\n\t\033\x7f\xc2\x9b\xe2\x80\xae\xf0\x9f\x98\x80"
				  "\xed\xa0\xff";
	size_t size = next_random() % (room + 1);

	for (size_t i = 0; i < size; i++)
		bytes[i] = next_random() % 3 ? hot[next_random() % (sizeof(hot) - 1)] :
					       (char)next_random();
	return size;
}

static int hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* UTF-8 of a point, by another way than safe.c's. */
static size_t encode(char *end, u32 point)
{
	if (point < 0x800) {
		end[0] = 0xc0 | point >> 6;
		end[1] = 0x80 | (point & 0x3f);
		return 2;
	}
	if (point < 0x10000) {
		end[0] = 0xe0 | point >> 12;
		end[1] = 0x80 | (point >> 6 & 0x3f);
		end[2] = 0x80 | (point & 0x3f);
		return 3;
	}
	end[0] = 0xf0 | point >> 18;
	end[1] = 0x80 | (point >> 12 & 0x3f);
	end[2] = 0x80 | (point >> 6 & 0x3f);
	end[3] = 0x80 | (point & 0x3f);
	return 4;
}

/* Undo safe_text(): that this can be done means that no two names look the same. */
static size_t undo(char *bytes, const char *safe)
{
	char *end = bytes;

	while (*safe) {
		if (*safe != '\\') {
			*end++ = *safe++;
			continue;
		}
		switch (safe[1]) {
		case '\\': *end++ = '\\'; safe += 2; break;
		case 'n': *end++ = '\n'; safe += 2; break;
		case 't': *end++ = '\t'; safe += 2; break;
		case 'x':
			*end++ = hex_digit(safe[2]) << 4 | hex_digit(safe[3]);
			safe += 4;
			break;
		case 'u':
			end += encode(end, strtoul(safe + 3, (char **)&safe, 16));
			assert_int_equal(*safe++, '}');
			break;
		default:
			fail_msg("strange escape %s", safe);
		}
	}
	return end - bytes;
}

static void assert_harmless(const char *safe, size_t size)
{
	while (size) {
		u32 point = 0;
		size_t length = utf8_character(safe, size, &point);

		assert_true(length > 0);
		assert_false(point_unsafe(point));
		assert_true(point >= ' ' && point != 0x7f);
		safe += length;
		size -= length;
	}
}

static void test_random_text(void **state)
{
	char bytes[64], safe[4 * sizeof(bytes) + 1], again[sizeof(safe)];

	(void)state;
	for (int round = 0; round < 100003; round++) {
		size_t size = random_bytes(bytes, sizeof(bytes));
		size_t length = safe_text(safe, bytes, size);

		assert_true(length <= 4 * size);
		assert_int_equal(safe[length], 0);
		assert_harmless(safe, length);
		assert_int_equal(undo(again, safe), size);
		assert_memory_equal(again, bytes, size);
	}
}

static const struct column name_columns[] = {
	{ .heading = "NAME", .key = "name", .kind = KIND_COMM, .size = 64 }, {}
};

static bool is_utf8(const char *bytes, size_t size)
{
	size_t length;
	u32 point;

	for (; size; bytes += length, size -= length) {
		length = utf8_character(bytes, size, &point);
		if (!length)
			return false;
	}
	return true;
}

static void check_hex(const cJSON *hex, const char *bytes, size_t size)
{
	assert_int_equal(strlen(hex->valuestring), 2 * size);
	for (size_t i = 0; i < size; i++)
		assert_int_equal(hex_digit(hex->valuestring[2 * i]) << 4 |
				 hex_digit(hex->valuestring[2 * i + 1]), (unsigned char)bytes[i]);
}

/* In one way or the other every byte comes back. */
static void check_json(const char *line, const char *bytes, size_t size)
{
	cJSON *json = cJSON_Parse(line);
	const cJSON *name, *hex;

	if (!json)
		fail_msg("not JSON: %s", line);
	name = cJSON_GetObjectItem(json, "name");
	hex = cJSON_GetObjectItem(json, "name_hex");
	assert_true(cJSON_IsString(name));
	assert_int_equal(!hex, is_utf8(bytes, size));
	if (hex) {
		check_hex(hex, bytes, size);
		assert_non_null(strstr(name->valuestring, "\xef\xbf\xbd"));
	} else {
		assert_int_equal(strlen(name->valuestring), size);
		assert_memory_equal(name->valuestring, bytes, size);
	}
	cJSON_Delete(json);
}

static void test_random_json(void **state)
{
	struct output_spec spec = { .tool = "test", .columns = name_columns,
				    .format = FORMAT_JSON };
	char bytes[64];

	(void)state;
	for (int round = 0; round < 5003; round++) {
		struct row row = { .value = bytes, .size = sizeof(bytes) };
		char *line;
		size_t size;

		memset(bytes, 0, sizeof(bytes));
		size = strnlen(bytes, random_bytes(bytes, sizeof(bytes)));
		memset(bytes + size, 0, sizeof(bytes) - size);
		line = show_interval(&spec, &row, 1, 0);
		size = strlen(line);
		assert_true(size > 1 && line[size - 1] == '\n');
		assert_harmless(line, size - 1);
		check_json(line, bytes, strnlen(bytes, sizeof(bytes)));
		free(line);
	}
}

/* A CSV field of the worst a name can have. */
/* Every byte at every place of a word, of two, and of what is left over. */
static void test_plain(void **state)
{
	char bytes[21], copy[21];

	(void)state;
	for (unsigned int byte = 0; byte < 256; byte++) {
		bool plain = byte >= ' ' && byte <= '~' && byte != '\\';

		for (size_t size = 1; size <= sizeof(bytes); size++)
			for (size_t place = 0; place < size; place++) {
				memset(bytes, '~', size);
				bytes[place] = byte;
				memset(copy, 0, sizeof(copy));
				assert_int_equal(copy_plain(copy, bytes, size), plain ? size : place);
				assert_memory_equal(copy, bytes, plain ? size : place);
				assert_int_equal(copy_plain_json(copy, bytes, size),
						 plain && byte != '"' ? size : place);
				assert_memory_equal(copy, bytes, place);
			}
	}
}

static void test_csv(void **state)
{
	static const char *const names[][2] = {
		{ "plain", "plain" },
		{ "a,b", "\"a,b\"" },
		{ "\"", "\"\"\"\"" },
		{ "say \"no\", he said", "\"say \"\"no\"\", he said\"" },
		{ " lead", "\" lead\"" },
		{ "trail ", "\"trail \"" },
		{ "two\nlines,\"1\"", "\"two\\nlines,\"\"1\"\"\"" },
		{ "", "" },
	};
	struct output_spec spec = { .tool = "test", .columns = name_columns,
				    .format = FORMAT_CSV, .no_header = true };
	char expected[128];

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		char bytes[64] = "";
		struct row row = { .value = bytes, .size = sizeof(bytes) };
		char *line;

		strcpy(bytes, names[i][0]);
		line = show_interval(&spec, &row, 1, 0);
		snprintf(expected, sizeof(expected), "2026-03-01T12:34:56.000000789Z,%s\n",
			 names[i][1]);
		assert_string_equal(line, expected);
		free(line);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_examples),
		cmocka_unit_test(test_json_examples),
		cmocka_unit_test(test_random_text),
		cmocka_unit_test(test_random_json),
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_csv),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
