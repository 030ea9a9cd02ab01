/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * returns.h - return probes for as many calls at a time as there are. The kernel keeps a record of each call until it
 * returns; perf's own return probes have ten of them, or two for each processor, and what is called when all are in use is
 * not seen: two readers waiting at a pipe are enough (5.10). Those made through tracefs may have 4096, and the kernel
 * counts what they miss.
 */
#pragma once

#include <bpf/libbpf.h>
#include "shared.h"

#define RETURNS_AT_A_TIME 4096	/* KRETPROBE_MAXACTIVE_MAX, kernel/trace/trace_kprobe.c */

struct returns {
	int root;		/* of tracefs; -1: not to be had */
	int profile;		/* kprobe_profile: opened once, or opensnoop would see it every second */
	u32 mark;		/* in the names of our probes */
	size_t made;
};

/* 0 or -errno: no tracefs, or not for us. BPFTK_FEW_RETURNS: as if so, for tests. */
int returns_open(struct returns *returns);

/* NULL and errno. The name is kept in the caller's room; "" until then. */
struct bpf_link *returns_attach(struct returns *returns, struct bpf_program *program, const char *function, char name[32]);
void returns_remove(const struct returns *returns, char name[32]);	/* after its link */

/* Calls that these probes have missed since they were made, for kernels whose links do not tell (before 6.7). */
u64 returns_missed(const struct returns *returns);
void returns_close(struct returns *returns);
