// SPDX-License-Identifier: GPL-2.0-only
/* text.c - a byte buffer that grows */
#include <stdlib.h>
#include <string.h>
#include "output.h"
#include "safe.h"
#include "text.h"

#define DIGITS_MAX 22	/* 2^64 - 1 in octal */

char *text_room(struct text *text, size_t more)
{
	size_t room = text->room ? text->room : 4096;
	char *data;

	if (text->failed)
		return NULL;
	if (text->data && more <= text->room - text->size)
		return text->data + text->size;

	while (room - text->size < more)
		room *= 2;
	data = realloc(text->data, room);
	if (!data) {
		text->failed = true;
		return NULL;
	}
	text->data = data;
	text->room = room;
	return data + text->size;
}

void text_bytes(struct text *text, const char *bytes, size_t size)
{
	char *end = text_room(text, size);

	if (!end || !size)
		return;
	memcpy(end, bytes, size);
	text->size += size;
}

void text_string(struct text *text, const char *string)
{
	text_bytes(text, string, strlen(string));
}

void text_char(struct text *text, char c)
{
	text_bytes(text, &c, 1);
}

void text_fill(struct text *text, char c, size_t count)
{
	char *end = text_room(text, count);

	if (!end || !count)
		return;
	memset(end, c, count);
	text->size += count;
}

static inline void digits_of(struct text *text, u64 number, unsigned int base, unsigned int least)
{
	char digits[DIGITS_MAX];
	char *first = digits + sizeof(digits);
	size_t size;

	do {
		*--first = "0123456789abcdef"[number % base];
		number /= base;
	} while (number);

	size = digits + sizeof(digits) - first;
	if (size < least)
		text_fill(text, '0', least - size);
	text_bytes(text, first, size);
}

void text_digits(struct text *text, u64 number, unsigned int base, unsigned int least)
{
	if (base == 10)	/* dividing by what the compiler knows is many times faster */
		digits_of(text, number, 10, least);
	else
		digits_of(text, number, base, least);
}

void text_number(struct text *text, u64 number)
{
	text_digits(text, number, 10, 1);
}

void text_signed(struct text *text, s64 number)
{
	if (number < 0)
		text_char(text, '-');
	text_number(text, number < 0 ? -(u64)number : (u64)number);
}

void text_safe(struct text *text, const char *bytes, size_t size)
{
	char *end = text_room(text, 4 * size + 1);

	if (end)
		text->size += safe_text(end, bytes, size);
}

void text_align(struct text *text, size_t start, int width)
{
	size_t cell = abs(width), size = text->size - start, used, blanks;

	if (text->failed)
		return;
	used = safe_columns(text->data + start, size);
	if (used >= cell)
		return;
	blanks = cell - used;
	text_fill(text, ' ', blanks);
	if (width < 0 || text->failed)
		return;
	memmove(text->data + start + blanks, text->data + start, size);
	memset(text->data + start, ' ', blanks);
}

void text_clear(struct text *text)
{
	text->size = 0;
	text->failed = false;
}

void text_free(struct text *text)
{
	free(text->data);
	*text = (struct text){};
}
