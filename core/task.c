// SPDX-License-Identifier: GPL-2.0-only
/* task.c - is asked of system calls: the /proc that is mounted may be another namespace's. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "fail.h"
#include "task.h"

#define FIRST_PID_NS 0xEFFFFFFC	/* PROC_PID_INIT_INO, include/linux/proc_ns.h */

static bool thread_of(u32 process, u32 thread)
{
	return !syscall(SYS_tgkill, process, thread, 0) || errno != ESRCH;
}

/* The process of a thread; 0: it cannot be told. */
static u32 process_of(u32 thread)
{
	char path[40], line[256];
	u32 process = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%u/status", thread);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "Tgid: %u", &process) == 1)
			break;
	if (file)
		fclose(file);
	return process && thread_of(process, thread) ? process : 0;
}

int task_check(const char *option, u32 number, bool process)
{
	u32 owner;

	if (!number)
		return EXIT_DONE;
	if (kill(number, 0) && errno == ESRCH)
		return fail(EXIT_USAGE, "--%s %u: no such process", option, number);
	if (!process || thread_of(number, number))
		return EXIT_DONE;
	owner = process_of(number);
	if (!owner)
		return fail(EXIT_USAGE, "--%s %u: that is a thread; use --tid", option, number);
	return fail(EXIT_USAGE, "--%s %u: that is a thread of %u; use --tid", option, number, owner);
}

int task_own_namespace(u32 *inode)
{
	struct stat st;

	if (stat("/proc/self/ns/pid", &st))
		return fail(EXIT_FAILED, "/proc does not show this process (%s): is it another pid namespace's?", strerror(errno));
	*inode = st.st_ino == FIRST_PID_NS ? 0 : st.st_ino;
	return EXIT_DONE;
}
