/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ids.bpf.h - numbers of processes and threads as the caller's pid namespace has them, however deep a task lies below it. A
 * task outside has none there: it gets that of the first namespace, which tells it from others, marked as PID_OUTSIDE.
 */
#pragma once

/* Set by core: the namespace of the numbers that are shown, by its inode; 0: the first one, and nothing is to be done. */
const volatile u32 shown_pid_ns = 0;

#define MAX_PID_NS_LEVEL 32	/* include/linux/pid_namespace.h */

/* Of a task's numbers, the first is that of the first namespace. */
static __noinline u32 number_in(u32 pid_ns, struct pid *pid)
{
	u32 level = BPF_CORE_READ(pid, level), first = 0;
	void *numbers = (void *)pid + bpf_core_field_offset(pid->numbers);

	for (u32 i = 0; i <= MAX_PID_NS_LEVEL && i <= level; i++, numbers += bpf_core_type_size(struct upid)) {
		struct upid *upid = numbers;
		u32 number = BPF_CORE_READ(upid, nr);

		if (BPF_CORE_READ(upid, ns, ns.inum) == pid_ns)
			return number;
		if (!i)
			first = number;
	}
	return first | PID_OUTSIDE;
}

INLINE u32 task_pid_in(u32 pid_ns, struct task_struct *task)
{
	return pid_ns ? number_in(pid_ns, BPF_CORE_READ(task, group_leader, thread_pid)) : BPF_CORE_READ(task, tgid);
}

INLINE u32 current_tid_in(u32 pid_ns)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	return pid_ns ? number_in(pid_ns, BPF_CORE_READ(task, thread_pid)) : (u32)bpf_get_current_pid_tgid();
}

/* Of the process and the thread, as bpf_get_current_pid_tgid() has them. */
INLINE u64 current_ids(void)
{
	if (!shown_pid_ns)
		return bpf_get_current_pid_tgid();
	return (u64)task_pid_in(shown_pid_ns, (void *)bpf_get_current_task()) << 32 | current_tid_in(shown_pid_ns);
}
