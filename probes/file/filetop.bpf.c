// SPDX-License-Identifier: GPL-2.0-only
/* filetop - reads and writes by file and thread, counted as they return. */
#include "probe.bpf.h"
#include "filter.bpf.h"
#include "scratch.bpf.h"
#include "swap.bpf.h"
#include "filetop.h"

const volatile struct filetop_options options = {};

SWAPPED_HASH(files, 8192, struct file_key, struct file_use);

SCRATCH(struct file_use)	/* where new entries are made; all counters are 0 there */

INLINE bool in_directory(struct file *file)
{
	struct inode *directory = READ(file, f_path.dentry, d_parent, d_inode);

	return READ(directory, i_ino) == options.directory_inode &&
	       READ(directory, i_sb, s_dev) == options.directory_device;
}

INLINE bool counted(struct file *file)
{
	if (!options.all_files && (READ(file, f_inode, i_mode) & S_IFMT) != S_IFREG)
		return false;
	if (!wanted())
		return false;
	return !options.directory_inode || in_directory(file);
}

INLINE struct file_use *new_use(void *map, const struct file_key *key, struct file *file)
{
	u32 format = READ(file, f_inode, i_mode) & S_IFMT;
	struct file_use *new = scratch_take();

	if (!new)
		return NULL;
	new->file_type = format == S_IFREG ? 'R' : format == S_IFSOCK ? 'S' : 'O';
	bpf_get_current_comm(new->comm, sizeof(new->comm));
	bpf_probe_read_kernel_str(new->file, sizeof(new->file), READ(file, f_path.dentry, d_name.name));
	new->device.number = key->device;
	new->device.name[0] = 0;
	if (key->device >> 20)	/* else it is no disk's, and s_id is the kind of file system */
		bpf_probe_read_kernel_str(new->device.name, DISK_LEN, READ(file, f_inode, i_sb)->s_id);
	bpf_map_update_elem(map, key, new, BPF_NOEXIST);
	scratch_give(new);
	return bpf_map_lookup_elem(map, key);
}

INLINE struct file_use *use_of(struct file *file)
{
	struct inode *inode = READ(file, f_inode);
	u64 ids = current_ids();
	struct file_key key = {
		.inode = READ(inode, i_ino),
		.device = READ(inode, i_sb, s_dev),
		.generation = READ(inode, i_generation),
		.pid = ids >> 32,
		.tid = ids,
	};
	void *map = only_entry(&files);
	struct file_use *use;

	if (!map)
		return NULL;
	use = bpf_map_lookup_elem(map, &key);
	if (!use)
		use = new_use(map, &key, file);
	if (!use)
		lose(LOSS_MAP);
	return use;
}

INLINE bool read_counted(const u64 *args)
{
	return !options.no_reads && counted((struct file *)args[0]);
}

INLINE bool write_counted(const u64 *args)
{
	return !options.no_writes && counted((struct file *)args[0]);
}

EXIT(vfs_read, read_counted, struct file *file, char *buffer, u64 count, s64 *position, long ret)
{
	struct file_use *use = use_of(file);

	if (use && ret < 0)
		use->failed_reads++;
	if (use && ret >= 0) {
		use->reads++;
		use->read_bytes += ret;
	}
	return 0;
}

EXIT(vfs_write, write_counted, struct file *file, char *buffer, u64 count, s64 *position, long ret)
{
	struct file_use *use = use_of(file);

	if (use && ret < 0)
		use->failed_writes++;
	if (use && ret >= 0) {
		use->writes++;
		use->written_bytes += ret;
	}
	return 0;
}
