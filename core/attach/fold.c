// SPDX-License-Identifier: GPL-2.0-only
/* fold.c - work out what follows from the constants of a program. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "fold.h"
#include "shared.h"

struct value {
	enum { UNKNOWN, NUMBER, CONSTANT } kind;
	u64 number;	/* of CONSTANT: where in the constants the register points */
};

struct state {	/* before an instruction, on all ways that lead there */
	bool reached;
	struct value regs[BPF_REG_10];
};

struct folding {
	struct bpf_insn *insns;
	size_t count;
	const struct frozen *constants;
	struct state *at;
	bool *gone;
	bool learned;	/* something about a state, in this sweep */
	bool settled;	/* nothing more is to be learned: now instructions change */
};

static const struct state anything = { .reached = true };

/* What is known at a place only becomes less: a register that holds one thing now and another then is not known. */
static void lead(struct folding *f, size_t to, const struct state *state)
{
	struct state *at = &f->at[to];

	if (!at->reached) {
		*at = *state;
		f->learned = true;
		return;
	}
	for (int i = 0; i < BPF_REG_10; i++)
		if (at->regs[i].kind && (at->regs[i].kind != state->regs[i].kind || at->regs[i].number != state->regs[i].number)) {
			at->regs[i] = (struct value){};
			f->learned = true;
		}
}

static bool understood(const struct folding *f)
{
	for (size_t i = 0; i < f->count; i += insn_wide(&f->insns[i]) ? 2 : 1) {
		const struct bpf_insn *insn = &f->insns[i];
		size_t to = i + 1 + (insn_jumps(insn) ? insn->off : insn_calls(insn) ? insn->imm : 0);

		if ((BPF_CLASS(insn->code) == BPF_LD && (!insn_wide(insn) || insn->src_reg == BPF_PSEUDO_FUNC)) ||
		    insn->code == (BPF_JMP32 | BPF_JA) || to > f->count || (insn_wide(insn) && i + 1 == f->count))
			return false;
	}
	return true;
}

static bool fits_signed(u64 number)
{
	return (u64)(s64)(int32_t)number == number;
}

/* insn: now loads a number, if there is an instruction in one place for that. */
static void load_number(struct bpf_insn *insn, u64 number)
{
	if (number > UINT32_MAX && !fits_signed(number))
		return;
	*insn = (struct bpf_insn){
		.code = (number > UINT32_MAX ? BPF_ALU64 : BPF_ALU) | BPF_MOV | BPF_K,
		.dst_reg = insn->dst_reg, .imm = number,
	};
}

static bool calculate(u8 op, bool wide, u64 *a, u64 b)
{
	u32 mask = wide ? 63 : 31;

	switch (op) {
	case BPF_MOV: *a = b; break;
	case BPF_ADD: *a += b; break;
	case BPF_SUB: *a -= b; break;
	case BPF_AND: *a &= b; break;
	case BPF_OR: *a |= b; break;
	case BPF_XOR: *a ^= b; break;
	case BPF_LSH: *a <<= b & mask; break;
	case BPF_RSH: *a = (wide ? *a : (u32)*a) >> (b & mask); break;
	default: return false;
	}
	if (!wide)
		*a = (u32)*a;
	return true;
}

/* As `a op b` was written: with a number as second operand if it is one that fits. */
static struct value second(const struct state *state, struct bpf_insn *insn)
{
	struct value b = { NUMBER, (s64)insn->imm };
	bool shifts = insn_alu(insn) && (BPF_OP(insn->code) == BPF_LSH || BPF_OP(insn->code) == BPF_RSH ||
					 BPF_OP(insn->code) == BPF_ARSH);

