// SPDX-License-Identifier: GPL-2.0-only
/*
 * switches.c - two switches silence probes that are attached all the same, and whoever attaches while they are off is told
 * nothing: kernel.ftrace_enabled (Documentation/trace/ftrace.rst), kprobes/enabled in debugfs (Documentation/trace/kprobes.rst).
 */
#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>
#include "kernel.h"

static int ftrace = -1, kprobes = -1;	/* files, kept: opensnoop would see us open them every second */

/* Of a file that cannot be read, -1. Not by read(), which filetop would show. */
static int state(int file)
{
	char text[1];
	struct iovec to = { text, 1 };

	return file >= 0 && preadv(file, &to, 1, 0) == 1 ? text[0] == '1' : -1;
}

static void open_both(void)
{
	int root;

	if (ftrace < 0)
		ftrace = open("/proc/sys/kernel/ftrace_enabled", O_RDONLY | O_CLOEXEC);
	root = kprobes < 0 ? kernel_fs("debugfs") : -1;
	if (root >= 0) {
		kprobes = openat(root, "kprobes/enabled", O_RDONLY | O_CLOEXEC);
		close(root);
	}
}

const char *switches_silence(unsigned int used, bool again)
{
	static const char ftrace_off[] = "kernel.ftrace_enabled is 0: no probe in a function fires";
	static bool apart;	/* kprobes have places of their own here: arm64 */
	int by_ftrace, by_kprobes;

	if (!used)
		return NULL;
	if (!again)
		open_both();
	by_ftrace = state(ftrace);
	if (used & USES_FTRACE && !by_ftrace)
		return ftrace_off;
	if (!(used & USES_KPROBES))
		return NULL;
	by_kprobes = state(kprobes);
	if (!by_kprobes)
		return "kprobes are switched off (kprobes/enabled in debugfs): none fires";
	/* Most machines have kprobes at ftrace's places, and debugfs may not be ours to read: then one is tried. */
	if ((by_ftrace || apart) && (by_kprobes > 0 || again))
		return NULL;
	if (kprobe_fires()) {
		apart |= !by_ftrace;
		return NULL;
	}
	return by_ftrace ? "kprobes do not fire, as if they were switched off (kprobes/enabled in debugfs)" : ftrace_off;
}

void switches_close(void)
{
	if (ftrace >= 0)
		close(ftrace);
	if (kprobes >= 0)
		close(kprobes);
	ftrace = kprobes = -1;
}
