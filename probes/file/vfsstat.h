/* SPDX-License-Identifier: GPL-2.0-only */
struct vfs_calls {
	u64 read, write, fsync, open, create, unlink, mkdir, rmdir;
};
