/* SPDX-License-Identifier: GPL-2.0-only */
/* hist.bpf.h - power-of-two histograms. */
#pragma once

/* By jumps: BPF has no conditional moves, what compilers make in their place is twice as long. */
INLINE u32 log2_of(u64 value)
{
	u32 log = 0;

#define HALVE(bits)				\
	if (value >= 1ULL << bits) {		\
		value >>= bits;			\
		log += bits;			\
		barrier_var(log);		\
	}
	HALVE(32) HALVE(16) HALVE(8) HALVE(4) HALVE(2) HALVE(1)
#undef HALVE
	return log;
}

/* The histogram of this key in a hash, a new one if need be; NULL: no room. */
INLINE struct hist *hist_find(void *map, const void *key)
{
	static const struct hist zero;
	struct hist *hist = bpf_map_lookup_elem(map, key);

	if (hist)
		return hist;
	bpf_map_update_elem(map, key, &zero, BPF_NOEXIST);
	return bpf_map_lookup_elem(map, key);
}

/* What one step of the slots stands for; core sets it for --milliseconds. */
const volatile u32 unit_ns = 1000;

INLINE void hist_add(struct hist *hist, u64 ns)
{
	add(&hist->slots[log2_of(ns / unit_ns) & (HIST_SLOTS - 1)], 1);
	add(&hist->total_ns, ns);
}
