/* SPDX-License-Identifier: GPL-2.0-only */
/* child.h - --exec: a command that waits until the tool is attached, and is all that it traces. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>
#include "settings.h"

struct child {
	pid_t pid;	/* 0: none */
	int gate;	/* closing it lets the command begin */
};

int child_start(struct child *child, struct settings *settings);	/* sets filter.pid; 0 or an exit code */
void child_go(struct child *child);
bool child_ended(struct child *child);
void child_stop(struct child *child);	/* if it still waits, it never begins */