	if (!insn_by_register(insn))
		return b;
	b = insn->src_reg < BPF_REG_10 ? state->regs[insn->src_reg] : (struct value){};
	/* what the verifier refuses of a number, a register may well hold: no division by 0, no shift by too much */
	if (b.kind == NUMBER && fits_signed(b.number) && (!shifts || b.number < 32) &&
	    (b.number || (BPF_OP(insn->code) != BPF_DIV && BPF_OP(insn->code) != BPF_MOD) || !insn_alu(insn))) {
		insn->code ^= BPF_X;
		insn->src_reg = 0;
		insn->imm = b.number;
	}
	return b;
}

static void fold_alu(struct folding *f, size_t i, struct bpf_insn *insn, struct state *state)
{
	bool wide = BPF_CLASS(insn->code) == BPF_ALU64, odd = insn_by_register(insn) && insn->off;	/* sign-extends */
	u8 op = BPF_OP(insn->code);
	struct value *a = &state->regs[insn->dst_reg], b;

	if (op == BPF_END || op == BPF_NEG || odd) {
		*a = (struct value){};
		return;
	}
	if (op == BPF_MOV && insn_by_register(insn) && wide && insn->src_reg < BPF_REG_10 &&
	    state->regs[insn->src_reg].kind == CONSTANT) {
		*a = state->regs[insn->src_reg];
		return;
	}
	b = second(state, insn);
	if (wide && b.kind == NUMBER && !b.number && (op == BPF_ADD || op == BPF_SUB || op == BPF_OR || op == BPF_XOR ||
						      op == BPF_LSH || op == BPF_RSH)) {
		f->gone[i] = true;
		return;
	}
	if (a->kind == CONSTANT && op == BPF_ADD && wide && b.kind == NUMBER) {
		a->number += b.number;
		return;
	}
	if (op == BPF_MOV || (op == BPF_AND && b.kind == NUMBER && !b.number))
		*a = (struct value){ NUMBER, 0 };	/* whatever it was */
	if (a->kind != NUMBER || b.kind != NUMBER || !calculate(op, wide, &a->number, b.number))
		*a = (struct value){};
	else
		load_number(insn, a->number);
}

static void fold_load(const struct folding *f, struct bpf_insn *insn, struct state *state)
{
	static const u8 sizes[] = { [BPF_W >> 3] = 4, [BPF_H >> 3] = 2, [BPF_B >> 3] = 1, [BPF_DW >> 3] = 8 };
	struct value *to = &state->regs[insn->dst_reg], from = {};
	u8 size = sizes[BPF_SIZE(insn->code) >> 3];
	u64 number = 0, at;

	if (insn->src_reg < BPF_REG_10)
		from = state->regs[insn->src_reg];
	*to = (struct value){};
	at = from.number + (s64)insn->off;
	if (from.kind != CONSTANT || BPF_MODE(insn->code) != BPF_MEM || at > f->constants->size ||
	    f->constants->size - at < size)
		return;
#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "a number's first bytes are its lowest ones here"
#endif
	memcpy(&number, f->constants->data + at, size);
	*to = (struct value){ NUMBER, number };
	load_number(insn, number);
}

static bool compare(u8 op, u64 a, u64 b, s64 signed_a, s64 signed_b)
{
	switch (op) {
	case BPF_JEQ: return a == b;
	case BPF_JNE: return a != b;
	case BPF_JGT: return a > b;
	case BPF_JGE: return a >= b;
	case BPF_JLT: return a < b;
	case BPF_JLE: return a <= b;
	case BPF_JSET: return a & b;
	case BPF_JSGT: return signed_a > signed_b;
	case BPF_JSGE: return signed_a >= signed_b;
	case BPF_JSLT: return signed_a < signed_b;
	default: return signed_a <= signed_b;	/* BPF_JSLE */
	}
}

