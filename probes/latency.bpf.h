/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * latency.bpf.h - time between the entry and the return of a call, per thread and operation. An operation nested in
 * another (a write that ends in an fsync) is timed apart from it. Ask wanted() before start(); stop() then gives 0 for
 * the calls that are not.
 */
#pragma once

#define MAX_OPS 8

#ifdef WAY_FENTRY

struct started {
	u64 at[MAX_OPS];
};

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct started);
} started SEC(".maps");

INLINE int start(u32 op)
{
	struct started *task = bpf_task_storage_get(&started, bpf_get_current_task_btf(), NULL,
						    BPF_LOCAL_STORAGE_GET_F_CREATE);

	if (!task || op >= MAX_OPS)
		return lose(LOSS_MAP);
	if (task->at[op])
		lose(LOSS_UNPAIRED);
	task->at[op] = bpf_ktime_get_ns();
	return 0;
}

/* ns since start(op) in this thread; 0 if that was not seen, or not wanted. */
INLINE u64 stop(u32 op)
{
	struct started *task = bpf_task_storage_get(&started, bpf_get_current_task_btf(), NULL, 0);
	u64 at;

	if (!task || op >= MAX_OPS)
		return 0;
	at = task->at[op];
	task->at[op] = 0;
	return at ? bpf_ktime_get_ns() - at : 0;
}

#else

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, u64);
	__type(value, u64);
} started SEC(".maps");

INLINE int start(u32 op)
{
	u64 key = (u64)op << 32 | (u32)bpf_get_current_pid_tgid(), now = bpf_ktime_get_ns();

	if (!bpf_map_update_elem(&started, &key, &now, BPF_NOEXIST))
		return 0;
	/* Either a return was missed (kretprobes are a limited pool), or there is no room. */
	return lose(bpf_map_update_elem(&started, &key, &now, BPF_ANY) ? LOSS_MAP : LOSS_UNPAIRED);
}

INLINE u64 stop(u32 op)
{
	u64 key = (u64)op << 32 | (u32)bpf_get_current_pid_tgid(), ns = 0;
	u64 *at = bpf_map_lookup_elem(&started, &key);

	if (at) {
		ns = bpf_ktime_get_ns() - *at;
		bpf_map_delete_elem(&started, &key);
	}
	return ns;
}

#endif
