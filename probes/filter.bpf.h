/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * filter.bpf.h - --pid --tid --ppid --uid --comm --cgroup. The filter is constant, so the verifier removes what is
 * not asked for: an unused filter costs nothing.
 */
#pragma once

const volatile struct filter filter = {};

INLINE bool comm_wanted(void)
{
	char comm[COMM_LEN] = {};

	bpf_get_current_comm(comm, sizeof(comm));
	for (u32 at = 0; at + filter.comm_len < COMM_LEN; at++) {
		u32 same = 0;

		while (same < filter.comm_len && same < COMM_LEN && at + same < COMM_LEN &&
		       comm[at + same] == filter.comm[same])
			same++;
		if (same == filter.comm_len)
			return true;
	}
	return false;
}

INLINE u32 parent_pid(void)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();

	return BPF_CORE_READ(task, real_parent, tgid);
}

/* The filters that cost more or are rare. Not inlined: a probe has one copy, not one for each hook. */
static __noinline bool wanted_otherwise(void)
{
	if (filter.has_uid && filter.uid != (u32)bpf_get_current_uid_gid())
		return false;
	if (filter.ppid && filter.ppid != parent_pid())
		return false;
	if (filter.comm_len && !comm_wanted())
		return false;
	return !filter.cgroup ||
	       filter.cgroup == bpf_get_current_ancestor_cgroup_id(filter.cgroup_level);
}

INLINE bool wanted(void)
{
	if (filter.pid && filter.pid != bpf_get_current_pid_tgid() >> 32)
		return false;
	if (filter.tid && filter.tid != (u32)bpf_get_current_pid_tgid())
		return false;
	if (filter.has_uid || filter.ppid || filter.comm_len || filter.cgroup)
		return wanted_otherwise();
	return true;
}

/* For EXIT: every call of a wanted task. */
INLINE bool wanted_call(const u64 *args)
{
	return wanted();
}
