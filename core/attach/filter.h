/* SPDX-License-Identifier: GPL-2.0-only */
/* filter.h - from what the user names to what the kernel side compares. */
#pragma once

#include <bpf/libbpf.h>
#include "attach.h"
#include "settings.h"

/* Both 0, or an exit code after a line on stderr: tasks that were named must be there; all else. */
int filter_tasks(struct settings *settings);
int filter_resolve(struct settings *settings);

/* Once hooks are listed: those that follow children leave, if nobody asked for that. */
void filter_hooks(struct attachment *attachment, const struct settings *settings);

/* Between open and load: pinned maps take their places. After load: maps are filled. Both 0 or -errno. */
int filter_maps(struct bpf_object *object, const struct settings *settings);
int filter_fill(struct bpf_object *object, const struct settings *settings);

/* filter.pid names nobody any more, or soon somebody else. */
void filter_ended(struct bpf_object *object);
