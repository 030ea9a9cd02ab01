/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * path.bpf.h - names into a struct path_text: the one given by the caller, and the directories above a place, across
 * mount points, up to the root directory of the process. What had to be cut is marked.
 */
#pragma once

#define PATH_ROOM (2 * PATH_LEN)	/* of path_text.parts: the name and the directories above it; a power of two */
#define PATH_SPARE NAME_LEN		/* room behind that, only for the verifier: it checks less exactly than we do */
#define MAX_STEPS 80			/* components and mount points climbed */

/* The caller's name, from user memory. */
INLINE void path_from_user(struct path_text *text, const char *name)
{
	long size = bpf_probe_read_user_str(text->parts, PATH_LEN, name);

	text->marks = 0;
	if (size < 1) {
		text->marks = PATH_UNREADABLE;
		text->parts[0] = '\0';
		size = 1;
	}
	text->size = size;
}

/* Where relative names start: the working directory, or the directory opened as dfd. */
INLINE struct path starting_place(int dfd)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct fdtable *table;
	struct path place = {};
	struct file *file = NULL;

	if (dfd == AT_FDCWD) {
		BPF_CORE_READ_INTO(&place, task, fs, pwd);
		return place;
	}
	table = BPF_CORE_READ(task, files, fdt);
	if ((u32)dfd < BPF_CORE_READ(table, max_fds))
		bpf_probe_read_kernel(&file, sizeof(file), BPF_CORE_READ(table, fd) + (u32)dfd);
	if (file)
		BPF_CORE_READ_INTO(&place, file, f_path);
	return place;
}

INLINE struct mount *mount_of(struct vfsmount *mnt)
{
	return (void *)mnt - __builtin_preserve_field_info(((struct mount *)0)->mnt, 0 /* byte offset */);
}

/* Append the names of the directories from the starting place up. Large, so not inlined. */
static __noinline int path_climb(struct path_text *text, int dfd)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct path place = starting_place(dfd);
	struct dentry *dentry = place.dentry;
	struct vfsmount *mnt = place.mnt;
	u32 size = text->size, marks = PATH_FULL | PATH_DEEP;
	struct path root;

	BPF_CORE_READ_INTO(&root, task, fs, root);
	for (int step = 0; step < MAX_STEPS && size < PATH_ROOM - NAME_LEN; step++) {
		struct dentry *parent = BPF_CORE_READ(dentry, d_parent);
		long length;

		if (dentry == root.dentry && mnt == root.mnt) {
			marks = PATH_FULL;
			break;
		}
		if (dentry == BPF_CORE_READ(mnt, mnt_root)) {
			struct mount *mount = mount_of(mnt), *above = BPF_CORE_READ(mount, mnt_parent);

			dentry = BPF_CORE_READ(mount, mnt_mountpoint);
			mnt = (void *)above + ((void *)mnt - (void *)mount);
			if (above != mount)
				continue;
			parent = dentry;
		}
		if (parent == dentry) {
			marks = PATH_FULL | PATH_UNREACHABLE;
			break;
		}
		barrier_var(size);	/* or the compiler takes the mask away, which the verifier needs */
		size &= PATH_ROOM - 1;
		length = bpf_probe_read_kernel_str(text->parts + size, NAME_LEN,
						   BPF_CORE_READ(dentry, d_name.name));
		if (length < 1)
			break;
		size += length & (2 * NAME_LEN - 1);
		dentry = parent;
	}
	text->size = size;
	text->marks |= marks;
	return 0;
}
