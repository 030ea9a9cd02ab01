// SPDX-License-Identifier: GPL-2.0-only
/* test_walk.c - what walk.c takes for a program that Linux 5.4 loads, and what it does not */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "linux54.h"

#define ALU(op, dst, number) { .code = BPF_ALU64 | BPF_K | (op), .dst_reg = (dst), .imm = (number) }
#define ALU_REG(op, dst, src) { .code = BPF_ALU64 | BPF_X | (op), .dst_reg = (dst), .src_reg = (src) }
#define LOAD(dst, src, at) { .code = BPF_LDX | BPF_MEM | BPF_DW, .dst_reg = (dst), .src_reg = (src), .off = (at) }
#define STORE(dst, at, src) { .code = BPF_STX | BPF_MEM | BPF_DW, .dst_reg = (dst), .off = (at), .src_reg = (src) }
#define JUMP(op, dst, number, over) { .code = BPF_JMP | BPF_K | (op), .dst_reg = (dst), .imm = (number), .off = (over) }
#define CALL(helper) { .code = BPF_JMP | BPF_CALL, .imm = (helper) }
#define EXIT { .code = BPF_JMP | BPF_EXIT }
#define KFUNC { .code = BPF_JMP | BPF_CALL, .src_reg = BPF_PSEUDO_KFUNC_CALL, .imm = 1 }
#define FETCH { .code = BPF_STX | BPF_ATOMIC | BPF_DW, .dst_reg = 10, .off = -8, .src_reg = 0, .imm = BPF_ADD | BPF_FETCH }

#define TAKEN(...) taken((const struct bpf_insn[]){ __VA_ARGS__ }, sizeof((const struct bpf_insn[]){ __VA_ARGS__ }))
#define REFUSED(why, ...) refused(why, (const struct bpf_insn[]){ __VA_ARGS__ }, sizeof((const struct bpf_insn[]){ __VA_ARGS__ }))

static void taken(const struct bpf_insn *insns, size_t size)
{
	const char *why = walk(insns, size / sizeof(*insns));

	if (why)
		fail_msg("refused: %s", why);
}

static void refused(const char *expected, const struct bpf_insn *insns, size_t size)
{
	const char *why = walk(insns, size / sizeof(*insns));

	if (!why || !strstr(why, expected))
		fail_msg("%s, not %s", why ? why : "taken", expected);
}

static void newer_things(void **state)
{
	(void)state;
	TAKEN(CALL(BPF_FUNC_ktime_get_ns), EXIT);
	REFUSED("unknown func #134", CALL(BPF_FUNC_ringbuf_query), EXIT);
	REFUSED("unknown func #174", CALL(BPF_FUNC_get_attach_cookie), EXIT);
	REFUSED("unknown func", KFUNC, EXIT);
	REFUSED("unknown opcode", ALU(BPF_MOV, 0, 1), STORE(10, -8, 0), FETCH, EXIT);
	/* behind a question whose answer nobody knows here, too */
	REFUSED("unknown func #134", LOAD(0, 1, 8), JUMP(BPF_JEQ, 0, 7, 1), EXIT, CALL(BPF_FUNC_ringbuf_query), EXIT);
	TAKEN(ALU(BPF_MOV, 0, 8), JUMP(BPF_JEQ, 0, 7, 1), EXIT, CALL(BPF_FUNC_ringbuf_query), EXIT);
}

static void context(void **state)
{
	(void)state;
	TAKEN(LOAD(0, 1, 8), EXIT);
	TAKEN(ALU_REG(BPF_MOV, 6, 1), STORE(10, -8, 6), LOAD(7, 10, -8), LOAD(0, 7, 8), EXIT);
	REFUSED("modified ctx ptr R1 off=8", ALU(BPF_ADD, 1, 8), LOAD(0, 1, 0), EXIT);
	REFUSED("modified ctx ptr", LOAD(2, 1, 0), ALU_REG(BPF_ADD, 1, 2), LOAD(0, 1, 0), EXIT);
	REFUSED("modified ctx ptr", LOAD(2, 1, 0), ALU_REG(BPF_ADD, 2, 1), LOAD(0, 2, 0), EXIT);
	REFUSED("invalid mem access", LOAD(2, 1, 0), LOAD(0, 2, 0), EXIT);
}

static void loops(void **state)
{
	(void)state;
	TAKEN(ALU(BPF_MOV, 0, 0), ALU(BPF_ADD, 0, 1), JUMP(BPF_JNE, 0, 1000, -2), EXIT);
	/* as long as a number says that is not known here: there is no end */
	REFUSED("8193 jumps", LOAD(2, 1, 0), ALU(BPF_MOV, 0, 0), ALU(BPF_ADD, 0, 1),
		{ .code = BPF_JMP | BPF_X | BPF_JEQ, .src_reg = 2, .off = 1 }, JUMP(BPF_JA, 0, 0, -3), EXIT);
	REFUSED("infinite loop", ALU(BPF_MOV, 0, 0), LOAD(2, 1, 0), JUMP(BPF_JNE, 2, 0, -2), EXIT);
	REFUSED("too large", ALU(BPF_MOV, 0, 0), ALU(BPF_ADD, 0, 1), JUMP(BPF_JNE, 0, 500001, -2), EXIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(newer_things), cmocka_unit_test(context), cmocka_unit_test(loops),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
