/* SPDX-License-Identifier: GPL-2.0-only */
/* clock.h - time, in ns */
#pragma once

#include <time.h>
#include "shared.h"

#define SECOND 1000000000ULL

static inline u64 now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec * SECOND + t.tv_nsec;
}
