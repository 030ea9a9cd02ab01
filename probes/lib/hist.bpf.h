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

/* What one step of the slots stands for; core sets it for --milliseconds. */
const volatile u32 unit_ns = 1000;

INLINE void hist_add(struct hist *hist, u64 ns)
{
	add(&hist->slots[log2_of(ns / unit_ns) & (HIST_SLOTS - 1)], 1);
	add(&hist->total_ns, ns);
}
