/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * attach.h - a tool's probe into the kernel: the fentry object if this kernel takes all of it, else the kprobe object.
 * What was chosen, and why the rest was not, stays readable for --explain and for errors.
 */
#pragma once

#include <bpf/libbpf.h>
#include "kernel/kernel.h"
#include "returns.h"
#include "tool.h"

struct hook {	/* one program of the object, and where it sits */
	struct bpf_program *program;
	enum hook_kind { HOOK_ENTRY, HOOK_EXIT, HOOK_TRACE } kind;
	bool optional;
	const struct target *target;	/* of the tool, that gave the function; or NULL */
	bool task_trace;	/* TASK_TRACE(): a tracepoint's program, or the kprobe on its iterator in place of it */
	int keepers[2];		/* two programs that do nothing: the iterator is called for several only */
	char names[2][128];	/* functions to try, best first */
	const char *function;	/* the one chosen; NULL: none */
	u32 btf_id;
	int module_fd;
	struct bpf_link *link;
	char event[32];	/* of tracefs, where a return probe is one (returns.h) */
};

struct attachment {
	enum way way;
	struct bpf_object *object;
	struct hook *hooks;
	size_t hook_count;
	int types;		/* file of what the object needs of the kernel's type information */
	bool perf_buffer;	/* events go through perf buffers */
	bool preempted;		/* kernel_preempts() */
	bool traces_preempted;	/* programs at tracepoints, too */
	bool skips;		/* programs run with preemption on: the kernel skips one that waits for its processor ... */
	bool skips_tasks;	/* ... and tasks come to it, not only interrupts, which are not preempted */
	unsigned int uses;	/* USES_FTRACE, USES_KPROBES (kernel.h) */
	struct returns returns;	/* kprobe way: where return probes are made */
	bool links_tell;	/* what they have missed */
	bool returns_counted;	/* the links do not, but returns_missed() does */

	/* one body for many functions (many.c) */
	struct function *functions;
	size_t function_count;
	size_t functions_refused;	/* that match but cannot be probed */
	size_t functions_attached;
	int *btf_ids, *btf_objects;	/* by fentry: that of each function, and where it counts (btf_target); or NULL */
	bool many_at_once;	/* one link for all */
	int *links, *programs;	/* one for each function, -1: none; or for many, at the place of the first */
	size_t link_count;
	const char *many_by;	/* "fentry.multi", "kprobe.multi", "kprobe", "fentry" */
	struct bpf_insn *body;	/* that is copied for each function: relocated, not yet folded */
	size_t body_size;

	char why[WAYS][512];	/* this way was not taken because ... */
	int errors[WAYS];	/* ... -errno */
};

/* 0, or an exit code after a line on stderr. Whatever happens, attach_free() is due. */
int attach(struct attachment *attachment, const struct tool *tool, const struct settings *settings,
	   const void *constants);
const char *attached_by(const struct attachment *attachment);	/* "fentry", "kprobe", "kprobe.multi" ... */
void attach_explain(const struct attachment *attachment, const struct tool *tool);	/* on stdout */
/* Why an optional hook has no place here, in words that last until the next call; NULL: it has one. */
const char *hook_absent(const struct hook *hook);
void attach_stop(struct attachment *attachment);	/* no program runs any more; maps stay */
void attach_free(struct attachment *attachment);

/* many.c: between open and load; after load. Both 0 or -errno, with the reason in attachment->why. */
int many_prepare(struct attachment *attachment, const struct settings *settings);
int many_attach(struct attachment *attachment);
int copies_attach(struct attachment *attachment);	/* copies.c, for many_attach() */
bool many_fentry_multi(void);	/* the kernel has it */
void many_stop(struct attachment *attachment);	/* programs stay, for what they have counted */
void many_free(struct attachment *attachment);

/* policy.c: before anything is opened; then of the way that is tried: what the kernel may skip, and is the other better */
void policy_ask(struct attachment *attachment, const struct settings *settings);
void policy_judge(struct attachment *attachment, const struct tool *tool);
bool policy_puts_off(const struct attachment *attachment);
void policy_hurry(const struct attachment *attachment, bool hurry);	/* around system calls on maps */
bool policy_few_returns(const struct attachment *attachment);	/* attached, with perf's return probes (returns.h) */

/* constants.c: find a constant of the object by name, to be set before load; NULL: it has none. */
void *constant(struct bpf_object *object, const char *name, size_t size);

/* All of them, for fold(), once maps have been made. */
struct frozen constants(struct bpf_object *object);