static void fold_jump(struct folding *f, size_t i, struct bpf_insn *insn, const struct state *state)
{
	size_t to = i + 1 + insn->off;
	struct value a = {}, b;
	bool taken;

	if (insn->code == (BPF_JMP | BPF_JA)) {
		lead(f, to, state);
		return;
	}
	if (insn->dst_reg < BPF_REG_10)
		a = state->regs[insn->dst_reg];
	b = second(state, insn);
	if (a.kind != NUMBER || b.kind != NUMBER) {
		lead(f, to, state);
		lead(f, i + 1, state);
		return;
	}
	taken = BPF_CLASS(insn->code) == BPF_JMP ?
		compare(BPF_OP(insn->code), a.number, b.number, a.number, b.number) :
		compare(BPF_OP(insn->code), (u32)a.number, (u32)b.number, (int32_t)a.number, (int32_t)b.number);
	if (taken)
		*insn = (struct bpf_insn){ .code = BPF_JMP | BPF_JA, .off = insn->off };
	else
		f->gone[i] = true;
	lead(f, taken ? to : i + 1, state);
}

static void fold_wide(const struct folding *f, const struct bpf_insn *insn, struct state *state)
{
	struct value *to = &state->regs[insn->dst_reg];

	*to = (struct value){};
	if (insn->src_reg == BPF_PSEUDO_MAP_VALUE && insn->imm == f->constants->map)
		*to = (struct value){ CONSTANT, (u32)insn[1].imm };
	else if (!insn->src_reg)
		*to = (struct value){ NUMBER, (u64)(u32)insn[1].imm << 32 | (u32)insn->imm };
}

/* One instruction, as it is reached: what it makes of the state, and where to; it becomes what is left of it. */
static void step(struct folding *f, size_t i, struct bpf_insn *insn)
{
	struct state state = f->at[i];
	size_t next = i + (insn_wide(insn) ? 2 : 1);

	switch (BPF_CLASS(insn->code)) {
	case BPF_ALU:
	case BPF_ALU64:
		fold_alu(f, i, insn, &state);
		break;
	case BPF_LD:
		fold_wide(f, &f->insns[i], &state);
		break;
	case BPF_LDX:
		fold_load(f, insn, &state);
		break;
	case BPF_STX:	/* atomic operations may bring the old value back */
		if (BPF_MODE(insn->code) != BPF_MEM && insn->src_reg < BPF_REG_10)
			state.regs[insn->src_reg] = state.regs[BPF_REG_0] = (struct value){};
		break;
	case BPF_JMP:
	case BPF_JMP32:
		if (insn_jumps(insn)) {
			fold_jump(f, i, insn, &state);
			return;
		}
		if (BPF_OP(insn->code) == BPF_EXIT)
			return;
		if (insn_calls(insn))
			lead(f, i + 1 + insn->imm, &anything);
		memset(state.regs, 0, (BPF_REG_5 + 1) * sizeof(*state.regs));
		break;
	}
	if (next < f->count)
		lead(f, next, &state);
}

static void sweep(struct folding *f)
{
	f->learned = false;
	for (size_t i = 0, next; i < f->count; i = next) {
		struct bpf_insn insn = f->insns[i];

		next = i + (insn_wide(&insn) ? 2 : 1);
		memset(f->gone + i, !f->at[i].reached, next - i);
		if (!f->at[i].reached)
			continue;
		step(f, i, &insn);
		if (f->settled)
			f->insns[i] = insn;
	}
}

/* Round the loops until they bring nothing new: what a sweep finds may not hold on the second way round. */
static void settle(struct folding *f)
{
	f->at[0].reached = true;
	do
		sweep(f);
	while (f->learned);
	f->settled = true;
	sweep(f);
}

size_t fold(const struct bpf_insn *from, struct bpf_insn *to, size_t count, const struct frozen *constants)
{
	struct folding f = {
		.insns = to, .count = count, .constants = constants,
		.at = calloc(count + 1, sizeof(*f.at)), .gone = calloc(count, sizeof(*f.gone)),
	};
	size_t left = 0;

	memcpy(to, from, count * sizeof(*to));
	if (f.at && f.gone && understood(&f)) {
		settle(&f);
		left = trim(to, count, f.gone);
	} else if (f.at && f.gone) {
		left = count;
	}
	free(f.at);
	free(f.gone);
	return left;
}
