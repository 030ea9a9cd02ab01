/* SPDX-License-Identifier: GPL-2.0-only */
struct file_key {
	u64 inode;
	u32 device;	/* of the file system, by number */
	u32 generation;	/* tells apart files that had the same inode number one after the other */
	u32 pid, tid;
};

struct file_use {
	u64 reads, writes;	/* calls that succeeded */
	u64 read_bytes, written_bytes;	/* really moved */
	u64 failed_reads, failed_writes;
	char comm[COMM_LEN];
	char file[NAME_LEN];	/* last component of its name */
	struct device device;	/* of the file system */
	char file_type;		/* R regular, S socket, O other */
	char unused[3];
};

struct filetop_options {
	u64 directory_inode;	/* only files right in this directory; 0: all */
	u32 directory_device;
	u32 all_files;
	u32 no_reads, no_writes;
};
