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

/*
 * Compilers inline vfs_rmdir into do_rmdir, of which all system calls come, or inline a part of it (5.10). Just before it
 * do_rmdir asks security_path_rmdir: that is counted, and a vfs_rmdir that follows in the same directory is the same call.
 * Those of overlay, nfsd and the like come to vfs_rmdir alone. What is left of a call that was not followed nobody finds.
 */
struct removal {
	void *dentry, *dir;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, u32);	/* thread */
	__type(value, struct removal);
} removals SEC(".maps");

OPTIONAL_ENTRY(security_path_rmdir, void *path, struct dentry *dentry)
{
	struct removal removal = { dentry, READ(dentry, d_parent, d_inode) };
	u32 thread = bpf_get_current_pid_tgid();

	bpf_map_update_elem(&removals, &thread, &removal, BPF_ANY);
	return count(0, 0, 0, 1);
}

/* The second argument was the dentry, and is the directory since 5.12 (6521f8917082). */
ENTRY(vfs_rmdir, void *first, void *second)
{
	u32 thread = bpf_get_current_pid_tgid();
	struct removal *removal = bpf_map_lookup_elem(&removals, &thread);

	if (!removal || (second != removal->dentry && second != removal->dir))
		return count(0, 0, 0, 1);
	bpf_map_delete_elem(&removals, &thread);
	return 0;
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
COUNT_FSYNC(aio_fsync_work)	/* io_submit has a kernel thread do it, which calls vfs_fsync */

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
