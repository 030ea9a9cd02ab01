/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * text.h - a byte buffer that grows. Rows are put together in one, so that a row costs neither
 * an allocation nor stdio. When memory runs out the text is marked as failed and further
 * appends do nothing; whoever writes the text away looks at the mark, nobody else needs to.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include "shared.h"

struct text {
	char *data;
	size_t size, room;
	bool failed;
};

/* Room for more bytes behind the text, or NULL. What is put there counts once size is raised. */
char *text_room(struct text *text, size_t more);

void text_bytes(struct text *text, const char *bytes, size_t size);
void text_string(struct text *text, const char *string);
void text_char(struct text *text, char c);
void text_fill(struct text *text, char c, size_t count);
void text_number(struct text *text, u64 number);
void text_signed(struct text *text, s64 number);

/* Digits of number to base 8, 10 or 16, with leading zeros up to least digits. */
void text_digits(struct text *text, u64 number, unsigned int base, unsigned int least);

/* Untrusted bytes, as safe_text() writes them. */
void text_safe(struct text *text, const char *bytes, size_t size);

/*
 * Pad what was appended since start to a cell of so many terminal columns: to the right, or,
 * with a negative width, to the left. What is wider than its cell is left alone.
 */
void text_align(struct text *text, size_t start, int width);

/* Keep the memory, drop the content. */
void text_clear(struct text *text);
void text_free(struct text *text);
