/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * shared.h - what both sides of every probe know: the kernel side writes it, core and output read it.
 * Layout rule for every struct here and in NAME.h: no holes, so that records and keys compare and travel as bytes.
 */
#pragma once

#ifndef __bpf__
#include <linux/types.h>
#include <stdbool.h>
#endif

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
typedef __s32 s32;
typedef __s64 s64;

#define COMM_LEN 16	/* TASK_COMM_LEN, include/linux/sched.h */
#define NAME_LEN 256	/* NAME_MAX + 1: one component of a path */
#define DISK_LEN 32	/* DISK_NAME_LEN, include/linux/blkdev.h */
#define PATH_LEN 4096	/* PATH_MAX, include/uapi/linux/limits.h */

/* Power-of-two histogram. slots[0] counts 0 and 1, slots[i] counts 2^i .. 2^(i+1)-1; the last is not open-ended. */
#define HIST_SLOTS 64

struct hist {
	u64 total_ns;	/* sum of all values, in ns whatever the slots' unit */
	u64 slots[HIST_SLOTS];
};

/*
 * A path as the kernel side gathers it: the name that was given, then (if it was relative and the full path
 * was asked for) the directories above it, innermost first, each ended by a NUL. Always a record's last member.
 */
struct path_text {
	u16 size;	/* bytes used in parts */
	u16 marks;	/* enum path_mark */
	char parts[];
};

enum path_mark {
	PATH_CUT	 = 1 << 0,	/* the name did not fit: its end is missing */
	PATH_DEEP	 = 1 << 1,	/* too many or too long directories: its beginning is missing */
	PATH_UNREADABLE	 = 1 << 2,	/* the name's memory could not be read */
	PATH_UNREACHABLE = 1 << 3,	/* the walk up did not meet the process's root directory */
	PATH_FULL	 = 1 << 4,	/* the directories above follow the name */
	PATH_IN_ROOT	 = 1 << 5,	/* the name begins there even with a slash, and .. does not leave it */
};

/*
 * The device of a file system, with the name that the kernel had for it then: later the number may be nobody's, or
 * another's. Where there is no disk there is no name.
 */
struct device {
	u32 number;	/* major << 20 | minor */
	char name[DISK_LEN];
};

/*
 * Which disks, by name: those bytes whose mask is ones; and from digits_at on (0: there is no more) a number of at most
 * DISK_DIGITS digits, then the rest, likewise. All zero: every disk.
 */
#define DISK_DIGITS 4

struct disk_pattern {
	u64 mask[DISK_LEN / sizeof(u64)], name[DISK_LEN / sizeof(u64)];
	u64 digits_at, rest, rest_mask;
};

/* What a tool could not show, by cause. The kernel side counts, core reports (core/run/ledger.c has the words). */
enum loss {
	LOSS_BUFFER,	/* no room in the event buffer */
	LOSS_MAP,	/* no room in a map */
	LOSS_UNPAIRED,	/* an entry whose return was never seen */
	LOSS_ASYNC,	/* a call that only submitted its work (EIOCBQUEUED); it completes later, unseen */
	LOSS_RECURSION,	/* the kernel skipped a program or a return probe; filled in by core */
	LOSS_PROCESSOR,	/* before 5.8: this one has no event buffer */
	LOSS_UNWRITTEN,	/* nobody took the row; filled in by core */
	LOSS_CAUSES
};

/*
 * Constants of every probe that filters (filter.bpf.h). What is not asked for costs two instructions in all: the
 * verifier removes branches that a constant decides, but not the loading of the constant.
 */
enum filter_part {
	FILTER_PID = 1 << 0,
	FILTER_TID = 1 << 1,
	FILTER_PPID = 1 << 2,
	FILTER_UID = 1 << 3,
	FILTER_COMM = 1 << 4,
	FILTER_CGROUP = 1 << 5,
	FILTER_CGROUP_MAP = 1 << 6,	/* pinned map of cgroup v2 ids */
	FILTER_MOUNT_NS_MAP = 1 << 7,	/* pinned map of mount namespaces, by inode number */
	FILTER_CHILDREN = 1 << 8,	/* in place of FILTER_PID: of that process and all that come from it */
};

struct filter {
	u32 active;	/* enum filter_part */
	u32 pid, tid, ppid, uid;
	u32 pid_ns;	/* namespace of pid, tid and ppid, by its inode; 0: the first one */
	u64 comm[COMM_LEN / 8];	/* to be found anywhere in the task's name, as it lies in memory ... */
	u64 comm_mask[COMM_LEN / 8];	/* ... and which bytes those are */
};

/* Marks the number of a task that has none in the namespace of those that are shown; numbers have 22 bits (PID_MAX_LIMIT). */
#define PID_OUTSIDE (1u << 31)
