// SPDX-License-Identifier: GPL-2.0-only
/* core/attach/fold.c: known programs, and random ones, which must do the same before and after. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "attach/fold.h"
#include "shared.h"

#define MAP 7
#define JUMPS_BACK 9	/* then a random program is stopped */
#define LENGTH(array) (sizeof(array) / sizeof(*(array)))

#define ALU(op, dst, number) { .code = BPF_ALU64 | BPF_K | (op), .dst_reg = (dst), .imm = (number) }
#define ALU_REG(op, dst, src) { .code = BPF_ALU64 | BPF_X | (op), .dst_reg = (dst), .src_reg = (src) }
#define CONSTANT(dst, at) { .code = BPF_LD | BPF_IMM | BPF_DW, .dst_reg = (dst), .src_reg = BPF_PSEUDO_MAP_VALUE, .imm = MAP }, { .imm = (at) }
#define LOAD(dst, src, at) { .code = BPF_LDX | BPF_MEM | BPF_W, .dst_reg = (dst), .src_reg = (src), .off = (at) }
#define JUMP(op, dst, number, over) { .code = BPF_JMP | BPF_K | (op), .dst_reg = (dst), .imm = (number), .off = (over) }
#define JUMP_REG(op, dst, src, over) { .code = BPF_JMP | BPF_X | (op), .dst_reg = (dst), .src_reg = (src), .off = (over) }
#define CALL(helper) { .code = BPF_JMP | BPF_CALL, .imm = (helper) }
#define SUBPROGRAM(over) { .code = BPF_JMP | BPF_CALL, .src_reg = BPF_PSEUDO_CALL, .imm = (over) }
#define RETURN(number) ALU(BPF_MOV, 0, number), EXIT
#define EXIT { .code = BPF_JMP | BPF_EXIT }
#define NUMBER(dst, number) { .code = BPF_ALU | BPF_K | BPF_MOV, .dst_reg = (dst), .imm = (number) }	/* as fold() writes it */

static const u32 numbers[] = { 0, 1, 1000, 0x80000000 };
static const struct frozen frozen = { MAP, (const char *)numbers, sizeof(numbers) };

static void check(const struct bpf_insn *from, size_t count, const struct bpf_insn *wanted, size_t wanted_count)
{
	struct bpf_insn to[64];
	size_t left = fold(from, to, count, &frozen);

	assert_int_equal(left, wanted_count);
	assert_memory_equal(to, wanted, left * sizeof(*to));
}

#define CHECK(from, wanted) check(from, LENGTH(from), wanted, LENGTH(wanted))

static void option_not_asked_for(void **state __attribute__((unused)))
{
	const struct bpf_insn from[] = {
		CONSTANT(1, 0), LOAD(1, 1, 0), JUMP(BPF_JEQ, 1, 0, 4),
		CALL(BPF_FUNC_get_current_pid_tgid), CONSTANT(1, 4), JUMP_REG(BPF_JNE, 0, 1, 1),
		CALL(BPF_FUNC_ktime_get_ns), RETURN(0),
	}, wanted[] = { CALL(BPF_FUNC_ktime_get_ns), NUMBER(0, 0), EXIT };

	CHECK(from, wanted);
}

static void option_asked_for(void **state __attribute__((unused)))
{
	const struct bpf_insn from[] = {
		CONSTANT(1, 0), LOAD(1, 1, 4), ALU(BPF_AND, 1, 1), JUMP(BPF_JEQ, 1, 0, 5),
		CALL(BPF_FUNC_get_current_pid_tgid), CONSTANT(1, 0), LOAD(1, 1, 8), JUMP_REG(BPF_JNE, 0, 1, 1),
		CALL(BPF_FUNC_ktime_get_ns), RETURN(0),
	}, wanted[] = {
		CALL(BPF_FUNC_get_current_pid_tgid), JUMP(BPF_JNE, 0, 1000, 1), CALL(BPF_FUNC_ktime_get_ns),
		NUMBER(0, 0), EXIT,
	};

	CHECK(from, wanted);
}

