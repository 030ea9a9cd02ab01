/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * follow.bpf.h - --children: the process that was named, and all that it starts from then on, however deep. Each is known
 * from the moment it is made, before it runs. By the address of its struct signal_struct, which its threads share, exec
 * keeps, and nobody else has before the last of it is freed: by then it has left.
 */
#pragma once

/* The number of the first, in the namespace of filter.pid_ns; core takes it away when that process has ended. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u32);
} followed_first SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 32768);
	__type(key, u64);
	__type(value, u8);
} followed SEC(".maps");

INLINE bool is_followed(struct task_struct *task)
{
	u64 process = (u64)BPF_CORE_READ(task, signal);
	u32 *first = only_entry(&followed_first);

	return bpf_map_lookup_elem(&followed, &process) || (first && *first && *first == task_pid_in(filter.pid_ns, task));
}

/* Core leaves these out, but for --children. */
TASK_TRACE_AS(follow_fork, sched_process_fork, struct task_struct *parent, struct task_struct *child)
{
	u64 process = (u64)BPF_CORE_READ(child, signal);
	u8 yes = 1;

	if (process == (u64)BPF_CORE_READ(parent, signal))	/* a thread */
		return 0;
	if (!is_followed(parent)) {
		bpf_map_delete_elem(&followed, &process);	/* if the kernel skipped us when the last there was freed */
		return 0;
	}
	return bpf_map_update_elem(&followed, &process, &yes, BPF_ANY) ? lose(LOSS_MAP) : 0;
}

/* The last look at a task; of its process, too, if it is the leader, who goes last. */
TRACE_AS(follow_free, sched_process_free, struct task_struct *task)
{
	u64 process = (u64)BPF_CORE_READ(task, signal);

	if (BPF_CORE_READ(task, pid) == BPF_CORE_READ(task, tgid))
		bpf_map_delete_elem(&followed, &process);
	return 0;
}
