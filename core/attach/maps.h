/* SPDX-License-Identifier: GPL-2.0-only */
/* maps.h - see maps.c */
#pragma once

#include "attach.h"

/* Before the object is loaded, while the kernel's types are known. */
void maps_shape(struct attachment *a, const struct tool *tool, const struct settings *settings);