/* r1 += 8 * (option == 1): what comes together again is known if one way there is ruled out. */
static void ways_that_meet(void **state __attribute__((unused)))
{
	const struct bpf_insn from[] = {
		CONSTANT(3, 0), LOAD(3, 3, 0), ALU(BPF_MOV, 2, 1), JUMP(BPF_JEQ, 3, 1, 1), ALU(BPF_MOV, 2, 0),
		ALU(BPF_LSH, 2, 3), ALU_REG(BPF_ADD, 1, 2), LOAD(0, 1, 0), EXIT,
	}, wanted[] = { LOAD(0, 1, 0), EXIT }, unknown[] = {
		ALU(BPF_MOV, 2, 1), JUMP(BPF_JEQ, 3, 1, 1), ALU(BPF_MOV, 2, 0), ALU_REG(BPF_MOV, 0, 2), EXIT,
	}, unknown_wanted[] = {
		NUMBER(2, 1), JUMP(BPF_JEQ, 3, 1, 1), NUMBER(2, 0), ALU_REG(BPF_MOV, 0, 2), EXIT,
	};

	CHECK(from, wanted);
	CHECK(unknown, unknown_wanted);
}

static void loops(void **state __attribute__((unused)))
{
	const struct bpf_insn from[] = {	/* counts to 10 */
		ALU(BPF_MOV, 1, 0), ALU(BPF_ADD, 1, 1), JUMP(BPF_JNE, 1, 10, -2), ALU_REG(BPF_MOV, 0, 1), EXIT,
	}, wanted[] = { NUMBER(1, 0), ALU(BPF_ADD, 1, 1), JUMP(BPF_JNE, 1, 10, -2), ALU_REG(BPF_MOV, 0, 1), EXIT },
	never[] = {	/* a loop that a constant rules out */
		CONSTANT(1, 0), LOAD(1, 1, 0), JUMP(BPF_JEQ, 1, 0, 2), ALU(BPF_ADD, 2, 1), JUMP(BPF_JNE, 2, 10, -2), RETURN(3),
	}, never_wanted[] = { NUMBER(0, 3), EXIT },
	inside[] = {	/* what goes round unchanged is known there, and rules out a part of the loop */
		CONSTANT(1, 0), LOAD(1, 1, 0), ALU(BPF_MOV, 2, 0), JUMP(BPF_JEQ, 1, 0, 1), CALL(BPF_FUNC_ringbuf_query),
		ALU(BPF_ADD, 2, 1), JUMP(BPF_JNE, 2, 10, -4), ALU_REG(BPF_MOV, 0, 1), EXIT,
	}, inside_wanted[] = { NUMBER(2, 0), ALU(BPF_ADD, 2, 1), JUMP(BPF_JNE, 2, 10, -2), NUMBER(0, 0), EXIT },
	second_round[] = {	/* 1, and the second time 1000: nothing follows from the first */
		CONSTANT(1, 0), LOAD(2, 1, 4), JUMP(BPF_JEQ, 2, 1000, 2), LOAD(2, 1, 8), JUMP(BPF_JA, 0, 0, -3), RETURN(3),
	}, second_wanted[] = {
		NUMBER(2, 1), JUMP(BPF_JEQ, 2, 1000, 2), NUMBER(2, 1000), JUMP(BPF_JA, 0, 0, -3), NUMBER(0, 3), EXIT,
	},
	nested[] = {	/* what the innermost loop changes, the outermost knows three rounds later */
		NUMBER(1, 0), ALU_REG(BPF_MOV, 0, 1), JUMP(BPF_JEQ, 2, 1, -2), JUMP(BPF_JEQ, 2, 2, -2), ALU(BPF_ADD, 1, 1),
		JUMP(BPF_JEQ, 2, 3, -3), EXIT,
	},
	backwards[] = {	/* the part in the middle is reached from its end alone */
		CONSTANT(1, 0), LOAD(1, 1, 4), JUMP(BPF_JA, 0, 0, 2), ALU_REG(BPF_MOV, 0, 1), EXIT, JUMP(BPF_JA, 0, 0, -3),
	}, backwards_wanted[] = { JUMP(BPF_JA, 0, 0, 2), NUMBER(0, 1), EXIT, JUMP(BPF_JA, 0, 0, -3) };

	CHECK(from, wanted);
	CHECK(never, never_wanted);
	CHECK(inside, inside_wanted);
	CHECK(second_round, second_wanted);
	CHECK(nested, nested);
	CHECK(backwards, backwards_wanted);
}

