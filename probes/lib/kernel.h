/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kernel.h - the kernel types our probes read, and only the members they read. The loader finds each member by
 * name in the running kernel's BTF, so order and gaps do not matter; size and signedness do: tests/tools/kernel-types
 * compares them with the BTF of every kernel of the matrix. What only some kernels have is in a type ___flavour.
 */
#pragma once

#define __VMLINUX_H__ /* bpf_tracing.h: use the kernel's names of registers */

typedef unsigned char __u8;
typedef unsigned short __u16;
typedef unsigned int __u32;
typedef unsigned long long __u64;
typedef signed char __s8;
typedef short __s16;
typedef int __s32;
typedef long long __s64;
typedef __u16 __be16;
typedef __u32 __be32;
typedef __u32 __wsum;
typedef _Bool bool;
enum { false, true };
#define NULL ((void *)0)
#include "shared.h"	/* u32 and the like */

/* include/uapi/linux/bpf.h */
enum {
	BPF_MAP_TYPE_HASH = 1,
	BPF_MAP_TYPE_ARRAY = 2,
	BPF_MAP_TYPE_PERF_EVENT_ARRAY = 4,
	BPF_MAP_TYPE_PERCPU_HASH = 5,
	BPF_MAP_TYPE_PERCPU_ARRAY = 6,
	BPF_MAP_TYPE_CGROUP_ARRAY = 8,
	BPF_MAP_TYPE_LRU_HASH = 9,
	BPF_MAP_TYPE_ARRAY_OF_MAPS = 12,
	BPF_MAP_TYPE_RINGBUF = 27,
	BPF_MAP_TYPE_TASK_STORAGE = 29,
};
enum { BPF_ANY = 0, BPF_NOEXIST = 1 };
enum { BPF_F_NO_PREALLOC = 1 };
enum { BPF_RB_NO_WAKEUP = 1, BPF_RB_FORCE_WAKEUP = 2, BPF_RB_AVAIL_DATA = 0 };
enum { BPF_LOCAL_STORAGE_GET_F_CREATE = 1 };
#define BPF_F_CURRENT_CPU 0xffffffffULL

/*
 * Registers: fixed by the ABI of signals and ptrace, so no relocation. Which of them hold the arguments of a system call,
 * of a program as wide as the kernel (SYSCALL_ARGUMENT) and of a 32-bit one (COMPAT_ARGUMENT): see SYSCALL_ARG.
 */
#if defined(__TARGET_ARCH_arm64)

/* arch/arm64/include/uapi/asm/ptrace.h; the kernel's pt_regs begins with it */
struct user_pt_regs {
	__u64 regs[31], sp, pc, pstate;
};
struct pt_regs {
	__u64 regs[31], sp, pc, pstate;
};

/*
 * regs[0], not orig_x0: it is what __arm64_sys_*() pass on (syscall_wrapper.h), and a tracer may have changed it. The
 * result comes there only when they have returned (invoke_syscall, arch/arm64/kernel/syscall.c).
 */
#define SYSCALL_ARGUMENT(n) regs[(n) - 1]
#define COMPAT_ARGUMENT(n) regs[(n) - 1]

#else

/* arch/x86/include/asm/ptrace.h */
struct pt_regs {
	unsigned long r15, r14, r13, r12, bp, bx, r11, r10, r9, r8;
	unsigned long ax, cx, dx, si, di, orig_ax, ip, cs, flags, sp, ss;
};

#define SYSCALL_ARGUMENT(n) SYSCALL_ARGUMENT_##n
#define SYSCALL_ARGUMENT_1 di
#define SYSCALL_ARGUMENT_2 si
#define SYSCALL_ARGUMENT_3 dx
#define SYSCALL_ARGUMENT_4 r10
#define SYSCALL_ARGUMENT_5 r8
#define SYSCALL_ARGUMENT_6 r9
#define COMPAT_ARGUMENT(n) COMPAT_ARGUMENT_##n
#define COMPAT_ARGUMENT_1 bx
#define COMPAT_ARGUMENT_2 cx
#define COMPAT_ARGUMENT_3 dx
#define COMPAT_ARGUMENT_4 si
#define COMPAT_ARGUMENT_5 di
#define COMPAT_ARGUMENT_6 bp

#endif

/* include/uapi/linux/openat2.h */
struct open_how {
	__u64 flags, mode, resolve;
};
#define RESOLVE_IN_ROOT 0x10

#define S64_MAX ((s64)(~0ULL >> 1))
#define AT_FDCWD -100
#define S_IFMT 0170000
#define S_IFSOCK 0140000
#define S_IFREG 0100000
#define FMODE_CREATED 0x100000	/* include/linux/fs.h, since 4.19 (73a09dd94377) */
#define IOCB_WAITQ (1 << 19)	/* include/linux/fs.h, since 5.10 (ce71bfea207b) */
#define ENOENT 2		/* include/uapi/asm-generic/errno-base.h */
#define EAGAIN 11
#define EOPNOTSUPP 95		/* include/uapi/asm-generic/errno.h */
#define EIOCBQUEUED 529		/* include/linux/errno.h */

/* Helpers that not every kernel has, to be asked for; their numbers are the kernel's. */
enum bpf_func_id {
	BPF_FUNC_get_current_task_btf = 158,
};

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct task_struct {
	int pid, tgid;
	struct task_struct *real_parent, *group_leader;
	struct pid *thread_pid;
	struct fs_struct *fs;
	struct files_struct *files;
	struct nsproxy *nsproxy;
	struct signal_struct *signal;
};

struct ns_common {
	unsigned int inum;
};

struct mnt_namespace {
	struct ns_common ns;
};

struct pid_namespace {
	struct ns_common ns;
};

struct upid {
	int nr;
	struct pid_namespace *ns;
};

struct pid {
	unsigned int level;
	struct upid numbers[1];	/* in fact level + 1 */
};

struct nsproxy {
	struct mnt_namespace *mnt_ns;
};

/* paths */
struct qstr {
	u32 len;
	const unsigned char *name;
};

struct dentry {
	struct dentry *d_parent;
	struct qstr d_name;
	struct inode *d_inode;
};

struct vfsmount {
	struct dentry *mnt_root;
};

struct mount {
	struct mount *mnt_parent;
	struct dentry *mnt_mountpoint;
	struct vfsmount mnt;
};

struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
};

struct fs_struct {
	struct path root, pwd;
};

struct fdtable {
	unsigned int max_fds;
	struct file **fd;
};

struct files_struct {
	struct fdtable *fdt;
};

struct super_block {
	u32 s_dev;
	char s_id[32];
};

struct inode {
	unsigned short i_mode;
	u32 i_generation;
	unsigned long i_ino;
	struct super_block *i_sb;
};

struct file {
	unsigned int f_mode;
	struct path f_path;
	struct inode *f_inode;
};

struct kiocb {
	int ki_flags;
};

/* block layer */
struct gendisk {
	char disk_name[32];
};

struct bpf_prog_stats___misses {	/* since 5.12 (9ed9e9ba2337), of this type since 5.16 (d979617aa84d) */
	struct {
		__u64 v;
	} misses;
};

struct request_queue___disk {	/* since 5.15 (d152c682f03c) */
	struct gendisk *disk;
};

struct request {
	struct request_queue *q;
	unsigned int cmd_flags;
	unsigned int __data_len;
	void *end_io_data;
};

struct request___rq_disk {	/* before 5.17 (f3fa33acca9f) */
	struct gendisk *rq_disk;
};

#pragma clang attribute pop
