/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * filter.bpf.h - --pid --tid --ppid --uid --comm --cgroup --cgroupmap --mntnsmap. The filter is constant: core drops
 * what is not asked for before it loads a program (core/attach/fold.h).
 */
#pragma once

const volatile struct filter filter = {};

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

#ifdef WAY_FENTRY

/* The helper that packs both numbers costs more than this load; before 5.11 (3ca1032ab7ab) there is only that one. */
INLINE u64 current_pid(void)
{
	if (bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_get_current_task_btf))
		return (u32)bpf_get_current_task_btf()->tgid;
	return bpf_get_current_pid_tgid() >> 32;
}

#else

INLINE u64 current_pid(void)
{
	return bpf_get_current_pid_tgid() >> 32;
}

#endif

INLINE u32 parent_pid(void)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();

	return BPF_CORE_READ(task, real_parent, tgid);
}

/* The helper is there for tracing since 5.15 or so; until 6.1 cgroups carried the ids of those above them. */
INLINE u64 cgroup_above(void)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct cgroup *cgroup = BPF_CORE_READ(task, cgroups, dfl_cgrp);
	struct cgroup___ids *old = (void *)cgroup;
	u64 id = 0;

	if (!bpf_core_field_exists(old->ancestor_ids))
		return bpf_get_current_ancestor_cgroup_id(filter.cgroup_level);
	if (filter.cgroup_level <= (u32)BPF_CORE_READ(cgroup, level))
		bpf_probe_read_kernel(&id, sizeof(id), (void *)old + bpf_core_field_offset(old->ancestor_ids) +
							       filter.cgroup_level * sizeof(id));
	return id;
}

/* The filters that cost more or are rare. Not inlined: a probe has one copy, not one for each hook. */
static __noinline bool wanted_otherwise(void)
{
	if (filter.active & FILTER_TID && filter.tid != (u32)bpf_get_current_pid_tgid())
		return false;
	if (filter.active & FILTER_UID && filter.uid != (u32)bpf_get_current_uid_gid())
		return false;
	if (filter.active & FILTER_PPID && filter.ppid != parent_pid())
		return false;
	if (filter.active & FILTER_COMM && !comm_wanted())
		return false;
	if (filter.active & FILTER_CGROUP && filter.cgroup != cgroup_above())
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