static void subprograms(void **state __attribute__((unused)))
{
	const struct bpf_insn from[] = {
		CONSTANT(6, 0), LOAD(6, 6, 0), JUMP(BPF_JEQ, 6, 0, 1), SUBPROGRAM(3), SUBPROGRAM(4), RETURN(1), RETURN(2), RETURN(3),
	}, wanted[] = { SUBPROGRAM(2), NUMBER(0, 1), EXIT, NUMBER(0, 3), EXIT };

	CHECK(from, wanted);
}

/* A register may hold what the verifier refuses as a number. */
static void stays_in_a_register(void **state __attribute__((unused)))
{
	const struct bpf_insn from[] = {
		NUMBER(1, 0), ALU_REG(BPF_DIV, 0, 1), NUMBER(1, 64), ALU_REG(BPF_LSH, 0, 1), NUMBER(1, INT32_MIN),
		ALU_REG(BPF_ADD, 0, 1), NUMBER(1, 1000), ALU_REG(BPF_DIV, 0, 1), EXIT,
	}, wanted[] = {
		NUMBER(1, 0), ALU_REG(BPF_DIV, 0, 1), NUMBER(1, 64), ALU_REG(BPF_LSH, 0, 1), NUMBER(1, INT32_MIN),
		ALU_REG(BPF_ADD, 0, 1), ALU(BPF_DIV, 0, 1000), EXIT,
	};

	CHECK(from, wanted);
}

static void not_understood(void **state __attribute__((unused)))
{
	const struct bpf_insn callback[] = {
		CONSTANT(1, 0), LOAD(1, 1, 0), { .code = BPF_LD | BPF_IMM | BPF_DW, .src_reg = BPF_PSEUDO_FUNC, .imm = 2 }, {}, EXIT, EXIT,
	};

	CHECK(callback, callback);
}

/* --- random programs, and a machine that runs them --- */

static u64 seed;

static u32 pick(u32 below)
{
	seed = seed * 6364136223846793005 + 1442695040888963407;
	return (seed >> 33) % below;
}

struct machine {
	u64 regs[11];
	u64 stack[4];
	u64 ticks;
	int jumps_back;
};

static u64 calculated(const struct bpf_insn *insn, u64 a, u64 b)
{
	bool wide = BPF_CLASS(insn->code) == BPF_ALU64;
	u32 mask = wide ? 63 : 31;

	if (!wide) {
		a = (u32)a;
		b = (u32)b;
	}
	switch (BPF_OP(insn->code)) {
	case BPF_MOV: a = b; break;
	case BPF_ADD: a += b; break;
	case BPF_SUB: a -= b; break;
	case BPF_MUL: a *= b; break;
	case BPF_AND: a &= b; break;
	case BPF_OR: a |= b; break;
	case BPF_XOR: a ^= b; break;
	case BPF_LSH: a <<= b & mask; break;
	case BPF_RSH: a >>= b & mask; break;
	case BPF_ARSH: a = wide ? (u64)((s64)a >> (b & mask)) : (u64)((int32_t)a >> (b & mask)); break;
	case BPF_DIV: a = b ? a / b : 0; break;
	case BPF_NEG: a = -a; break;
	}
	return wide ? a : (u32)a;
}

static bool jumps(const struct bpf_insn *insn, u64 a, u64 b)
{
	bool wide = BPF_CLASS(insn->code) == BPF_JMP;
	s64 signed_a = wide ? (s64)a : (int32_t)a, signed_b = wide ? (s64)b : (int32_t)b;

	if (!wide) {
		a = (u32)a;
		b = (u32)b;
	}
	switch (BPF_OP(insn->code)) {
	case BPF_JA: return true;
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
	default: return signed_a <= signed_b;
	}
}

