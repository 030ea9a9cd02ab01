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
COUNT_ENTRY(vfs_fsync_range, fsync)	/* vfs_fsync is inlined into its callers */
COUNT_ENTRY(vfs_unlink, unlink)
COUNT_ENTRY(vfs_mkdir, mkdir)
COUNT_ENTRY(vfs_rmdir, rmdir)

/*
 * These three add to the same counters, and one of them may interrupt another where the kernel can be preempted:
 * the addition is atomic. open(O_CREAT) does not call vfs_create but marks the file that it made.
 */
INLINE int count_open(u64 opened, u64 created)
{
	struct vfs_calls *calls = seen();

	if (!calls)
		return 0;
	if (opened)
		__sync_fetch_and_add(&calls->open, 1);
	if (created)
		__sync_fetch_and_add(&calls->create, 1);
	return 0;
}

ENTRY(vfs_create, void *unused)
{
	return count_open(0, 1);
}

ENTRY(vfs_open, struct path *path, struct file *file)
{
	return count_open(1, READ(file, f_mode) & FMODE_CREATED);
}

/* File systems that look up, create and open in one step (NFS, FUSE, 9p, CIFS) end here and not in vfs_open. */
ENTRY(finish_open, struct file *file)
{
	return count_open(1, READ(file, f_mode) & FMODE_CREATED);
}
