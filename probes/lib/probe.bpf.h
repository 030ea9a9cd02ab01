/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * probe.bpf.h - what every probe starts with: kernel types, libbpf's helpers, and the two ways into the kernel.
 *
 * Each NAME.bpf.c is compiled twice: with WAY_FENTRY (trampolines and BTF-typed arguments: cheap) and without
 * (kprobes: works everywhere). These macros differ by way and nothing else does:
 *
 *	ENTRY(fn, args...)		runs when fn is entered
 *	EXIT(fn, when, args..., ret)	runs when fn returns, with its arguments and its result
 *	TRACE(event, args...)		runs at a tracepoint
 *	TASK_TRACE(event, args...)	the same, of one that is come to by tasks rather than in interrupts. Where programs at
 *					tracepoints are preempted, it is a kprobe, which is not (and which is skipped in an
 *					interrupt that comes into another kprobe). Its ctx is good for arguments only.
 *	READ(pointer, a, b)		pointer->a->b in kernel memory
 *	SYSCALL_ARG(regs, n)		argument n (1 to 6) of a system call, in a program at SYSCALL_..., whose argument is regs
 *	COMPAT_ARG(regs, n)		the same of a 32-bit program, at COMPAT_...
 *
 * OPTIONAL_ before one of them: its function may be absent on this kernel. EITHER_ENTRY(fn, other, args...): other, where
 * there is no fn. A function that its callers in the same file have inlined is there and yet never called: look for one
 * that is called from another file, and let the tests tell. fn may be SYSCALL_openat: core finds the
 * entry function of that system call; COMPAT_openat: the one that only 32-bit programs on a 64-bit kernel come to. EXIT
 * lists all arguments of fn; `when` is a bool function of the raw arguments (u64 *), evaluated at entry where the arguments have to be kept, so that unwanted calls stay cheap.
 *
 * Where the function differs from tool to tool (one probe for a family), the tool's .targets name it, and
 *
 *	TARGET_ENTRY(name)		runs when the function is entered that the target `name` gives; its first argument
 *					is TARGET_ARGUMENT(ctx)
 *	TARGET_EXIT(name, count, ret)	runs when it returns; count: how many arguments it has
 *
 * A target that a tool does not give is not loaded.
 */
#pragma once
#include "kernel.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include "shared.h"

char LICENSE[] SEC("license") = "GPL";

#define INLINE static __always_inline

/* What this tool could not show, by cause; core adds up the CPUs and reports. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, LOSS_CAUSES);
	__type(key, u32);
	__type(value, u64);
} losses SEC(".maps");

/*
 * Set by core: programs run with preemption on. Another task may then come between any two instructions: it finds this
 * program skipped, but may run another one, which shall meet none of what this one has begun.
 */
const volatile bool preemptible = false;

/* Add to a per-CPU counter that several programs share. */
INLINE void add(u64 *counter, u64 value)
{
	if (preemptible)
		__sync_fetch_and_add(counter, value);
	else
		*counter += value;
}

/* ns since `at`, at least 1: a clock that another CPU read may be a little ahead, and 0 is "not seen". */
INLINE u64 elapsed(u64 at)
{
	s64 ns = bpf_ktime_get_ns() - at;

	return ns > 0 ? ns : 1;
}

INLINE int lose(u32 cause)
{
	u64 *count = bpf_map_lookup_elem(&losses, &cause);

	if (count)
		add(count, 1);
	return 0;
}

INLINE void *only_entry(void *array)
{
	static const u32 zero;	/* among the constants, one instruction leads there; onto the stack it would be four */

	return bpf_map_lookup_elem(array, &zero);
}

/* The first n of an array of u64, as the arguments of a body. */
#define PASS_1_(a) (void *)(a)[0]
#define PASS_2_(a) PASS_1_(a), (void *)(a)[1]
#define PASS_3_(a) PASS_2_(a), (void *)(a)[2]
#define PASS_4_(a) PASS_3_(a), (void *)(a)[3]
#define PASS_5_(a) PASS_4_(a), (void *)(a)[4]
#define PASS_N_(n) PASS_##n##_
#define PASS_X_(n) PASS_N_(n)
#define PASS_(a, args...) PASS_X_(___bpf_narg(args))(a)

