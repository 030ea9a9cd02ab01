// SPDX-License-Identifier: GPL-2.0-only
/* fsdist - latency of a file system's operations as histograms: ext4dist, xfsdist and their family. */
#include "tool.h"
#include "file/fsdist.h"

extern const struct probe fsdist_probe;

static const struct name operations[] = {
	{ FS_READ, "read" }, { FS_WRITE, "write" }, { FS_OPEN, "open" }, { FS_FSYNC, "fsync" }, { FS_GETATTR, "getattr" },
	{}
};

static const struct column columns[] = {
	{ .heading = "TIME", .key = "time", .kind = KIND_CLOCK, .suffix = ":" },
	KEY_COLUMN(struct fs_key, operation, "operation", KIND_WORD, 0, .names = operations,
		   .help = "read, write, open, fsync or getattr"),
	{ .heading = "latency", .key = "latency", .kind = KIND_HIST, .size = sizeof(struct hist),
	  .help = "histogram of the time from call to return" },
	{}
};

static const struct option_row options[] = {
	SWITCH(struct settings, no_clock, 'T', "notimestamp", "no time above each output", .in_settings = true),
	SWITCH(struct settings, clock, 0, "timestamp", "the time above each output, also the only one", .in_settings = true),
	SWITCH(struct settings, milliseconds, 'm', "milliseconds", "not microseconds", .in_settings = true),
	{}
};

/* opens_, unseen_: what of that is so for this file system alone */
#define FSDIST(fs, label, module_, untested, opens_, unseen_, ...)				\
	const struct tool fs##dist_tool = {							\
		.name = #fs "dist",								\
		.summary = "Latency of " label " operations as histograms" untested,		\
		.help = "Time spent in the file system by read, write, open, fsync and getattr (stat), failed calls " \
			"included. An fsync inside an O_SYNC write counts as both. A read or write that ends with EAGAIN, as " \
			"each first try of io_uring that would have to wait, is none.",		\
		.unseen = "opens of directories" opens_ ", mmap, splice and sendfile from a file (since Linux 6.5)" unseen_ \
			  ", asynchronous I/O beyond its submission (counted as lost); with --pid what kernel threads do for " \
			  "a process (fsync by AIO)",						\
		.banner = "Tracing " label " operation latency... Hit Ctrl-C to end.",		\
		.probe = &fsdist_probe,								\
		.table = "latency",								\
		.columns = columns,								\
		.layout = LAYOUT_HIST,								\
		.options = options,								\
		.targets = (const struct target[]){ __VA_ARGS__, {} },				\
		.module = module_,								\
		.clock = true,									\
	}

FSDIST(ext4, "ext4", "ext4", "", "", ", getattr of what is no regular file",
       { "read", "ext4_file_read_iter" }, { "write", "ext4_file_write_iter" }, { "open", "ext4_file_open" },
       { "fsync", "ext4_sync_file" }, { "getattr", "ext4_file_getattr" });

FSDIST(xfs, "XFS", "xfs", "", " (older kernels show them)", "",
       { "read", "xfs_file_read_iter" }, { "write", "xfs_file_write_iter" }, { "open", "xfs_file_open" },
       { "fsync", "xfs_file_fsync" }, { "fsync_dir", "xfs_dir_fsync" }, { "getattr", "xfs_vn_getattr" });

FSDIST(btrfs, "btrfs", "btrfs", "", "", "",
       { "read", "btrfs_file_read_iter" }, { "write", "btrfs_file_write_iter" }, { "open", "btrfs_file_open" },
       { "fsync", "btrfs_sync_file" }, { "getattr", "btrfs_getattr" });

FSDIST(nfs, "NFS", "nfs", "", "", "",
       { "read", "nfs_file_read" }, { "write", "nfs_file_write" }, { "open", "nfs_file_open" },
       { "open_other", "nfs4_atomic_open", .optional = true, .module = "nfsv4" }, { "fsync", "nfs_file_fsync" },
       { "fsync_dir", "nfs_fsync_dir" }, { "getattr", "nfs_getattr" });

FSDIST(f2fs, "f2fs", "f2fs", "", "", "",
       { "read", "f2fs_file_read_iter" }, { "write", "f2fs_file_write_iter" }, { "open", "f2fs_file_open" },
       { "fsync", "f2fs_sync_file" }, { "getattr", "f2fs_getattr" });

FSDIST(fuse, "FUSE", "fuse", "", "", "",
       { "read", "fuse_file_read_iter" }, { "write", "fuse_file_write_iter" }, { "open", "fuse_open" },
       { "open_other", "fuse_create_open", .optional = true }, { "fsync", "fuse_fsync" },
       { "fsync_dir", "fuse_dir_fsync" }, { "getattr", "fuse_getattr" });

FSDIST(bcachefs, "bcachefs", "bcachefs", " (untested)", "", "",
       { "read", "bch2_read_iter" }, { "write", "bch2_write_iter" }, { "open", "bch2_open" },
       { "fsync", "bch2_fsync" }, { "getattr", "bch2_getattr" });

FSDIST(zfs, "ZFS", "zfs", " (untested)", "", ", getattr",
       { "read", "zpl_iter_read" }, { "write", "zpl_iter_write" }, { "open", "zpl_open" }, { "fsync", "zpl_fsync" });
