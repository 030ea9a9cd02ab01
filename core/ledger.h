/* SPDX-License-Identifier: GPL-2.0-only */
/* ledger.h - what a tool could not show, by cause. */
#pragma once

#include "attach.h"

struct ledger {
	u64 total[LOSS_CAUSES];	/* at the last reading */
	u64 fresh[LOSS_CAUSES];	/* new since the reading before that */
};

extern const char *const loss_causes[LOSS_CAUSES];	/* as shown */

/* all: also what only the kernel's own books tell (missed and skipped programs): system calls, for the end. */
void ledger_read(struct ledger *ledger, const struct attachment *attachment, bool all);
u64 ledger_total(const struct ledger *ledger);
