/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fold.h - of a program, what its options leave. The verifier removes branches that constants rule out, but only where
 * nothing else leads there, and neither the loads of the constants nor what they were loaded for; and it checks all of
 * it first (on 7.3 a subprogram that is never called costs it ten million instructions). An event should pay for what
 * was asked for and nothing else.
 */
#pragma once

#include <linux/bpf.h>
#include <stdbool.h>
#include <stddef.h>

struct frozen {		/* constants: what a map that nobody can write to holds */
	int map;	/* its fd, as libbpf has put it into the instructions */
	const char *data;
	size_t size;
};

/*
 * Loads of constants become numbers, what follows from them is worked out, and what is then never reached or never used
 * goes. `to` has room for count instructions. Returns how many are left: all, unchanged, of a program that fold.c does
 * not understand; 0 for want of memory. Positions change: information about functions and lines does not fit any more.
 */
size_t fold(const struct bpf_insn *from, struct bpf_insn *to, size_t count, const struct frozen *constants);

/* trim.c, for fold.c: drop what is marked as gone, and what nothing needs then. gone[] is used up. 0: no memory. */
size_t trim(struct bpf_insn *insns, size_t count, bool *gone);

/* trim.c: live[i], bits of the registers that somebody reads yet, before instruction i; it has room for one more. */
void find_live(const struct bpf_insn *insns, size_t count, const bool *gone, __u16 *live);

/* What both look at. */
static inline bool insn_wide(const struct bpf_insn *insn)	/* it takes two places */
{
	return insn->code == (BPF_LD | BPF_IMM | BPF_DW);
}

static inline bool insn_alu(const struct bpf_insn *insn)
{
	return BPF_CLASS(insn->code) == BPF_ALU || BPF_CLASS(insn->code) == BPF_ALU64;
}

static inline bool insn_jumps(const struct bpf_insn *insn)	/* to another place of its function, or may */
{
	return (BPF_CLASS(insn->code) == BPF_JMP || BPF_CLASS(insn->code) == BPF_JMP32) &&
	       BPF_OP(insn->code) != BPF_CALL && BPF_OP(insn->code) != BPF_EXIT;
}

static inline bool insn_calls(const struct bpf_insn *insn)	/* a subprogram */
{
	return insn->code == (BPF_JMP | BPF_CALL) && insn->src_reg == BPF_PSEUDO_CALL;
}

/* Whether the second operand is a register. */
static inline bool insn_by_register(const struct bpf_insn *insn)
{
	return BPF_SRC(insn->code) == BPF_X && BPF_OP(insn->code) != BPF_END && BPF_OP(insn->code) != BPF_NEG;
}