#define RUN_BODY_(body, ctx, from, args...)					\
	({									\
	_Pragma("GCC diagnostic push")						\
	_Pragma("GCC diagnostic ignored \"-Wint-conversion\"")			\
	body(ctx, PASS_(from, args));						\
	_Pragma("GCC diagnostic pop")						\
	})

#define ARROW_1_(p, a) (p)->a
#define ARROW_2_(p, a, b) (p)->a->b
#define ARROW_3_(p, a, b, c) (p)->a->b->c
#define ARROW_4_(p, a, b, c, d) (p)->a->b->c->d
#define ARROW_N_(n) ARROW_##n##_
#define ARROW_X_(n) ARROW_N_(n)

#ifdef WAY_FENTRY

#define ENTRY_SECTION_ "fentry/"
#define READ(p, args...) ARROW_X_(___bpf_narg(args))(p, args)

#define ENTRY_(section, fn, args...)						\
	INLINE int entry_body_##fn(void *ctx, args);				\
	SEC(section) int entry_##fn(u64 *ctx)					\
	{									\
		return RUN_BODY_(entry_body_##fn, ctx, ctx, args);		\
	}									\
	INLINE int entry_body_##fn(void *ctx, args)

#define EXIT_(optional, fn, when, args...)					\
	INLINE int exit_body_##fn(void *ctx, args);				\
	SEC(optional "fexit/" #fn) int exit_##fn(u64 *ctx)			\
	{									\
		return when(ctx) ? RUN_BODY_(exit_body_##fn, ctx, ctx, args) : 0; \
	}									\
	INLINE int exit_body_##fn(void *ctx, args)

#define TARGET_ENTRY(name) SEC("?fentry") int enter_##name(u64 *ctx)
#define TARGET_ARGUMENT(ctx) (void *)(ctx)[0]

#define TARGET_EXIT(name, count, ret)						\
	INLINE int leave_body_##name(void *ctx, long ret);			\
	SEC("?fexit") int leave_##name(u64 *ctx)				\
	{									\
		return leave_body_##name(ctx, ctx[count]);			\
	}									\
	INLINE int leave_body_##name(void *ctx, long ret)

#define TRACE_(kind, optional, name, event, args...)				\
	INLINE int trace_body_##name(void *ctx, args);				\
	SEC(optional "tp_btf/" #event) int kind##name(u64 *ctx)			\
	{									\
		return RUN_BODY_(trace_body_##name, ctx, ctx, args);		\
	}									\
	INLINE int trace_body_##name(void *ctx, args)

#define TASK_TRACE_(optional, name, event, args...) TRACE_(task_, optional, name, event, args)

#else /* kprobes */

#define ENTRY_SECTION_ "kprobe/"
#define READ(p, args...) BPF_CORE_READ(p, args)

#include "flight.bpf.h"

/* Arguments of calls in flight, kept from the entry to the return. */
struct call {
	u64 under_way;
	u64 kept[4];
};

IN_FLIGHT(calls, struct call, 8)	/* so many EXIT() a probe may have */

INLINE int keep_call(u32 place, const u64 *args)
{
	struct call call = { .under_way = true }, *kept;

	if (in_task) {
		kept = calls_place(place, BPF_LOCAL_STORAGE_GET_F_CREATE);
		if (!kept)
			return lose(LOSS_MAP);
		kept->under_way = true;
		__builtin_memcpy(kept->kept, args, sizeof(kept->kept));
		return 0;
	}
	__builtin_memcpy(call.kept, args, sizeof(call.kept));
	return thread_keep(&calls_by_thread, place, &call);
}

INLINE bool take_call(u32 place, u64 *args, u32 count)
{
	struct call *call = in_task ? calls_place(place, 0) : thread_kept(&calls_by_thread, place);

	if (!call || !call->under_way)
		return false;
	__builtin_memcpy(args, call->kept, count * sizeof(*args));
	if (in_task)
		call->under_way = false;
	else
		thread_forget(&calls_by_thread, place);
	return true;
}

#define ENTRY_(section, fn, args...)						\
	INLINE int entry_body_##fn(void *ctx, args);				\
	SEC(section) int entry_##fn(struct pt_regs *ctx)			\
	{									\
		u64 from[] = { PT_REGS_PARM1(ctx), PT_REGS_PARM2(ctx), PT_REGS_PARM3(ctx), \
			       PT_REGS_PARM4(ctx), PT_REGS_PARM5(ctx) };	\
										\
		return RUN_BODY_(entry_body_##fn, ctx, from, args);		\
	}									\
	INLINE int entry_body_##fn(void *ctx, args)

#define EXIT_(optional, fn, when, args...)					\
	INLINE int exit_body_##fn(void *ctx, args);				\
	enum { place_##fn = __COUNTER__ };					\
	SEC(optional "kprobe/" #fn) int call_##fn(struct pt_regs *ctx)		\
	{									\
		u64 from[] = { PT_REGS_PARM1(ctx), PT_REGS_PARM2(ctx), PT_REGS_PARM3(ctx), \
			       PT_REGS_PARM4(ctx) };				\
										\
		return when(from) ? keep_call(place_##fn, from) : 0;		\
	}									\
	SEC(optional "kretprobe/" #fn) int exit_##fn(struct pt_regs *ctx)	\
	{									\
		u64 from[___bpf_narg(args)];					\
										\
		if (!take_call(place_##fn, from, ___bpf_narg(args) - 1))	\
			return 0;						\
		from[___bpf_narg(args) - 1] = PT_REGS_RC(ctx);			\
		return RUN_BODY_(exit_body_##fn, ctx, from, args);		\
	}									\
	INLINE int exit_body_##fn(void *ctx, args)

#define TARGET_ENTRY(name) SEC("?kprobe") int enter_##name(struct pt_regs *ctx)
#define TARGET_ARGUMENT(ctx) (void *)PT_REGS_PARM1(ctx)

#define TARGET_EXIT(name, count, ret)						\
	INLINE int leave_body_##name(void *ctx, long ret);			\
	SEC("?kretprobe") int leave_##name(struct pt_regs *ctx)			\
	{									\
		return leave_body_##name(ctx, PT_REGS_RC(ctx));		\
	}									\
	INLINE int leave_body_##name(void *ctx, long ret)

#define TRACE_(kind, optional, name, event, args...)				\
	INLINE int trace_body_##name(void *ctx, args);				\
	SEC(optional "raw_tp/" #event) int kind##name(u64 *ctx)			\
	{									\
		return RUN_BODY_(trace_body_##name, ctx, ctx, args);		\
	}									\
	INLINE int trace_body_##name(void *ctx, args)

/* The function that calls a tracepoint's programs, where there are several; its first argument is not the event's. */
#define TASK_TRACE_(optional, name, event, args...)				\
	INLINE int trace_body_##name(void *ctx, args);				\
	SEC(optional "kprobe/__traceiter_" #event) int iterator_##name(struct pt_regs *ctx) \
	{									\
		u64 from[] = { PT_REGS_PARM2(ctx), PT_REGS_PARM3(ctx), PT_REGS_PARM4(ctx), \
			       PT_REGS_PARM5(ctx) };				\
										\
		return RUN_BODY_(trace_body_##name, from, from, args);		\
	}									\
	TRACE_(task_, optional, name, event, args)

#endif

#define SYSCALL_ARG(regs_, n) READ(regs_, SYSCALL_ARGUMENT(n))
#define COMPAT_ARG(regs_, n) ((u32)READ(regs_, COMPAT_ARGUMENT(n)))

#define ENTRY(fn, args...) ENTRY_(ENTRY_SECTION_ #fn, fn, args)
#define EITHER_ENTRY(fn, other, args...) ENTRY_(ENTRY_SECTION_ #fn "/" #other, fn, args)
#define EXIT(fn, when, args...) EXIT_("", fn, when, args)
#define TRACE(event, args...) TRACE_(trace_, "", event, event, args)
#define TASK_TRACE(event, args...) TASK_TRACE_("", event, event, args)
/* Of what tools share: the program has a name of its own, since a tool may have one at that event, too. */
#define TRACE_AS(name, event, args...) TRACE_(trace_, "", name, event, args)
#define TASK_TRACE_AS(name, event, args...) TASK_TRACE_("", name, event, args)
#define OPTIONAL_ENTRY(fn, args...) ENTRY_("?" ENTRY_SECTION_ #fn, fn, args)
#define OPTIONAL_EXIT(fn, when, args...) EXIT_("?", fn, when, args)
#define OPTIONAL_TRACE(event, args...) TRACE_(trace_, "?", event, event, args)
#define OPTIONAL_TASK_TRACE(event, args...) TASK_TRACE_("?", event, event, args)
