/* SPDX-License-Identifier: GPL-2.0-only */
/* hooks.h - for attach.c: the programs of an object and their places. All return 0, or -errno with the reason kept. */
#pragma once

#include <stdbool.h>
#include "attach.h"

struct types;

void programs_register(struct attachment *attachment);	/* programs.c; before open: we tell libbpf where programs go, not it us */
int hooks_list(struct attachment *attachment, const struct tool *tool);
int hooks_find(struct attachment *attachment, const struct tool *tool, const struct types *types);	/* fentry */
void hooks_leave_out(struct attachment *attachment, const char *word);	/* all whose program has it in its name */
bool hooks_return(const struct attachment *attachment);	/* some see returns */
void hooks_detach(struct hook *hook);
int hooks_attach(struct attachment *attachment, bool exits);

int refuse_types(struct attachment *attachment);	/* kernel_types() has failed just now */

/* Keep the reason why this way is not taken; returns err. */
int refuse(struct attachment *attachment, int err, const char *format, ...) __attribute__((format(printf, 3, 4)));