/* Memory is the constants and the stack; elsewhere all is 0. */
static u64 fetched(struct machine *m, u64 address, u32 size)
{
	const char *from = NULL;
	u64 value = 0;

	if (address - (uintptr_t)numbers <= sizeof(numbers) - size)
		from = (const char *)numbers + (address - (uintptr_t)numbers);
	if (address - (uintptr_t)m->stack <= sizeof(m->stack) - size)
		from = (const char *)m->stack + (address - (uintptr_t)m->stack);
	if (from)
		memcpy(&value, from, size);
	return value;
}

static void run(const struct bpf_insn *insns, struct machine *m)
{
	static const u32 sizes[] = { 4, 2, 1, 8 };

	for (size_t i = 0; ; i++) {
		const struct bpf_insn *insn = &insns[i];
		u64 b = insn_by_register(insn) ? m->regs[insn->src_reg] : (u64)(s64)insn->imm;

		if (insn_alu(insn)) {
			m->regs[insn->dst_reg] = calculated(insn, m->regs[insn->dst_reg], b);
		} else if (insn_wide(insn)) {
			m->regs[insn->dst_reg] = insn->src_reg ? (uintptr_t)numbers + (u32)insn[1].imm :
						 (u64)(u32)insn[1].imm << 32 | (u32)insn->imm;
			i++;
		} else if (BPF_CLASS(insn->code) == BPF_LDX) {
			m->regs[insn->dst_reg] = fetched(m, m->regs[insn->src_reg] + insn->off, sizes[BPF_SIZE(insn->code) >> 3]);
		} else if (BPF_CLASS(insn->code) == BPF_STX) {
			m->stack[-insn->off / 8 - 1] = m->regs[insn->src_reg];
		} else if (insn->code == (BPF_JMP | BPF_CALL)) {
			m->regs[0] = ++m->ticks;
			for (int reg = 1; reg <= 5; reg++)
				m->regs[reg] = 0xdeadULL << reg;
		} else if (insn->code == (BPF_JMP | BPF_EXIT)) {
			return;
		} else if (jumps(insn, m->regs[insn->dst_reg], b)) {
			if (insn->off < 0 && ++m->jumps_back > JUMPS_BACK)
				return;
			i += insn->off;
		}
	}
}

/* One random instruction (or two places of them); where jumps lead is decided later. */
static size_t random_insn(struct bpf_insn *insn)
{
	static const u8 alu[] = { BPF_MOV, BPF_MOV, BPF_ADD, BPF_SUB, BPF_MUL, BPF_AND, BPF_OR, BPF_XOR, BPF_LSH, BPF_RSH, BPF_ARSH, BPF_DIV };
	static const u8 jump[] = { BPF_JEQ, BPF_JNE, BPF_JGT, BPF_JGE, BPF_JLT, BPF_JLE, BPF_JSET, BPF_JSGT, BPF_JSGE, BPF_JSLT, BPF_JSLE };
	static const s32 some[] = { 0, 1, -1, 2, 8, 1000, INT32_MIN };
	u8 dst = pick(10), src = pick(10), by_register = pick(2) ? BPF_X : BPF_K;

	*insn = (struct bpf_insn){ .dst_reg = dst, .imm = some[pick(LENGTH(some))] };
	switch (pick(10)) {
	case 0: case 1: case 2: case 3:
		insn->code = (pick(3) ? BPF_ALU64 : BPF_ALU) | alu[pick(LENGTH(alu))] | by_register;
		break;
	case 4: case 5:
		insn->code = (pick(3) ? BPF_JMP : BPF_JMP32) | jump[pick(LENGTH(jump))] | by_register;
		break;
	case 6:
		*insn = (struct bpf_insn){ .code = BPF_LDX | BPF_MEM | (pick(4) << 3), .dst_reg = dst, .src_reg = pick(3) ? src : 10, .off = -8 };
		insn->off = insn->src_reg == 10 ? -8 * (1 + pick(4)) : 4 * pick(3);
		return 1;
	case 7:
		*insn = (struct bpf_insn){ .code = BPF_STX | BPF_MEM | BPF_DW, .dst_reg = 10, .src_reg = src, .off = -8 * (1 + pick(4)) };
		return 1;
	case 8:
		*insn = (struct bpf_insn)CALL(pick(2) ? BPF_FUNC_ktime_get_ns : BPF_FUNC_map_lookup_elem);
		return 1;
	case 9:
		memcpy(insn, (struct bpf_insn[]){ CONSTANT(dst, 4 * pick(4)) }, 2 * sizeof(*insn));
		if (pick(3) == 0)
			insn->src_reg = 0;
		return 2;
	}
	if (by_register == BPF_X) {
		insn->src_reg = src;
		insn->imm = 0;
	} else if ((insn_alu(insn) && BPF_OP(insn->code) >= BPF_LSH && BPF_OP(insn->code) <= BPF_ARSH)) {
		insn->imm = pick(32);
	}
	return 1;
}

