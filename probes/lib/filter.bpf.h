/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * filter.bpf.h - --pid --children --tid --ppid --uid --comm --cgroup --cgroupmap --mntnsmap. The filter is constant: core drops
 * what is not asked for before it loads a program (core/attach/fold.h).
 */
#pragma once
#include "ids.bpf.h"

const volatile struct filter filter = {};

#include "follow.bpf.h"

/* Core puts pinned maps in their place, or leaves them out. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, u64);
	__type(value, u64);
} cgroup_map SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, u64);
	__type(value, u32);
} mount_ns_map SEC(".maps");

/* Core puts the cgroup into it: the kernel knows who is below. */
struct {
	__uint(type, BPF_MAP_TYPE_CGROUP_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u32);
} cgroup_wanted SEC(".maps");

INLINE bool in_maps(void)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	u64 cgroup, mount_ns;

	if (filter.active & FILTER_CGROUP_MAP) {
		cgroup = bpf_get_current_cgroup_id();
		if (!bpf_map_lookup_elem(&cgroup_map, &cgroup))
			return false;
	}
	if (filter.active & FILTER_MOUNT_NS_MAP) {
		mount_ns = BPF_CORE_READ(task, nsproxy, mnt_ns, ns.inum);
		if (!bpf_map_lookup_elem(&mount_ns_map, &mount_ns))
			return false;
	}
	return true;
}

/* Is the name's part there, at any place? All its bytes at once: a loop in this one is too much for old verifiers. */
INLINE bool comm_wanted(void)
{
	u64 comm[COMM_LEN / 8] = {}, low, high;

	bpf_get_current_comm(comm, sizeof(comm));
	low = comm[0];
	high = comm[1];
	for (u32 at = 0; at < COMM_LEN - 1; at++) {
		if (!((low ^ filter.comm[0]) & filter.comm_mask[0]) && !((high ^ filter.comm[1]) & filter.comm_mask[1]))
			return true;
		low = low >> 8 | high << 56;
		high >>= 8;
	}
	return false;
}

/* In the first namespace the helper that packs both numbers costs more than this load; before 5.11 (3ca1032ab7ab) there is only that one. */
INLINE u32 current_pid(void)
{
	if (filter.pid_ns)
		return task_pid_in(filter.pid_ns, (void *)bpf_get_current_task());
#ifdef WAY_FENTRY
	if (bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_get_current_task_btf))
		return bpf_get_current_task_btf()->tgid;
#endif
	return bpf_get_current_pid_tgid() >> 32;
}

INLINE u32 parent_pid(void)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();

	return task_pid_in(filter.pid_ns, BPF_CORE_READ(task, real_parent));
}

/* The filters that cost more or are rare. Not inlined: a probe has one copy, not one for each hook. */
static __noinline bool wanted_otherwise(void)
{
	if (filter.active & FILTER_CHILDREN && !is_followed((void *)bpf_get_current_task()))
		return false;
	if (filter.active & FILTER_TID && filter.tid != current_tid_in(filter.pid_ns))
		return false;
	if (filter.active & FILTER_UID && filter.uid != (u32)bpf_get_current_uid_gid())
		return false;
	if (filter.active & FILTER_PPID && filter.ppid != parent_pid())
		return false;
	if (filter.active & FILTER_COMM && !comm_wanted())
		return false;
	if (filter.active & FILTER_CGROUP && bpf_current_task_under_cgroup(&cgroup_wanted, 0) != 1)
		return false;
	return in_maps();
}

INLINE bool wanted(void)
{
	if (!filter.active)
		return true;
	if (filter.active & FILTER_PID && current_pid() != filter.pid)
		return false;
	return filter.active & ~FILTER_PID ? wanted_otherwise() : true;
}

/* For EXIT: every call of a wanted task. */
INLINE bool wanted_call(const u64 *args)
{
	return wanted();
}
