// SPDX-License-Identifier: GPL-2.0-only
/*
 * switches.c - two switches silence probes that are attached all the same, and whoever attaches while they are off is told
 * nothing: kernel.ftrace_enabled (Documentation/trace/ftrace.rst), kprobes/enabled in debugfs (Documentation/trace/kprobes.rst).
 * Nothing is attached while ftrace is off, not even to see: of a kprobe that came and went meanwhile, ftrace shut itself down on
 * 5.10 and 6.12, for good, soon after it was on again.
 */
#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>
#include "kernel.h"
#include "types.h"

static int ftrace = -1, kprobes = -1;	/* files, kept: opensnoop would see us open them every second */

/* Of a file that cannot be read, -1. Not by read(), which filetop would show. */
static int state(int file)
{
	char text[1];
	struct iovec to = { text, 1 };

	return file >= 0 && preadv(file, &to, 1, 0) == 1 ? text[0] == '1' : -1;
}

/* Most machines have kprobes at ftrace's places, arm64 not. Asked only when ftrace is off. */
static bool kprobes_by_ftrace(void)
{
	static int known = -1;

	if (known < 0) {
		const struct types *types = kernel_types(NULL);

		known = !types || types_find(types, "kprobe_ftrace_handler", BTF_KIND_FUNC);
	}
	return known;
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
	int on;

	if (!used)
		return NULL;
	if (!again)
		open_both();
	if (!state(ftrace) && (used & USES_FTRACE || kprobes_by_ftrace()))
		return "kernel.ftrace_enabled is 0: no probe in a function fires";
	on = used & USES_KPROBES ? state(kprobes) : 1;
	if (!on)
		return "kprobes are switched off (kprobes/enabled in debugfs): none fires";
	/* debugfs may not be ours to read; then one is tried */
	return on > 0 || again || kprobe_fires() ? NULL :
		"kprobes do not fire, as if they were switched off (kprobes/enabled in debugfs)";
}

void switches_close(void)
{
	if (ftrace >= 0)
		close(ftrace);
	if (kprobes >= 0)
		close(kprobes);
	ftrace = kprobes = -1;
}
