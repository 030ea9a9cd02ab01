// SPDX-License-Identifier: GPL-2.0-only
/* filetop - files by reads and writes. */
#include "tool.h"
#include "file/filetop.h"

extern const struct probe filetop_probe;

static const struct column columns[] = {
	KEY_COLUMN(struct file_key, tid, "TID", KIND_PID, -7, .help = "thread"),
	KEY_COLUMN(struct file_key, pid, "PID", KIND_PID, -7, .help = "process", .hidden = true),
	COLUMN(struct file_use, comm, "COMM", KIND_COMM, -16, .help = "name of the thread"),
	COLUMN(struct file_use, reads, "READS", KIND_UINT, -6, .in_total = true, .help = "reads that succeeded"),
	COLUMN(struct file_use, writes, "WRITES", KIND_UINT, -6, .in_total = true, .help = "writes that succeeded"),
	COLUMN(struct file_use, read_bytes, "R_Kb", KIND_KIB, -7, .in_total = true, .help = "bytes read (table: KiB)"),
	COLUMN(struct file_use, written_bytes, "W_Kb", KIND_KIB, -7, .in_total = true,
	       .help = "bytes written (table: KiB)"),
	COLUMN(struct file_use, failed_reads, "RFAIL", KIND_UINT, -6, .hidden = true, .help = "reads that failed"),
	COLUMN(struct file_use, failed_writes, "WFAIL", KIND_UINT, -6, .hidden = true, .help = "writes that failed"),
	COLUMN(struct file_use, file_type, "T", KIND_CHAR, -1, .help = "R regular file, S socket, O other"),
	COLUMN(struct file_use, device, "DEV", KIND_DEVICE, -8, .hidden = true, .help = "of the file system"),
	KEY_COLUMN(struct file_key, inode, "INODE", KIND_UINT, -10, .hidden = true, .help = "inode number"),
	KEY_COLUMN(struct file_key, generation, "GEN", KIND_UINT, -10, .hidden = true, .help = "of the inode number"),
	COLUMN(struct file_use, file, "FILE", KIND_COMM, 0, .help = "last component of its name"),
	{}
};

static const struct option_row options[] = {
	SWITCH(struct filetop_options, all_files, 'a', "all-files", "sockets, pipes and devices too"),
	SWITCH(struct settings, no_clear, 'C', "noclear", "do not repaint the screen", .in_settings = true),
	LETTER('r', "limit", .alias = "maxrows"),
	LETTER('s', "sort"),
	SWITCH(struct filetop_options, no_writes, 0, "read-only", "only reads", .excludes = "write-only"),
	SWITCH(struct filetop_options, no_reads, 0, "write-only", "only writes"),
	VALUE(struct filetop_options, directory_inode, 'd', "directory", "DIR", parse_directory,
	      "only files right in this directory"),
	{}
};

const struct tool filetop_tool = {
	.name = "filetop",
	.summary = "Files by reads and writes, busiest first",
	.help = "Calls that succeeded and the bytes they moved, by file and thread; calls that failed are counted apart "
		"(columns failed_reads, failed_writes). Files are told apart by device, inode and generation. "
		"--sort takes any column; all (default) is the sum of reads, writes, read_bytes and written_bytes.",
	.unseen = "readv, writev, AIO, io_uring, splice, sendfile, copy_file_range and mmap: they do not call vfs_read or "
		  "vfs_write",
	.probe = &filetop_probe,
	.table = "files",
	.columns = columns,
	.layout = LAYOUT_TOP,
	.options = options,
	.constants = sizeof(struct filetop_options),
	.interval = 1,
	.sort = "all",
	.limit = 20,
};
