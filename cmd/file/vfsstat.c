// SPDX-License-Identifier: GPL-2.0-only
/* vfsstat - VFS calls per second. */
#include "tool.h"
#include "file/vfsstat.h"

extern const struct probe vfsstat_probe;

static const struct column columns[] = {
	{ .heading = "TIME", .key = "time", .kind = KIND_CLOCK, .width = -10, .suffix = ":" },
	COLUMN(struct vfs_calls, read, "READ/s", KIND_RATE, 8, .help = "calls of vfs_read"),
	COLUMN(struct vfs_calls, write, "WRITE/s", KIND_RATE, 8, .help = "calls of vfs_write"),
	COLUMN(struct vfs_calls, fsync, "FSYNC/s", KIND_RATE, 8,
	       .help = "fsync, fdatasync, O_SYNC writes, msync, fsync by AIO"),
	COLUMN(struct vfs_calls, open, "OPEN/s", KIND_RATE, 8, .help = "files opened, by processes and by the kernel"),
	COLUMN(struct vfs_calls, create, "CREATE/s", KIND_RATE, 8,
	       .help = "files made by open(O_CREAT), mknod or the kernel itself"),
	COLUMN(struct vfs_calls, unlink, "UNLINK/s", KIND_RATE, 8, .help = "calls of vfs_unlink"),
	COLUMN(struct vfs_calls, mkdir, "MKDIR/s", KIND_RATE, 8, .help = "calls of vfs_mkdir"),
	COLUMN(struct vfs_calls, rmdir, "RMDIR/s", KIND_RATE, 8, .help = "directories removed; ENOTEMPTY, ENOTDIR, EBUSY too"),
	{}
};

static const struct option_row options[] = {
	SWITCH(struct settings, counts, 'c', "counts", "counts of the interval, not calls per second",
	       .in_settings = true),
	{}
};

const struct tool vfsstat_tool = {
	.name = "vfsstat",
	.summary = "Count VFS calls each second",
	.help = "Calls are counted as they begin, failed ones included; but what failed before it got there, such as a name "
		"that is not found, is no call. On a stacked file system (overlay) mkdir, rmdir and unlink count twice, once "
		"for the one below it. JSON and CSV carry counts and the length of the interval.",
	.unseen = "readv, writev, AIO, io_uring, splice, sendfile, copy_file_range and mmap, which do not call vfs_read or "
		  "vfs_write; fsync of a whole file by io_uring or by the kernel itself (a loop device); with --pid fsync by "
		  "AIO, which a kernel thread does",
	.probe = &vfsstat_probe,
	.table = "calls_seen",
	.columns = columns,
	.layout = LAYOUT_LINES,
	.options = options,
	.interval = 1,
};
