/* SPDX-License-Identifier: GPL-2.0-only */
/* maps.h - see maps.c */
#pragma once

#include "attach.h"

/* Once hooks are listed: where calls under way are kept; hooks that have nothing to do there are taken out. */
void maps_place_calls(struct attachment *a, const struct settings *settings);
/* Before the object is loaded. */
void maps_shape(struct attachment *a, const struct tool *tool, const struct settings *settings);
