/* SPDX-License-Identifier: GPL-2.0-only */
/* safe.h - what bytes from outside may do to a terminal or a parser; safe_text() is in output.h */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include "shared.h"

/* Bytes of the UTF-8 character at src, of which there are size; 0 if there is no valid one. */
size_t utf8_character(const char *src, size_t size, u32 *point);

/* Not to be shown as it is: it moves the cursor, reorders or hides text, or is no character. */
bool point_unsafe(u32 point);

/*
 * Copy what is nothing but itself, to a terminal or between the quotes of JSON: printable ASCII,
 * which is all of nearly all names. Stops at the first byte that needs a closer look; returns how
 * many came before it.
 */
size_t copy_plain(char *dst, const char *src, size_t size);
size_t copy_plain_json(char *dst, const char *src, size_t size);

/* Terminal columns that a character, or a text that safe_text() has made, takes. */
unsigned int point_columns(u32 point);
size_t safe_columns(const char *text, size_t size);
