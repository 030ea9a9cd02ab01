/* SPDX-License-Identifier: GPL-2.0-only */
/* packed.h - objects are embedded as gzip has packed them: a hundred tools in a small program. */
#pragma once

#include <stddef.h>

/* What lies packed from begin to end, and its size in bytes. The caller frees it; NULL and errno: no memory, or damaged. */
void *unpack(const char *begin, const char *end, size_t *size);
