/* SPDX-License-Identifier: GPL-2.0-only */
enum fs_operation { FS_READ, FS_WRITE, FS_OPEN, FS_FSYNC, FS_GETATTR, FS_OPERATIONS };

struct fs_key {
	u32 operation;	/* enum fs_operation */
};
