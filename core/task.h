/* SPDX-License-Identifier: GPL-2.0-only */
/* task.h - processes and threads by their numbers, which are those of our own pid namespace. */
#pragma once

#include <stdbool.h>
#include "shared.h"

/* EXIT_USAGE after a line, if there is none of this number, or process is true and it is a thread's. 0 is fine: none. */
int task_check(const char *option, u32 number, bool process);

/* Our pid namespace by its inode, 0 for the machine's first; whatever /proc is mounted. An exit code after a line. */
int task_own_namespace(u32 *inode);
