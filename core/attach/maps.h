/* SPDX-License-Identifier: GPL-2.0-only */
/* maps.h - see maps.c */
#pragma once

#include "attach.h"

/* Of an object just opened, its hooks listed: it also says which of them have nothing to do. */
void maps_shape(struct attachment *a, const struct tool *tool, const struct settings *settings);
