// SPDX-License-Identifier: GPL-2.0-only
/* names.c - names for numbers, and for the bits of numbers */
#include <stdio.h>
#include "kinds.h"

const char *find_name(const struct name *names, u64 value)
{
	for (; names && names->name; names++)
		if (names->value == value)
			return names->name;
	return NULL;
}

static void flag(struct text *text, bool *first, const char *name, const char *quote,
		 const char *join)
{
	text_string(text, *first ? "" : join);
	text_string(text, quote);
	text_string(text, name);
	text_string(text, quote);
	*first = false;
}

void text_flags(struct text *text, u64 bits, const struct name *names, const char *quote,
		const char *join)
{
	char unknown[sizeof("0xffffffffffffffff")];
	bool first = true;

	/* A name of several bits (O_SYNC holds O_DSYNC) uses them up: it has to come first. */
	for (; names && names->name; names++) {
		if (!names->value || (bits & names->value) != names->value)
			continue;
		flag(text, &first, names->name, quote, join);
		bits &= ~names->value;
	}
	if (!bits)
		return;
	snprintf(unknown, sizeof(unknown), "0x%llx", bits);
	flag(text, &first, unknown, quote, join);
}
