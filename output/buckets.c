// SPDX-License-Identifier: GPL-2.0-only
/* buckets.c - what the slots of a struct hist stand for */
#include <string.h>
#include "internal.h"

u64 hist_low(unsigned int slot)
{
	return slot ? 1ULL << slot : 0;
}

u64 hist_high(unsigned int slot)
{
	return (2ULL << slot) - 1;
}

void hist_copy(struct hist *hist, const void *from)
{
	memcpy(hist, from, sizeof(*hist));
}

u64 hist_count(const void *from)
{
	struct hist hist;
	u64 count = 0;

	hist_copy(&hist, from);
	for (unsigned int slot = 0; slot < HIST_SLOTS; slot++)
		count += hist.slots[slot];
	return count;
}

/* The first and the last slot in use; false: none is. */
bool hist_bounds(const struct hist *hist, unsigned int *first, unsigned int *last)
{
	bool any = false;

	for (unsigned int slot = 0; slot < HIST_SLOTS; slot++) {
		if (!hist->slots[slot])
			continue;
		if (!any)
			*first = slot;
		*last = slot;
		any = true;
	}
	return any;
}
