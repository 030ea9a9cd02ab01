/* SPDX-License-Identifier: GPL-2.0-only */
/* filter.h - from what the user names to what the kernel side compares. */
#pragma once

#include "settings.h"

int filter_resolve(struct settings *settings);	/* 0, or an exit code after a line on stderr */
