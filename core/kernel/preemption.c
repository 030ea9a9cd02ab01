// SPDX-License-Identifier: GPL-2.0-only
/* preemption.c - whether this kernel preempts its own code; and the file systems in which it tells such things. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>
#include "kernel.h"

#define FSCONFIG_CREATE 6	/* FSCONFIG_CMD_CREATE, include/uapi/linux/mount.h */

/* Where they usually are, by the magic numbers of include/uapi/linux/magic.h. */
static const struct {
	const char *type, *path;
	unsigned long magic;
} usual[] = {
	{ "tracefs", "/sys/kernel/tracing", 0x74726163 },
	{ "tracefs", "/sys/kernel/debug/tracing", 0x74726163 },
	{ "debugfs", "/sys/kernel/debug", 0x64626720 },
};

/* There is one of each, and whoever may mount it needs no place for it: not in a container, nor where nobody did. */
static int mount_nowhere(const char *type)
{
	int context = syscall(SYS_fsopen, type, 1 /* FSOPEN_CLOEXEC */), fd = -1;

	if (context >= 0 && !syscall(SYS_fsconfig, context, FSCONFIG_CREATE, NULL, NULL, 0))
		fd = syscall(SYS_fsmount, context, 1 /* FSMOUNT_CLOEXEC */, 0);
	if (fd < 0)
		fd = -errno;
	if (context >= 0)
		close(context);
	return fd;
}

int kernel_fs(const char *type)
{
	struct statfs fs;

	for (size_t i = 0; i < sizeof(usual) / sizeof(*usual); i++)
		if (!strcmp(usual[i].type, type) && !statfs(usual[i].path, &fs) && (unsigned long)fs.f_type == usual[i].magic)
			return open(usual[i].path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return mount_nowhere(type);
}

FILE *kernel_fs_file(const char *type, const char *path)
{
	int root = kernel_fs(type), fd = root < 0 ? -1 : openat(root, path, O_RDONLY | O_CLOEXEC);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");

	if (root >= 0)
		close(root);
	if (fd >= 0 && !file)
		close(fd);
	return file;
}

/* "none voluntary (full)": what PREEMPT_DYNAMIC is set to. */
static bool set_now(void)
{
	FILE *file = kernel_fs_file("debugfs", "sched/preempt");
	char modes[64] = "";

	if (file && !fgets(modes, sizeof(modes), file))
		modes[0] = '\0';
	if (file)
		fclose(file);
	return !strstr(modes, "(none)") && !strstr(modes, "(voluntary)");
}

/* The build describes itself: "#1 SMP PREEMPT_DYNAMIC ...", "PREEMPT", "PREEMPT_RT" (init/Makefile). */
bool kernel_preempts(void)
{
	struct utsname kernel;

	uname(&kernel);
	return strstr(kernel.version, "PREEMPT_DYNAMIC") ? set_now() : !!strstr(kernel.version, "PREEMPT");
}