static size_t random_program(struct bpf_insn *insns, size_t room)
{
	size_t places[64], count = 0, starts = 0;
	u32 forward = 1 + pick(8);	/* of so many jumps, all but one */

	while (count < room - 2) {
		places[starts++] = count;
		count += random_insn(&insns[count]);
	}
	places[starts++] = count;
	insns[count] = (struct bpf_insn)EXIT;
	for (size_t n = 0; n < starts; n++)
		if (insn_jumps(&insns[places[n]]))
			insns[places[n]].off = places[pick(forward) && n + 1 < starts ? n + 1 + pick(starts - n - 1) : pick(starts)] - places[n] - 1;
	return count + 1;
}

/* As the verifier has it. */
static void assert_all_reachable(const struct bpf_insn *insns, size_t count)
{
	bool reached[64] = { true }, changed = true;

	while (changed) {
		changed = false;
		for (size_t i = 0; i < count; i += insn_wide(&insns[i]) ? 2 : 1) {
			size_t next = i + (insn_wide(&insns[i]) ? 2 : 1), to = i + 1 + insns[i].off;

			if (!reached[i])
				continue;
			if (insn_jumps(&insns[i]) && !reached[to])
				reached[to] = changed = true;
			if (insns[i].code == (BPF_JMP | BPF_JA) || insns[i].code == (BPF_JMP | BPF_EXIT))
				continue;
			assert_true(next < count);
			if (!reached[next])
				reached[next] = changed = true;
		}
	}
	for (size_t i = 0; i < count; i += insn_wide(&insns[i]) ? 2 : 1)
		assert_true(reached[i]);
}

static void random_programs(void **state __attribute__((unused)))
{
	size_t shorter = 0;

	for (u64 n = 1; n <= 100000; n++) {
		struct bpf_insn from[40], to[40];
		struct machine before = {}, after;
		size_t count, left;

		seed = n;
		count = random_program(from, LENGTH(from) - pick(30));
		for (int reg = 0; reg < 10; reg++)
			before.regs[reg] = (u64)pick(1 << 30) << pick(34);
		before.regs[10] = (uintptr_t)(before.stack + LENGTH(before.stack));
		after = before;
		left = fold(from, to, count, &frozen);
		assert_in_range(left, 1, count);
		if (left < count)
			assert_all_reachable(to, left);
		shorter += left < count;
		run(from, &before);
		after.regs[10] = (uintptr_t)(after.stack + LENGTH(after.stack));
		run(to, &after);
		if ((before.jumps_back <= JUMPS_BACK && before.regs[0] != after.regs[0]) ||	/* else stopped before its end */
		    before.jumps_back != after.jumps_back || before.ticks != after.ticks ||
		    memcmp(before.stack, after.stack, sizeof(after.stack)))
			fail_msg("random program %llu does something else afterwards", n);
	}
	assert_true(shorter > 50000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(option_not_asked_for), cmocka_unit_test(option_asked_for), cmocka_unit_test(ways_that_meet),
		cmocka_unit_test(loops), cmocka_unit_test(subprograms), cmocka_unit_test(stays_in_a_register),
		cmocka_unit_test(not_understood), cmocka_unit_test(random_programs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
