// SPDX-License-Identifier: GPL-2.0-only
/* names.c - names for numbers, and for the bits of numbers */
#include "kinds.h"

const char *find_name(const struct name *names, u64 value)
{
	for (; names && names->name; names++)
		if (names->value == value)
			return names->name;
	return NULL;
}

static void begin(struct text *text, size_t start, char quote, char join)
{
	if (text->size > start)
		text_char(text, join);
	if (quote)
		text_char(text, quote);
}

void text_flags(struct text *text, u64 bits, const struct name *names, char quote, char join)
{
	size_t start = text->size;

	/* A name of several bits (O_SYNC holds O_DSYNC) uses them up: it has to come first. */
	for (; names && bits && names->name; names++) {
		if ((bits & names->value) != names->value || !names->value)
			continue;
		bits &= ~names->value;
		begin(text, start, quote, join);
		text_string(text, names->name);
		if (quote)
			text_char(text, quote);
	}
	if (!bits)
		return;
	begin(text, start, quote, join);
	text_string(text, "0x");
	text_digits(text, bits, 16, 1);
	if (quote)
		text_char(text, quote);
}
