/* SPDX-License-Identifier: GPL-2.0-only */
/* hist.bpf.h - power-of-two histograms. */
#pragma once

/*
 * Branches where hardly any value goes (a unit is a microsecond or more), arithmetic elsewhere: each branch doubles what
 * the verifier has to follow.
 */
INLINE u32 log2_of(u64 value)
{
	u32 log = 0, step;

	if (value >> 32) {
		value >>= 32;
		log = 32;
	}
	if (value >> 16) {
		value >>= 16;
		log += 16;
	}
#define HALVE(bits)				\
	step = (value >= 1ULL << bits) * bits;	\
	value >>= step;				\
	log += step;
	HALVE(8) HALVE(4) HALVE(2) HALVE(1)
#undef HALVE
	return log;
}

/* What one step of the slots stands for; core sets it for --milliseconds. */
const volatile u32 unit_ns = 1000;

INLINE void hist_add(struct hist *hist, u64 ns)
{
	hist->slots[log2_of(ns / unit_ns) & (HIST_SLOTS - 1)]++;
	hist->total_ns += ns;
}
