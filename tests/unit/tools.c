// SPDX-License-Identifier: GPL-2.0-only
/* tools.c - column tables and rows of five tools */
#include <stdlib.h>
#include <string.h>
#include "tools.h"

static void add(struct rows *rows, const void *key, const void *value, size_t size)
{
	rows->items[rows->count++] = (struct row){ key, value, size };
}

/* --- vfsstat: one row of counters an interval --- */

struct vfs_calls {
	u64 read, write, fsync, open, create, unlink, mkdir, rmdir;
};

const struct column vfsstat_columns[] = {
	{ .heading = "TIME", .key = "time", .kind = KIND_CLOCK, .width = -10, .suffix = ":" },
	COLUMN(struct vfs_calls, read, "READ/s", KIND_RATE, 8, .help = "vfs_read() calls"),
	COLUMN(struct vfs_calls, write, "WRITE/s", KIND_RATE, 8),
	COLUMN(struct vfs_calls, fsync, "FSYNC/s", KIND_RATE, 8),
	COLUMN(struct vfs_calls, open, "OPEN/s", KIND_RATE, 8),
	COLUMN(struct vfs_calls, create, "CREATE/s", KIND_RATE, 8),
	COLUMN(struct vfs_calls, unlink, "UNLINK/s", KIND_RATE, 8),
	COLUMN(struct vfs_calls, mkdir, "MKDIR/s", KIND_RATE, 8),
	COLUMN(struct vfs_calls, rmdir, "RMDIR/s", KIND_RATE, 8),
	{}
};

struct rows vfsstat_rows(void)
{
	static const struct vfs_calls calls[] = {
		{ 231, 101, 7, 23, 2, 3, 0, 1 },
		{ 18446744073709551557ULL, 4294967291, 0, 19, 1, 0, 0, 0 },
	};
	struct rows rows = {};

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		add(&rows, NULL, &calls[i], sizeof(calls[i]));
	return rows;
}

struct output_spec vfsstat_spec(enum format format)
{
	return (struct output_spec){
		.tool = "vfsstat", .columns = vfsstat_columns, .format = format,
		.layout = LAYOUT_LINES, .intervals = true,
	};
}

/* --- opensnoop: a stream of records of different length --- */

struct open_event {
	u64 time_ns;
	u32 pid, uid;
	s32 fd, err;
	u32 flags, mode;
	char comm[COMM_LEN];
	struct path_text path;
};

static const struct name open_flags[] = {
	{ 04010000, "O_SYNC" }, { 010000, "O_DSYNC" }, { 01, "O_WRONLY" }, { 02, "O_RDWR" },
	{ 0100, "O_CREAT" }, { 01000, "O_TRUNC" }, { 02000000, "O_CLOEXEC" }, {}
};

const struct column opensnoop_columns[] = {
	COLUMN(struct open_event, time_ns, "TIME(s)", KIND_SINCE, -13, .hidden = true),
	COLUMN(struct open_event, uid, "UID", KIND_UINT, -5, .hidden = true),
	COLUMN(struct open_event, pid, "PID", KIND_PID, -6, .help = "process"),
	COLUMN(struct open_event, comm, "COMM", KIND_COMM, -16, .help = "name of the task"),
	COLUMN(struct open_event, fd, "FD", KIND_INT, 4, .help = "descriptor; -1: it failed"),
	COLUMN(struct open_event, err, "ERR", KIND_ERRNO, 3, .help = "error; 0: none"),
	COLUMN(struct open_event, flags, "FLAGS", KIND_FLAGS, -8, .hidden = true, .octal = true,
	       .names = open_flags),
	COLUMN(struct open_event, mode, "MODE", KIND_OCTAL, -4, .hidden = true, .blank = "n/a"),
	COLUMN(struct open_event, path, "PATH", KIND_PATH, 0, .help = "path"),
	{ .heading = "HOW", .key = "how", .kind = KIND_FLAGS, .width = 0, .hidden = true,
	  .offset = offsetof(struct open_event, flags), .size = 4, .names = open_flags },
	{}
};

#define NO_MODE ((u32)-1)
#define PARTS(string) string, sizeof(string)

