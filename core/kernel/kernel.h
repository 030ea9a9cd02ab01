/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kernel.h - what this kernel has and this user may. Answers come from the running kernel (its BTF, kallsyms, the
 * list of functions ftrace can stop at, the kprobe blacklist) or from trying; never from a version number.
 */
#pragma once

#include <errno.h>
#include <linux/bpf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include "output.h"

struct types;

/* 0, or an exit code after a line that names what is missing: a capability, a lockdown mode. */
int may_trace(void);

/* Errors that say nothing of what was asked for, only of who asks: there is no room for it, or it is not for this user. */
static inline bool is_scarce(int err)
{
	return err == EMFILE || err == ENFILE || err == ENOMEM;
}

static inline bool is_denied(int err)
{
	return err == EPERM || err == EACCES;
}

/*
 * strerror(), and behind it what to grant or to raise. Valid until the next call. perf_event_open() says EACCES, bpf() EPERM;
 * the verifier's EACCES is a matter of the program, and must not come here.
 */
const char *kernel_refusal(int err);

long long number_in(const char *path);	/* a file that begins with one; -1 */

int kprobe_type(void);	/* of perf events that are kprobes; -1: there are none */
const char *without_kprobes(void);	/* why there are none; NULL: there are */
/* A link, which knows what was missed; before 5.15 the perf event itself; or -errno. Closing it detaches, as our death does. */
int kprobe_attach(int program, const char *function, int type);
bool kprobe_fires(void);	/* one at a function's entry, by trying */

/* NULL, or why probes of such kinds, though attached, do not fire now. To ask again opens no file. */
enum { USES_FTRACE = 1, USES_KPROBES = 2 };
const char *switches_silence(unsigned int used, bool again);
void switches_close(void);

/*
 * The kernel's type information, from file or (NULL) from /sys/kernel/btf/vmlinux; read on first use and kept until
 * kernel_types_free(). NULL and errno: there is none.
 */
const struct types *kernel_types(const char *file);
void kernel_types_free(void);
void kernel_modules_free(void);	/* the handles that kernel_find() gave out */

/*
 * Whether the kernel may take the processor from a task that is in the middle of kernel code, a traced function or its
 * program: from its build, and where that leaves it open from /sys/kernel/debug/sched/preempt. What cannot be found out
 * counts as yes.
 */
bool kernel_preempts(void);

/* The root of tracefs or debugfs, mounted or not: an fd, or -errno. A file of it to be read; NULL: it cannot be. */
int kernel_fs(const char *type);
FILE *kernel_fs_file(const char *type, const char *path);

extern const struct bpf_insn bpf_nothing[];	/* return 0 */

/* fentry and fexit programs load and attach here. Tried once, on a function that all kernels have. */
bool support_kfunc(void);

/* 1, 0, or -1 where there is no BTF or no such struct. */
int kernel_struct_has_field(const struct types *types, const char *type, const char *field);

/* Position of the first parameter of type `struct type *` of a function or tracepoint (btf_trace_NAME); or -1. */
int kernel_parameter(const struct types *types, const char *function, const char *type);

/*
 * Names of an enum of the kernel, without what they begin with in common (REQ_OP_WRITE_ZEROES: WriteZeroes), ended by
 * a NULL name; values of bit enums become 1 << value. To be freed with free(). NULL: not there.
 */
struct name *kernel_enum_names(const struct types *types, const char *type, bool bits);

/* A function that a probe may be put on, by fentry: its BTF id, and the module's BTF (an fd, or 0). */
struct btf_target {
	const char *function;	/* in; a tracepoint's typedef btf_trace_NAME works as well */
	u32 id;			/* out; 0: not found */
	int module_fd;		/* out; owned by kernel.c until kernel_modules_free() */
};

/*
 * Find all in one pass over the kernel's functions, and where some are left, over its modules' (module first, if any).
 * 0, or -errno: some are left, and not all places could be looked at (is_scarce(), is_denied()).
 */
int kernel_find(const struct types *types, struct btf_target *targets, size_t count, const char *module);
/* Only there; NULL: in no module. */
int kernel_find_in(const struct types *types, const char *module, struct btf_target *targets, size_t count);

/*
 * Entry functions of a system call, best first; at most 2, ended by NULL. "SYSCALL_openat", "COMPAT_openat" (called
 * by 32-bit programs); anything else is returned as it is. Storage is the caller's.
 */
void syscall_function(const char *name, char names[2][128]);

/*
 * Functions that regex (extended, matched on the whole name) names and kprobes can take, sorted by name. Counts those
 * that match but cannot be probed. -errno: the lists cannot be read.
 */
int kprobe_functions(const char *regex, struct function **functions, size_t *count, size_t *refused);
void functions_free(struct function *functions, size_t count);
