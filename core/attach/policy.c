// SPDX-License-Identifier: GPL-2.0-only
/* policy.c - where a kernel that preempts its own code skips programs, and what to do about it (docs/preemption.md). */
#include <bpf/btf.h>
#include <sched.h>
#include "attach.h"
#include "hooks.h"
#include "kernel/kernel.h"
#include "kernel/types.h"

/*
 * A trampoline's program runs with preemption on: the kernel skips it for all other tasks of a processor while one waits
 * there in the middle of it, most calls of a busy machine. A kprobe's program runs with preemption off. So did a
 * tracepoint's until tracepoints took to the SRCU that init_srcu_struct_fast() makes (about 7.0).
 */
void policy_ask(struct attachment *a, const struct settings *settings)
{
	const struct types *types;

	a->preempted = kernel_preempts();
	types = a->preempted ? kernel_types(settings->btf) : NULL;
	a->traces_preempted = types && types_find(types, "init_srcu_struct_fast", BTF_KIND_FUNC);
}

/*
 * While a task is in a system call on a map, the kernel skips the kprobe programs of its processor (bpf_disable_instrumentation,
 * b6e5dae15a61). We shall not be preempted there: for so long nobody's calls would be seen.
 */
void policy_hurry(const struct attachment *a, bool hurry)
{
	static struct sched_param before;
	static int policy;
	struct sched_param most = { .sched_priority = sched_get_priority_max(SCHED_FIFO) };

	if (!a->preempted || a->way != WAY_KPROBE)
		return;
	if (!hurry) {
		sched_setscheduler(0, policy, &before);	/* as the user may have chosen it, by chrt */
		return;
	}
	policy = sched_getscheduler(0);
	sched_getparam(0, &before);
	sched_setscheduler(0, SCHED_FIFO, &most);
}

void policy_judge(struct attachment *a, const struct tool *tool)
{
	a->skips = a->skips_tasks = false;
	for (size_t i = 0; i < a->hook_count; i++) {
		const struct hook *hook = &a->hooks[i];
		bool trace = hook->kind == HOOK_TRACE;

		if (!hook->names[0][0] && !tool->functions)
			continue;	/* it goes nowhere */
		if (trace ? !a->traces_preempted : !a->preempted || a->way != WAY_FENTRY)
			continue;
		a->skips = true;
		a->skips_tasks |= !trace || hook->task_trace;
	}
}

/* Return probes that see enough; where there are none of that kind, fentry may skip less than perf's. */
static bool returns_possible(const struct attachment *a)
{
	struct returns returns;

	if (!hooks_return(a))
		return true;
	if (returns_open(&returns))
		return false;
	returns_close(&returns);
	return true;
}

bool policy_puts_off(const struct attachment *a)
{
	return a->way == WAY_FENTRY && a->skips_tasks && returns_possible(a);
}

bool policy_few_returns(const struct attachment *a)
{
	for (size_t i = 0; i < a->hook_count; i++)
		if (a->way == WAY_KPROBE && a->hooks[i].kind == HOOK_EXIT && a->hooks[i].link)
			return !a->hooks[i].event[0];
	return false;
}
