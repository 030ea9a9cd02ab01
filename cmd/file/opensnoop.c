// SPDX-License-Identifier: GPL-2.0-only
/* opensnoop - files opened, and attempts that failed. */
#include <linux/fcntl.h>	/* of libc O_LARGEFILE is 0 */
#include "tool.h"
#include "file/opensnoop.h"

extern const struct probe opensnoop_probe;

static const struct name open_flags[] = {
	{ O_RDONLY, "O_RDONLY" }, { O_WRONLY, "O_WRONLY" }, { O_RDWR, "O_RDWR" }, { O_CREAT, "O_CREAT" },
	{ O_EXCL, "O_EXCL" }, { O_NOCTTY, "O_NOCTTY" }, { O_TRUNC, "O_TRUNC" }, { O_APPEND, "O_APPEND" },
	{ O_NONBLOCK, "O_NONBLOCK" }, { O_SYNC, "O_SYNC" }, { O_DSYNC, "O_DSYNC" }, { FASYNC, "O_ASYNC" },
	{ O_DIRECT, "O_DIRECT" }, { O_LARGEFILE, "O_LARGEFILE" }, { O_TMPFILE, "O_TMPFILE" },
	{ O_DIRECTORY, "O_DIRECTORY" }, { O_NOFOLLOW, "O_NOFOLLOW" }, { O_NOATIME, "O_NOATIME" },
	{ O_CLOEXEC, "O_CLOEXEC" }, { O_PATH, "O_PATH" },
	{}
};

static const struct column columns[] = {
	COLUMN(struct open_event, time_ns, "TIME(s)", KIND_SINCE, -13, .hidden = true, .help = "seconds since the first row"),
	COLUMN(struct open_event, uid, "UID", KIND_UINT, -5, .hidden = true, .help = "user"),
	COLUMN(struct open_event, pid, "PID", KIND_PID, -6, .help = "process"),
	COLUMN(struct open_event, tid, "TID", KIND_PID, -6, .help = "thread", .hidden = true),
	COLUMN(struct open_event, comm, "COMM", KIND_COMM, -16, .help = "name of the thread"),
	COLUMN(struct open_event, fd, "FD", KIND_INT, 4, .help = "file descriptor; -1: the call failed"),
	COLUMN(struct open_event, err, "ERR", KIND_ERRNO, 3, .help = "errno; 0: the call succeeded"),
	COLUMN(struct open_event, flags, "FLAGS", KIND_FLAGS, -8, .octal = true, .hidden = true, .names = open_flags,
	       .help = "flags of the call"),
	COLUMN(struct open_event, mode, "MODE", KIND_OCTAL, -4, .hidden = true, .blank = "n/a",
	       .help = "permissions asked for a new file"),
	COLUMN(struct open_event, path, "PATH", KIND_PATH, 0, .help = "as the caller gave it; with -F in full"),
	{}
};

static const struct option_row options[] = {
	SWITCH(struct opensnoop_options, failed, 'x', "failed", "only calls that failed"),
	SWITCH(struct opensnoop_options, full_path, 'F', "full-path", "full path of relative names"),
	VALUE(struct opensnoop_options, flags, 'f', "flag_filter", "O_FLAG", parse_flag_test,
	      "only opens with this flag; repeat: any of them", .names = open_flags),
	SHOW('T', "timestamp", "time_ns", "seconds since the first row"),
	SHOW('U', "print-uid", "uid", "the user's number"),
	SHOW('e', "extended_fields", "flags,mode", "flags and mode"),
	LETTER('t', "tid", .show = "tid", .hide = "pid"),
	LETTER('u', "uid"),
	LETTER('d', "duration"),
	LETTER('n', "comm", .alias = "name"),
	VALUE(struct settings, buffer_size, 'b', "buffer-pages", "N", parse_pages, "size of the event buffer in pages",
	      .in_settings = true),
	{}
};

const struct tool opensnoop_tool = {
	.name = "opensnoop",
	.summary = "Trace open, openat, openat2 and creat calls",
	.help = "One row for each call as it returns. A path marked with ... was longer than what is shown. "
		"-F puts before a relative name the directory it starts from: the working directory, or the one that "
		"openat was given; across mount points, and as the process names it: inside a chroot, from there. "
		"What openat2 opened with RESOLVE_IN_ROOT is below that directory, absolute names too.",
	.unseen = "opens by io_uring, open_by_handle_at, execve and the kernel itself",
	.probe = &opensnoop_probe,
	.stream = true,
	.columns = columns,
	.layout = LAYOUT_LINES,
	.options = options,
	.constants = sizeof(struct opensnoop_options),
};
