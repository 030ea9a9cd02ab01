/* SPDX-License-Identifier: GPL-2.0-only */
/* ledger.h - what a tool could not show, by cause. */
#pragma once

#include "attach/attach.h"

struct ledger {
	u64 total[LOSS_CAUSES];	/* at the last reading */
	u64 links;		/* of the total, missed by links */
	u64 fresh[LOSS_CAUSES];	/* new since the reading before that */
	u64 past[LOSS_CAUSES];	/* forgotten */
	u64 unwritten;		/* rows that the reader of stdout did not take */
};

extern const char *const loss_causes[LOSS_CAUSES];	/* as shown */

/* What the probe has counted, and what the kernel's own books say of its programs and links. */
void ledger_read(struct ledger *ledger, const struct attachment *attachment);
/* What was lost up to now is nobody's loss: the run has not begun. */
void ledger_forget(struct ledger *ledger, const struct attachment *attachment);
const char *ledger_blind(const struct attachment *attachment);	/* which losses nobody counts; NULL: none */
u64 ledger_total(const struct ledger *ledger);
