// SPDX-License-Identifier: GPL-2.0-only
/* text.c - a byte buffer that grows */
#include <stdlib.h>
#include "output.h"
#include "safe.h"
#include "text.h"

#define DECIMAL_MAX 20	/* digits of 2^64 - 1 */

bool text_grow(struct text *text, size_t more)
{
	size_t room = text->room ? text->room : 4096;
	char *data;

	if (text->failed)
		return false;
	while (room - text->size < more)
		room *= 2;
	data = realloc(text->data, room);
	if (!data) {
		text->failed = true;
		return false;
	}
	text->data = data;
	text->room = room;
	return true;
}

void text_fill(struct text *text, char c, size_t count)
{
	if (!count || !text_room(text, count))
		return;
	memset(text_end(text), c, count);
	text->size += count;
}

static inline unsigned int decimal_size(u64 number)
{
	unsigned int size = 1;

	for (; number >= 10000; number /= 10000)
		size += 4;
	return size + (number >= 10) + (number >= 100) + (number >= 1000);
}

/* size: no less than decimal_size(). Two digits at a time: half the divisions. */
static inline void decimal(char *digits, u64 number, unsigned int size)
{
	static const char pairs[] =
		"00010203040506070809101112131415161718192021222324252627282930313233"
		"34353637383940414243444546474849505152535455565758596061626364656667"
		"6869707172737475767778798081828384858687888990919293949596979899";
	u32 small;

	for (; number >> 32; number /= 100)
		memcpy(digits + (size -= 2), &pairs[number % 100 * 2], 2);
	for (small = number; size >= 2; small /= 100)	/* divided in half as many instructions */
		memcpy(digits + (size -= 2), &pairs[small % 100 * 2], 2);
	if (size)
		*digits = '0' + small;
}

static void octal_or_hex(struct text *text, u64 number, unsigned int bits, unsigned int least)
{
	unsigned int size = 1;
	char *end;

	while (size * bits < 64 && number >> size * bits)
		size++;
	if (size < least)
		size = least;
	if (!text_room(text, size))
		return;
	end = text_end(text);
	text->size += size;
	for (; size--; number >>= bits)
		end[size] = "0123456789abcdef"[number & ((1 << bits) - 1)];
}

void text_digits(struct text *text, u64 number, unsigned int base, unsigned int least)
{
	unsigned int size;

	if (base != 10) {
		octal_or_hex(text, number, base == 8 ? 3 : 4, least);
		return;
	}
	size = decimal_size(number);
	if (size < least)
		size = least;
	if (!text_room(text, size))
		return;
	decimal(text_end(text), number, size);
	text->size += size;
}

void text_number(struct text *text, u64 number)
{
	unsigned int size = 1;

	if (!text_room(text, DECIMAL_MAX))
		return;
	if (number < 10) {	/* descriptors, errors, small counts: most numbers */
		*text_end(text) = '0' + number;
	} else {
		size = decimal_size(number);
		decimal(text_end(text), number, size);
	}
	text->size += size;
}

void text_signed(struct text *text, s64 number)
{
	if (number >= 0) {
		text_number(text, number);
		return;
	}
	text_char(text, '-');
	text_number(text, -(u64)number);
}

void text_safe(struct text *text, const char *bytes, size_t size)
{
	size_t plain;

	if (!text_room(text, 4 * size + 1))
		return;
	plain = copy_plain(text_end(text), bytes, size);
	text->size += plain;
	if (plain == size)
		return;
	text->size += safe_text(text_end(text), bytes + plain, size - plain);
	text->uneven = true;
}

void text_pad(struct text *text, size_t blanks)
{
	if (!text_room(text, blanks + TEXT_CHUNK))
		return;
	for (size_t i = 0; i < blanks; i += TEXT_CHUNK)
		memset(text_end(text) + i, ' ', TEXT_CHUNK);
	text->size += blanks;
}

void text_shift(struct text *text, size_t size, size_t blanks)
{
	char chunk[TEXT_CHUNK], *start;

	if (!text_room(text, blanks + TEXT_CHUNK))
		return;
	start = text_end(text) - size;
	text->size += blanks;
	if (size <= TEXT_CHUNK && blanks <= TEXT_CHUNK) {	/* a number in its cell */
		memcpy(chunk, start, TEXT_CHUNK);
		memset(start, ' ', TEXT_CHUNK);
		memcpy(start + blanks, chunk, TEXT_CHUNK);
	} else {
		memmove(start + blanks, start, size);
		memset(start, ' ', blanks);
	}
}

void text_clear(struct text *text)
{
	text->size = 0;
	text->failed = text->uneven = false;
}

void text_free(struct text *text)
{
	free(text->data);
	*text = (struct text){};
}
