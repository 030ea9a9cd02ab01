/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * text.h - a byte buffer that grows. Rows are put together in one, so that a row costs neither
 * an allocation nor stdio. When memory runs out the text is marked as failed and holds nothing of
 * use; whoever writes the text away looks at the mark, nobody else needs to.
 *
 * A row is some forty short appends: those are inline, so that the length of a literal is known
 * and its copy is one store.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include "safe.h"
#include "shared.h"

struct text {
	char *data;
	size_t size, room;
	bool failed;
	bool uneven;	/* text_safe() had to look closer: bytes may not be columns */
};

bool text_grow(struct text *text, size_t more);

/* Is there room for more bytes at text_end()? What is put there counts once size is raised. */
static inline bool text_room(struct text *text, size_t more)
{
	return more <= text->room - text->size || text_grow(text, more);
}

static inline char *text_end(struct text *text)
{
	return text->data + text->size;
}

static inline void text_bytes(struct text *text, const char *bytes, size_t size)
{
	if (!size || !text_room(text, size))
		return;
	memcpy(text_end(text), bytes, size);
	text->size += size;
}

static inline void text_string(struct text *text, const char *string)
{
	text_bytes(text, string, strlen(string));
}

#define TEXT_CHUNK 16

/*
 * Of bytes that can be read up to the next multiple of TEXT_CHUNK: whole chunks are copied, which
 * is a load and a store each, where a call of memcpy is twenty instructions.
 */
static inline void text_chunks(struct text *text, const char *bytes, size_t size)
{
	if (!text_room(text, size + TEXT_CHUNK))
		return;
	for (size_t i = 0; i < size; i += TEXT_CHUNK)
		memcpy(text_end(text) + i, bytes + i, TEXT_CHUNK);
	text->size += size;
}

static inline void text_char(struct text *text, char c)
{
	text_bytes(text, &c, 1);
}

void text_fill(struct text *text, char c, size_t count);
void text_number(struct text *text, u64 number);
void text_signed(struct text *text, s64 number);

/* Digits of number to base 8, 10 or 16, with leading zeros up to least digits. */
void text_digits(struct text *text, u64 number, unsigned int base, unsigned int least);

/* Untrusted bytes, as safe_text() writes them. */
void text_safe(struct text *text, const char *bytes, size_t size);

/* Blanks at the end; before the last size bytes. */
void text_pad(struct text *text, size_t blanks);
void text_shift(struct text *text, size_t size, size_t blanks);

/*
 * Pad what was appended since start to a cell of so many terminal columns: to the right, or,
 * with a negative width, to the left. What is wider than its cell is left alone. Bytes that
 * are not ASCII only come through text_safe().
 */
static inline void text_align(struct text *text, size_t start, int width)
{
	size_t size = text->size - start, cell = width < 0 ? -width : width, used = size;

	if (text->uneven && cell)
		used = safe_columns(text->data + start, size);
	if (used >= cell)
		return;
	if (width < 0)
		text_pad(text, cell - used);
	else
		text_shift(text, size, cell - used);
}

/* Keep the memory, drop the content. */
void text_clear(struct text *text);
void text_free(struct text *text);
