/* SPDX-License-Identifier: GPL-2.0-only */
/* json.h - strings and hex for JSON */
#pragma once

#include "text.h"

/*
 * A JSON string, quotes included. Bytes that are no valid UTF-8 become U+FFFD; then it returns
 * false, and the caller writes the bytes somewhere else, too.
 */
bool text_json(struct text *text, const char *bytes, size_t size);
