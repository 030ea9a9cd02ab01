/* SPDX-License-Identifier: GPL-2.0-only */
/* filter.h - from what the user names to what the kernel side compares. */
#pragma once

#include <bpf/libbpf.h>
#include "settings.h"

int filter_resolve(struct settings *settings);	/* 0, or an exit code after a line on stderr */

/* Between open and load: pinned maps take their places. 0 or -errno. */
int filter_maps(struct bpf_object *object, const struct settings *settings);
