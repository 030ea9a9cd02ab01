// SPDX-License-Identifier: GPL-2.0-only
/* stamp.c - wall clock time as text */
#include <time.h>
#include "stamp.h"

#define NS_PER_SECOND 1000000000ULL

static void stamp_set(struct stamp *stamp, u64 second)
{
	time_t clock = second;
	struct tm local = {}, utc = {};

	if (stamp->valid && stamp->second == second)
		return;
	localtime_r(&clock, &local);
	gmtime_r(&clock, &utc);
	strftime(stamp->clock, sizeof(stamp->clock), "%H:%M:%S", &local);
	stamp->utc_size = strftime(stamp->utc, sizeof(stamp->utc), "%Y-%m-%dT%H:%M:%S.", &utc);
	stamp->second = second;
	stamp->valid = true;
}

void text_clock(struct text *text, struct stamp *stamp, u64 realtime_ns)
{
	stamp_set(stamp, realtime_ns / NS_PER_SECOND);
	text_string(text, stamp->clock);
}

void text_rfc3339(struct text *text, struct stamp *stamp, u64 realtime_ns)
{
	stamp_set(stamp, realtime_ns / NS_PER_SECOND);
	text_bytes(text, stamp->utc, stamp->utc_size);
	text_digits(text, realtime_ns % NS_PER_SECOND, 10, 9);
	text_char(text, 'Z');
}

void text_seconds(struct text *text, u64 ns, unsigned int decimals)
{
	u64 fraction = ns % NS_PER_SECOND;

	for (unsigned int i = decimals; i < 9; i++)
		fraction /= 10;
	text_number(text, ns / NS_PER_SECOND);
	text_char(text, '.');
	text_digits(text, fraction, 10, decimals);
}
