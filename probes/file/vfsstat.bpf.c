// SPDX-License-Identifier: GPL-2.0-only
/* vfsstat - count VFS calls. */
#include "probe.bpf.h"
#include "filter.bpf.h"
#include "vfsstat.h"

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct vfs_calls);
} calls_seen SEC(".maps");

INLINE struct vfs_calls *seen(void)
{
	return wanted() ? only_entry(&calls_seen) : NULL;
}

#define COUNT_ENTRY(fn, member)				\
	ENTRY(fn, void *unused)				\
	{						\
		struct vfs_calls *calls = seen();	\
							\
		if (calls)				\
			calls->member++;		\
		return 0;				\
	}

COUNT_ENTRY(vfs_read, read)
COUNT_ENTRY(vfs_write, write)
COUNT_ENTRY(vfs_unlink, unlink)
COUNT_ENTRY(vfs_mkdir, mkdir)

/* These counters are counted in several places. */
INLINE int count(u64 fsync, u64 open, u64 create, u64 rmdir)
{
	struct vfs_calls *calls = seen();

	if (!calls)
		return 0;
	if (fsync)
		add(&calls->fsync, 1);
	if (open)
		add(&calls->open, 1);
	if (create)
		add(&calls->create, 1);
	if (rmdir)
		add(&calls->rmdir, 1);
	return 0;
}

/* vfs_rmdir may be inlined into its only caller of weight (seen on 5.10); it calls this, which never is. */
EITHER_ENTRY(security_inode_rmdir, vfs_rmdir, void *unused)
{
	return count(0, 0, 0, 1);
}

/*
 * The system calls have vfs_fsync_range inlined, in other ways on other kernels (bcc issue 3913): they are counted
 * themselves. Those who sync a range, O_SYNC writes and msync, call the function; a whole file is one of the former.
 */
#define COUNT_FSYNC(fn) OPTIONAL_ENTRY(fn, void *unused) { return count(1, 0, 0, 0); }

COUNT_FSYNC(SYSCALL_fsync)
COUNT_FSYNC(SYSCALL_fdatasync)
COUNT_FSYNC(COMPAT_fsync)
COUNT_FSYNC(COMPAT_fdatasync)

ENTRY(vfs_fsync_range, struct file *file, s64 start, s64 end)
{
	return start || end != S64_MAX ? count(1, 0, 0, 0) : 0;
}

/* open(O_CREAT) does not come here but marks the file that it made. */
ENTRY(vfs_create, void *unused)
{
	return count(0, 0, 1, 0);
}

ENTRY(vfs_open, struct path *path, struct file *file)
{
	return count(0, 1, READ(file, f_mode) & FMODE_CREATED, 0);
}

/* File systems that look up, create and open in one step (NFS, FUSE, 9p, CIFS) end here and not in vfs_open. */
ENTRY(finish_open, struct file *file)
{
	return count(0, 1, READ(file, f_mode) & FMODE_CREATED, 0);
}
