/* SPDX-License-Identifier: GPL-2.0-only */
/* child.h - the process of --exec, which waits until the tool is attached, or of --pid: the tool ends with it. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>
#include "settings.h"

struct child {
	pid_t pid;	/* of --exec; 0: none, or ended */
	int gate;	/* closing it lets the command begin */
	int watch;	/* of --pid: readable when it has ended; -1: none */
	int status;	/* exit code of the command, as a shell has it; 0 until it has ended */
};

/* 0 or an exit code after a line on stderr; of --exec, filter.pid is set. */
int child_start(struct child *child, struct settings *settings);
void child_go(struct child *child);
bool child_ended(struct child *child);	/* true once */
void child_stop(struct child *child);	/* if it still waits, it never begins */
