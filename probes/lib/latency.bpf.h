/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * latency.bpf.h - time between the entry and the return of a call, per thread and operation. An operation nested in
 * another (a write that ends in an fsync) is timed apart from it. Ask wanted() before start(); stop() then gives 0 for
 * the calls that are not. A probe that wants to know one thing more of the call at its return uses start_marked() and
 * started(), which has that in the lowest bit of the time.
 */
#pragma once
#include "flight.bpf.h"

#define MAX_OPS 8

IN_FLIGHT(started, u64, MAX_OPS)

INLINE u64 marked(bool mark)
{
	return (bpf_ktime_get_ns() & ~1ULL) | mark;
}

#ifdef WAY_FENTRY

/*
 * Where programs can be skipped, core counts the skipped returns, and we those whose entry was skipped: no call is then
 * counted twice.
 */
INLINE int entry_missed(void)
{
	return preemptible && wanted() ? lose(LOSS_RECURSION) : 0;
}

INLINE int start_marked(u32 op, bool mark)
{
	u64 *at = started_place(op, BPF_LOCAL_STORAGE_GET_F_CREATE);

	if (!at)
		return preemptible ? 0 : lose(LOSS_MAP);
	*at = marked(mark);
	return 0;
}

/* When that was, of the call that returns now; 0 if that was not seen, or not wanted. */
INLINE u64 started(u32 op)
{
	u64 *place = started_place(op, 0), at = place ? *place : 0;

	if (!at)
		return entry_missed();
	*place = 0;
	return at;
}

#else

INLINE int start_marked(u32 op, bool mark)
{
	u64 *at, now;

	if (in_task) {
		at = started_place(op, BPF_LOCAL_STORAGE_GET_F_CREATE);
		if (!at)
			return lose(LOSS_MAP);
		*at = marked(mark);
		return 0;
	}
	now = marked(mark);
	return thread_keep(&started_by_thread, op, &now);
}

INLINE u64 started(u32 op)
{
	u64 *place = in_task ? started_place(op, 0) : thread_kept(&started_by_thread, op), at = place ? *place : 0;

	if (!at)
		return 0;
	if (in_task)
		*place = 0;
	else
		thread_forget(&started_by_thread, op);
	return at;
}

#endif

INLINE int start(u32 op)
{
	return start_marked(op, false);
}

/* ns since start(op) in this thread; 0 if that was not seen, or not wanted. */
INLINE u64 stop(u32 op)
{
	u64 at = started(op);

	return at ? elapsed(at) : 0;
}