static void add_open(struct rows *rows, const struct open_event *head, u16 marks,
		     const char *parts, size_t size)
{
	const struct path_text path = { .size = size, .marks = marks };
	const u64 time_ns = 5000000000 + rows->count * 1000003ULL;
	static char records[32][512];
	char *record = records[rows->count];

	memcpy(record, head, sizeof(*head));
	memcpy(record, &time_ns, sizeof(time_ns));
	memcpy(record + offsetof(struct open_event, path), &path, sizeof(path));
	memcpy(record + offsetof(struct open_event, path.parts), parts, size);
	add(rows, NULL, record, offsetof(struct open_event, path.parts) + size);
}

struct rows opensnoop_rows(void)
{
	struct rows rows = {};

	add_open(&rows, &(struct open_event){ .pid = 1, .fd = 3, .mode = NO_MODE,
		 .flags = 02000000, .comm = "systemd" }, 0, PARTS("/proc/1/cgroup"));
	add_open(&rows, &(struct open_event){ .pid = 4194301, .uid = 1000, .fd = -1, .err = 2,
		 .mode = NO_MODE, .comm = "a-name-of-all15" }, 0, PARTS("/no/such/file"));
	add_open(&rows, &(struct open_event){ .pid = 977, .uid = 65534, .fd = 1023, .mode = 0644,
		 .flags = 0101101, .comm = "cc1, \"the\" one" }, PATH_FULL,
		 PARTS("main.o\0build\0home"));
	add_open(&rows, &(struct open_event){ .pid = 983, .uid = 0, .fd = 5, .mode = 01777,
		 .flags = 04010102, .comm = "evil\033[2J\nroot" }, 0,
		 PARTS("/tmp/\xe2\x80\xae" "cod.exe\\n \xff"));
	add_open(&rows, &(struct open_event){ .pid = 991, .fd = -1, .err = 14, .mode = NO_MODE,
		 .comm = "tail" }, PATH_UNREADABLE, PARTS(""));
	return rows;
}

struct output_spec opensnoop_spec(enum format format)
{
	return (struct output_spec){
		.tool = "opensnoop", .columns = opensnoop_columns, .format = format,
		.layout = LAYOUT_LINES,
	};
}

/* --- filetop: a map, sorted and cut --- */

struct file_key {
	u64 inode;
	u32 device, tid;
};

struct file_use {
	u64 reads, writes, read_bytes, written_bytes;
	char comm[COMM_LEN], file[64], type;
};

#define ADDS .in_total = true

const struct column filetop_columns[] = {
	KEY_COLUMN(struct file_key, tid, "TID", KIND_PID, -7),
	COLUMN(struct file_use, comm, "COMM", KIND_COMM, -16),
	COLUMN(struct file_use, reads, "READS", KIND_UINT, -6, ADDS),
	COLUMN(struct file_use, writes, "WRITES", KIND_UINT, -6, ADDS),
	COLUMN(struct file_use, read_bytes, "R_Kb", KIND_KIB, -7, ADDS),
	COLUMN(struct file_use, written_bytes, "W_Kb", KIND_KIB, -7, ADDS),
	COLUMN(struct file_use, type, "T", KIND_CHAR, -1),
	COLUMN(struct file_use, file, "FILE", KIND_COMM, 0),
	KEY_COLUMN(struct file_key, inode, "INODE", KIND_UINT, 12, .hidden = true),
	{}
};

struct rows filetop_rows(void)
{
	static const struct file_key keys[] = {
		{ 11, 2, 607 }, { 13, 2, 613 }, { 17, 2, 617 }, { 19, 2, 619 }, { 23, 2, 619 },
	};
	static const struct file_use uses[] = {
		{ 3, 0, 4095, 0, "bash", "profile", 'R' },
		{ 0, 1009, 0, 9007199254740993, "postgres", "000000010000000000000001", 'R' },
		{ 499, 0, 1048576, 0, "sshd", "TCP", 'S' },
		{ 2, 1, 1023, 0, "zsh", "tty", 'O' },
		{ 2, 1, 1023, 0, "zsh", "\xe6\x97\xa5\xe6\x9c\xac", 'O' },
	};
	struct rows rows = {};

	for (size_t i = 0; i < sizeof(uses) / sizeof(uses[0]); i++)
		add(&rows, &keys[i], &uses[i], sizeof(uses[i]));
	return rows;
}

