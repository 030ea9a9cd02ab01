// SPDX-License-Identifier: GPL-2.0-only
/*
 * safe.c - names of tasks, files and functions are chosen by whom we watch. Here they lose the
 * power to move the cursor, to forge a row or to make text read otherwise than it is.
 */
#define _GNU_SOURCE 1	/* mempcpy */
#include <string.h>
#include "output.h"
#include "safe.h"

struct range {
	u32 first, last;
};

static const struct range unsafe[] = {
	{ 0x0000, 0x001f },	/* C0 controls */
	{ 0x007f, 0x009f },	/* delete, C1 controls */
	{ 0x00ad, 0x00ad },	/* soft hyphen */
	{ 0x061c, 0x061c },	/* Arabic letter mark */
	{ 0x180e, 0x180e },	/* Mongolian vowel separator */
	{ 0x200b, 0x200f },	/* zero width space and joiners, direction marks */
	{ 0x2028, 0x202e },	/* line and paragraph separator, embeddings and overrides */
	{ 0x2060, 0x206f },	/* word joiner, invisible operators, isolates */
	{ 0xfeff, 0xfeff },	/* zero width no-break space, byte order mark */
	{ 0xfff9, 0xfffb },	/* interlinear annotation */
	{ 0xfffe, 0xffff },	/* not characters */
	{ 0xe0000, 0xe0fff },	/* tags, variation selectors supplement */
};

/* East Asian wide and full-width, roughly: blocks, not single characters. */
static const struct range wide[] = {
	{ 0x1100, 0x115f }, { 0x2e80, 0x303e }, { 0x3041, 0xa4cf }, { 0xac00, 0xd7a3 },
	{ 0xf900, 0xfaff }, { 0xfe30, 0xfe6f }, { 0xff00, 0xff60 }, { 0xffe0, 0xffe6 },
	{ 0x1f300, 0x1f64f }, { 0x1f680, 0x1f6ff }, { 0x1f900, 0x1f9ff }, { 0x20000, 0x3fffd },
};

static const struct range combining[] = {
	{ 0x0300, 0x036f }, { 0x1ab0, 0x1aff }, { 0x1dc0, 0x1dff }, { 0x20d0, 0x20ff },
	{ 0xfe00, 0xfe0f }, { 0xfe20, 0xfe2f },
};

/* Printable ASCII but the backslash, which escapes, and, in JSON, the quote. */
static inline bool plain_byte(unsigned char byte, bool json)
{
	static const bool plain[256] = {
		[' ' ... '!'] = true, ['#' ... '['] = true, [']' ... '~'] = true,
	};

	return plain[byte] || (byte == '"' && !json);
}

#define BYTES(byte) (~0ULL / 255 * (byte))	/* eight times the same */

/*
 * The same of eight bytes at once, as in the kernel's word-at-a-time.h. Where all are ASCII, bit 7
 * of a byte is set by adding one to 0x7f, by taking ' ' from less, and by taking one from zero.
 */
static inline bool plain_word(u64 word, bool json)
{
	u64 odd = word | (word + BYTES(1)) | (word - BYTES(' ')) | ((word ^ BYTES('\\')) - BYTES(1));

	if (json)
		odd |= (word ^ BYTES('"')) - BYTES(1);
	return !(odd & BYTES(0x80));
}

static inline size_t copy_leading(char *dst, const char *src, size_t size, bool json)
{
	size_t i = 0;
	u64 word;

	while (size - i >= sizeof(word)) {
		memcpy(&word, src + i, sizeof(word));
		if (!plain_word(word, json))
			break;
		memcpy(dst + i, &word, sizeof(word));
		i += sizeof(word);
	}
	if (size >= sizeof(word) && size - i < sizeof(word)) {	/* the last eight: some are there already */
		memcpy(&word, src + size - sizeof(word), sizeof(word));
		if (plain_word(word, json)) {
			memcpy(dst + size - sizeof(word), &word, sizeof(word));
			return size;
		}
	}
	for (; i < size && plain_byte(src[i], json); i++)
		dst[i] = src[i];
	return i;
}

size_t copy_plain(char *dst, const char *src, size_t size)
{
	return copy_leading(dst, src, size, false);
}

size_t copy_plain_json(char *dst, const char *src, size_t size)
{
	return copy_leading(dst, src, size, true);
}

static bool in_range(u32 point, const struct range *ranges, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (point >= ranges[i].first && point <= ranges[i].last)
			return true;
	return false;
}

#define IN(point, ranges) in_range(point, ranges, sizeof(ranges) / sizeof((ranges)[0]))

bool point_unsafe(u32 point)
{
	return IN(point, unsafe);
}

unsigned int point_columns(u32 point)
{
	if (point < 0x300)
		return 1;
	if (IN(point, combining))
		return 0;
	return IN(point, wide) ? 2 : 1;
}

/* How many bytes a first byte promises; what it then says may still be no character. */
static size_t utf8_length(unsigned char first)
{
	if (first < 0x80)
		return 1;
	if (first < 0xc0 || first > 0xf7)
		return 0;
	return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

size_t utf8_character(const char *src, size_t size, u32 *point)
{
	static const u32 least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t length = utf8_length(src[0]);
	u32 value;

	if (!length || length > size)
		return 0;
	value = length == 1 ? (u32)src[0] : (unsigned char)src[0] & 0x7fu >> length;
	for (size_t i = 1; i < length; i++) {
		if ((src[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (src[i] & 0x3f);
	}
	/* A longer form than needed, a surrogate, or beyond Unicode: decoders disagree on these. */
	if (value < least[length] || (value >= 0xd800 && value <= 0xdfff) || value > 0x10ffff)
		return 0;
	*point = value;
	return length;
}

static char *escape_byte(char *end, unsigned char byte)
{
	*end++ = '\\';
	if (byte == '\n' || byte == '\t' || byte == '\\') {
		*end++ = byte == '\n' ? 'n' : byte == '\t' ? 't' : '\\';
		return end;
	}
	*end++ = 'x';
	*end++ = "0123456789abcdef"[byte >> 4];
	*end++ = "0123456789abcdef"[byte & 15];
	return end;
}

/* \u{202e}: for characters that are valid but not to be trusted. */
static char *escape_point(char *end, u32 point)
{
	int shift = 28;

	while (shift && !(point >> shift & 15))
		shift -= 4;
	end = mempcpy(end, "\\u{", 3);
	for (; shift >= 0; shift -= 4)
		*end++ = "0123456789abcdef"[point >> shift & 15];
	*end++ = '}';
	return end;
}

size_t safe_text(char *dst, const char *src, size_t size)
{
	char *end = dst;
	size_t length;
	u32 point;

	for (; size; src += length, size -= length) {
		length = copy_plain(end, src, size);
		if (length) {
			end += length;
			continue;
		}
		length = utf8_character(src, size, &point);
		if (length && point > 0x9f && !point_unsafe(point)) {
			end = mempcpy(end, src, length);
		} else if (length && point > 0x9f) {
			end = escape_point(end, point);
		} else {
			length = 1;	/* control or invalid: as bytes, so that it can be undone */
			end = escape_byte(end, *src);
		}
	}
	*end = '\0';
	return end - dst;
}

size_t safe_columns(const char *text, size_t size)
{
	size_t columns = 0, length;
	u32 point;

	for (; size; text += length, size -= length) {
		point = ' ';
		length = (signed char)*text >= 0 ? 1 : utf8_character(text, size, &point);
		if (!length)
			length = 1;
		columns += point_columns(point);
	}
	return columns;
}
