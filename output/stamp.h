/* SPDX-License-Identifier: GPL-2.0-only */
/* stamp.h - wall clock time as text; the calendar is asked once a second, not once a row */
#pragma once

#include "text.h"

struct stamp {
	bool valid;
	u64 second;
	char clock[16];		/* HH:MM:SS here */
	size_t utc_size;
	char utc[32];		/* YYYY-MM-DDTHH:MM:SS. */
};

void text_clock(struct text *text, struct stamp *stamp, u64 realtime_ns);
void text_rfc3339(struct text *text, struct stamp *stamp, u64 realtime_ns);

/* "1.25": decimals digits behind the point, of nanoseconds. */
void text_seconds(struct text *text, u64 ns, unsigned int decimals);