struct output_spec filetop_spec(enum format format)
{
	return (struct output_spec){
		.tool = "filetop", .columns = filetop_columns, .format = format,
		.layout = LAYOUT_TOP, .sort = "all", .limit = 20, .intervals = true,
	};
}

/* --- biolatency: histograms of a disk, flags and an operation --- */

struct bio_key {
	u32 operation, flags;
	char disk[DISK_LEN];
};

static const struct name bio_flags[] = {
	{ 1 << 17, "ForcedUnitAccess" }, { 1 << 12, "Metadata" }, { 1 << 11, "Sync" }, {}
};

static const struct name bio_operations[] = {
	{ 0, "Read" }, { 1, "Write" }, { 2, "Flush" }, {}
};

const struct column biolatency_columns[] = {
	{ .heading = "TIME", .key = "time", .kind = KIND_CLOCK, .width = -8 },
	KEY_COLUMN(struct bio_key, disk, "disk", KIND_NAME, -12),
	KEY_COLUMN(struct bio_key, flags, "flags", KIND_FLAGS, -12, .names = bio_flags),
	KEY_COLUMN(struct bio_key, operation, "flags", KIND_ENUM, -12, .names = bio_operations),
	{ .heading = "LATENCY", .key = "latency", .kind = KIND_HIST,
	  .size = sizeof(struct hist), .help = "time of a request" },
	{ .heading = "SUMMARY", .key = "summary", .kind = KIND_SUMMARY, .hidden = true,
	  .size = sizeof(struct hist) },
	{}
};

struct rows biolatency_rows(void)
{
	static const struct bio_key keys[] = {
		{ 1, 1 << 11 | 1 << 17, "nvme0c1n1" }, { 0, 0, "nvme0c1n1" }, { 0, 1 << 11, "nvme0c1n1" },
		{ 37, 1 << 12, "nvme0c1n1" }, { 2, 1u << 31, "" },
	};
	static const struct hist hists[] = {
		{ 6389000, { [7] = 23, [8] = 11, [10] = 1 } },
		{ 7919999, { [0] = 5, [5] = 47 } },
		{ 0, {} },
		{ 3, { [0] = 1 } },
		{ 5000000000000, { [31] = 4294967311, [32] = 1 } },
	};
	struct rows rows = {};

	for (size_t i = 0; i < sizeof(hists) / sizeof(hists[0]); i++)
		add(&rows, &keys[i], &hists[i], sizeof(hists[i]));
	return rows;
}

struct output_spec biolatency_spec(enum format format)
{
	return (struct output_spec){
		.tool = "biolatency", .columns = biolatency_columns, .format = format,
		.layout = LAYOUT_HIST, .unit = "usecs", .clock = true, .intervals = true,
	};
}

/* --- ext4dist: a histogram for each operation --- */

static const struct name file_operations[] = {
	{ 0, "read" }, { 1, "write" }, { 2, "open" }, { 3, "fsync" }, {}
};

const struct column ext4dist_columns[] = {
	{ .heading = "TIME", .key = "time", .kind = KIND_CLOCK, .width = -8, .suffix = ":" },
	{ .heading = "operation", .key = "operation", .kind = KIND_WORD, .width = -12,
	  .in_key = true, .size = sizeof(u32), .names = file_operations },
	{ .heading = "LATENCY", .key = "latency", .kind = KIND_HIST,
	  .size = sizeof(struct hist) },
	{}
};

struct rows ext4dist_rows(void)
{
	static const u32 keys[] = { 3, 1, 0, 2 };
	static const struct hist hists[] = {
		{ 1300007, { [10] = 13 } },
		{ 0, {} },
		{ 99991, { [0] = 997, [1] = 206, [2] = 24, [3] = 25, [6] = 499 } },
		{ 3001, { [1] = 2, [2] = 3 } },
	};
	struct rows rows = {};

	for (size_t i = 0; i < sizeof(hists) / sizeof(hists[0]); i++)
		add(&rows, &keys[i], &hists[i], sizeof(hists[i]));
	return rows;
}

struct output_spec ext4dist_spec(enum format format)
{
	return (struct output_spec){
		.tool = "ext4dist", .columns = ext4dist_columns, .format = format,
		.layout = LAYOUT_HIST, .unit = "msecs", .clock = true, .intervals = true,
	};
}
