// SPDX-License-Identifier: GPL-2.0-only
/*
 * walk.c - the ways through a program as the verifier of Linux 5.4 goes them: all, depth first, a value that is known
 * decides a jump, and a place that was left in the same state before is left alone. It knows numbers but no ranges, and it
 * looks at what 5.4 is strict about, or slow; bounds of memory are for the real verifiers of newer kernels.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "attach/fold.h"
#include "linux54.h"
#include "shared.h"

#define MOST_WAITING 8192	/* BPF_COMPLEXITY_LIMIT_JMP_SEQ, kernel/bpf/verifier.c */
#define MOST_STEPS 1000000	/* BPF_COMPLEXITY_LIMIT_INSNS, include/linux/bpf.h */
#define MOST_STATES 64	/* at an instruction; 5.4 as well forgets those that were of no use */
#define FRAMES 4
#define SLOTS 64

struct reg {
	enum kind { NONE, SCALAR, NUMBER, CTX, STACK, POINTER } kind;
	u32 frame;	/* of STACK */
	u64 number;	/* of NUMBER: which; of CTX and STACK: bytes from their beginning, or from their end */
	bool moved;	/* CTX or STACK: by something not known */
};

struct frame {
	struct reg regs[11];
	struct reg slots[SLOTS];	/* [0]: the 8 bytes below r10 */
	size_t back;	/* where its caller goes on */
};

struct way {
	size_t at;
	int before;	/* the last place passed; -1: none */
	u32 depth;
	struct frame frames[FRAMES];
};

struct place {	/* a state that was passed */
	size_t at;
	int before, next;	/* next: another state at the same instruction, or -1 */
	u32 open;	/* ways from here that are not yet at their end */
	struct way *way;
};

struct walker {
	const struct bpf_insn *insns;
	size_t count, steps, waiting_count, place_count;
	struct way *waiting;	/* branches to be gone yet */
	struct place *places;
	int *heads;	/* of the states at an instruction */
	bool *joins;	/* several ways may come here */
	u16 *live;
	char *why;
};

static bool refuse(struct walker *w, const struct way *way, const char *format, ...)
{
	char text[160];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	snprintf(w->why, 256, "instruction %zu: %s", way->at, text);
	return false;
}

/* --- what is known of numbers --- */

static bool calculate(const struct bpf_insn *insn, u64 *a, u64 b)
{
	bool wide = BPF_CLASS(insn->code) == BPF_ALU64;
	u32 mask = wide ? 63 : 31;

	if (!wide) {
		*a = (u32)*a;
		b = (u32)b;
	}
	switch (BPF_OP(insn->code)) {
	case BPF_ADD: *a += b; break;
	case BPF_SUB: *a -= b; break;
	case BPF_MUL: *a *= b; break;
	case BPF_AND: *a &= b; break;
	case BPF_OR: *a |= b; break;
	case BPF_XOR: *a ^= b; break;
	case BPF_LSH: *a <<= b & mask; break;
	case BPF_RSH: *a >>= b & mask; break;
	case BPF_ARSH: *a = wide ? (u64)((s64)*a >> (b & mask)) : (u64)((s32)*a >> (b & mask)); break;
	default: return false;	/* 5.4 does not follow the others either */
	}
	if (!wide)
		*a = (u32)*a;
	return true;
}

static bool holds(const struct bpf_insn *insn, u64 a, u64 b)
{
	bool wide = BPF_CLASS(insn->code) == BPF_JMP;
	s64 signed_a = wide ? (s64)a : (s32)a, signed_b = wide ? (s64)b : (s32)b;

	if (!wide) {
		a = (u32)a;
		b = (u32)b;
	}
	switch (BPF_OP(insn->code)) {
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

static void alu(const struct bpf_insn *insn, struct reg *a, struct reg b)
{
	u8 op = BPF_OP(insn->code);
	bool wide = BPF_CLASS(insn->code) == BPF_ALU64;

	if (op == BPF_MOV) {
		*a = wide || b.kind == NUMBER ? b : (struct reg){ SCALAR };
		if (!wide)
			a->number = (u32)a->number;
	} else if (a->kind == NUMBER && b.kind == NUMBER) {
		if (!calculate(insn, &a->number, b.number))
			*a = (struct reg){ SCALAR };
	} else if (a->kind > NUMBER && (b.kind == NUMBER || b.kind == SCALAR)) {
		a->moved |= b.kind == SCALAR;
		if (b.kind == NUMBER)
			a->number += op == BPF_SUB ? -b.number : b.number;
	} else {
		*a = op == BPF_ADD && b.kind > NUMBER ? b : (struct reg){ SCALAR };
		a->moved = true;
	}
}

/* --- memory --- */

static u32 width(const struct bpf_insn *insn)
{
	static const u8 sizes[] = { 4, 2, 1, 8 };

	return sizes[BPF_SIZE(insn->code) >> 3];
}

/* Nothing is known of these bytes of the stack any more. */
static void forget(struct way *way, const struct reg *to, u64 size)
{
	for (int slot = 0; slot < SLOTS && to->kind == STACK; slot++) {
		s64 first = -8 * (slot + 1), at = (s64)to->number;

		if (to->moved || (at < first + 8 && at + (s64)size > first))
			way->frames[to->frame].slots[slot] = (struct reg){ SCALAR };
	}
}

/* The slot that an access of 8 bytes is to; NULL: it is to something else. */
static struct reg *slot_at(struct way *way, const struct reg *pointer, short off, u32 size)
{
	s64 at = (s64)pointer->number + off;

	if (pointer->kind != STACK || pointer->moved || size != 8 || at % 8 || at >= 0 || at < -8 * SLOTS)
		return NULL;
	return &way->frames[pointer->frame].slots[-at / 8 - 1];
}

static bool access_memory(struct walker *w, struct way *way, const struct bpf_insn *insn)
{
	struct reg *regs = way->frames[way->depth].regs, *slot;
	bool loads = BPF_CLASS(insn->code) == BPF_LDX;
	struct reg pointer = regs[loads ? insn->src_reg : insn->dst_reg], at = pointer;
	struct reg value = BPF_CLASS(insn->code) == BPF_ST ? (struct reg){ NUMBER, .number = (s64)insn->imm } : regs[insn->src_reg];

	if (BPF_MODE(insn->code) != BPF_MEM && (loads || BPF_MODE(insn->code) != BPF_ATOMIC || insn->imm != BPF_ADD))
		return refuse(w, way, "unknown opcode %02x, or a newer atomic one", insn->code);
	if (pointer.kind == CTX && (pointer.number || pointer.moved))
		return refuse(w, way, "dereference of modified ctx ptr R%d off=%lld", loads ? insn->src_reg : insn->dst_reg,
			      (s64)pointer.number);
	if (pointer.kind < CTX || (pointer.kind == CTX && !loads))
		return refuse(w, way, "R%d invalid mem access", loads ? insn->src_reg : insn->dst_reg);
	slot = slot_at(way, &pointer, insn->off, width(insn));
	if (loads) {
		regs[insn->dst_reg] = slot && slot->kind ? *slot : (struct reg){ SCALAR };
		return true;
	}
	at.number += insn->off;
	forget(way, &at, width(insn));
	if (slot && BPF_MODE(insn->code) == BPF_MEM)
		*slot = value;
	return true;
}

/* --- calls and jumps --- */

static bool call_helper(struct walker *w, struct way *way, const struct bpf_insn *insn)
{
	struct reg *regs = way->frames[way->depth].regs;

	if (insn->src_reg || !has_helper(insn->imm))
		return refuse(w, way, "unknown func #%d", insn->imm);
	for (int reg = 1; reg <= 5; reg++)
		if (w->live[way->at] & 1 << reg && regs[reg].kind == CTX && (regs[reg].number || regs[reg].moved))
			return refuse(w, way, "modified ctx ptr R%d as an argument", reg);
	if (insn->imm == BPF_FUNC_probe_read || insn->imm == BPF_FUNC_probe_read_str || insn->imm == BPF_FUNC_get_current_comm)
		forget(way, &regs[1], regs[2].kind == NUMBER ? regs[2].number : 8 * SLOTS);
	memset(&regs[1], 0, 5 * sizeof(*regs));
	regs[0] = (struct reg){ insn->imm == BPF_FUNC_map_lookup_elem ? POINTER : SCALAR };
	return true;
}

static bool call(struct walker *w, struct way *way, const struct bpf_insn *insn)
{
	struct frame *from = &way->frames[way->depth], *to = from + 1;

	if (way->depth + 1 == FRAMES)
		return refuse(w, way, "calls too deep to be followed here");
	memset(to, 0, sizeof(*to));
	memcpy(&to->regs[1], &from->regs[1], 5 * sizeof(*to->regs));
	to->regs[10] = (struct reg){ STACK, .frame = ++way->depth };
	to->back = way->at + 1;
	way->at += 1 + insn->imm;
	return true;
}

/* Back to the caller; false: this way is at its end. */
static bool leave(struct way *way)
{
	struct frame *from = &way->frames[way->depth];

	if (!way->depth)
		return false;
	way->at = from->back;
	way->depth--;
	from[-1].regs[0] = from->regs[0];
	memset(&from[-1].regs[1], 0, 5 * sizeof(*from->regs));
	return true;
}

static bool jump(struct walker *w, struct way *way, const struct bpf_insn *insn)
{
	struct reg *a = &way->frames[way->depth].regs[insn->dst_reg], *other;
	struct reg b = BPF_SRC(insn->code) == BPF_X ? way->frames[way->depth].regs[insn->src_reg] :
		       (struct reg){ NUMBER, .number = (s64)insn->imm };
	size_t to = way->at + 1 + insn->off;
	u8 op = BPF_OP(insn->code);

	if (op == BPF_JA || (a->kind == NUMBER && b.kind == NUMBER)) {
		way->at = op == BPF_JA || holds(insn, a->number, b.number) ? to : way->at + 1;
		return true;
	}
	if (w->waiting_count == MOST_WAITING)
		return refuse(w, way, "the sequence of %d jumps is too complex", MOST_WAITING + 1);
	w->waiting[w->waiting_count] = *way;
	other = &w->waiting[w->waiting_count].frames[way->depth].regs[insn->dst_reg];
	w->waiting[w->waiting_count++].at = to;
	if (way->before >= 0)
		w->places[way->before].open++;
	way->at++;
	if (BPF_CLASS(insn->code) == BPF_JMP && b.kind == NUMBER && (op == BPF_JEQ || op == BPF_JNE) &&
	    (a->kind == SCALAR || (a->kind == POINTER && !b.number)))
		*(op == BPF_JEQ ? other : a) = b;
	return true;
}

/* --- the walk --- */

static bool covers(const struct reg *old, const struct reg *now)
{
	if (old->kind == NONE || (old->kind == SCALAR && now->kind == NUMBER))
		return true;
	return old->kind == now->kind && (old->kind == SCALAR || old->kind == POINTER ||
		(old->number == now->number && old->frame == now->frame && old->moved == now->moved));
}

static bool same_state(const struct walker *w, const struct way *old, const struct way *now)
{
	if (old->depth != now->depth)
		return false;
	for (u32 depth = 0; depth <= old->depth; depth++) {
		const struct frame *a = &old->frames[depth], *b = &now->frames[depth];
		u16 live = w->live[depth == old->depth ? old->at : old->frames[depth + 1].back];

		if (a->back != b->back)
			return false;
		for (int reg = 0; reg < 10; reg++)
			if (live & 1 << reg && !covers(&a->regs[reg], &b->regs[reg]))
				return false;
		for (int slot = 0; slot < SLOTS; slot++)
			if (!covers(&a->slots[slot], &b->slots[slot]))
				return false;
	}
	return true;
}

/* True: what follows from here is known. Or the way is a loop that changes nothing. */
static bool passed(struct walker *w, struct way *way)
{
	size_t size = offsetof(struct way, frames) + (way->depth + 1) * sizeof(*way->frames);
	struct place *place;
	int states = 0;

	for (int n = w->heads[way->at]; n >= 0; n = w->places[n].next) {
		if (same_state(w, w->places[n].way, way)) {
			if (w->places[n].open)
				refuse(w, way, "infinite loop detected");
			return true;
		}
		if (++states == MOST_STATES && w->places[n].next >= 0) {
			free(w->places[w->places[n].next].way);
			w->places[w->places[n].next].way = NULL;
			w->places[n].next = -1;
		}
	}
	if (!(w->place_count & (w->place_count - 1)))	/* 0, 1, 2, 4 ...: room for as many again */
		w->places = realloc(w->places, (2 * w->place_count + 1) * sizeof(*w->places));
	place = &w->places[w->place_count];
	*place = (struct place){ way->at, way->before, w->heads[way->at], 1, malloc(size) };
	memcpy(place->way, way, size);
	w->heads[way->at] = way->before = w->place_count++;
	return false;
}

static void end(struct walker *w, const struct way *way)
{
	for (int n = way->before; n >= 0 && !--w->places[n].open; n = w->places[n].before)
		;
}

/* One instruction; false: refused, or the end of this way. */
static bool step(struct walker *w, struct way *way)
{
	const struct bpf_insn *insn = &w->insns[way->at];
	struct reg *regs = way->frames[way->depth].regs;

	if (++w->steps > MOST_STEPS)
		return refuse(w, way, "BPF program is too large: more than %d instructions processed", MOST_STEPS);
	switch (BPF_CLASS(insn->code)) {
	case BPF_ALU:
	case BPF_ALU64:
		if (insn->off || insn->code == (BPF_ALU64 | BPF_END) || BPF_OP(insn->code) > BPF_END)
			return refuse(w, way, "unknown opcode %02x", insn->code);
		if (insn_by_register(insn) || BPF_SRC(insn->code) == BPF_K)
			alu(insn, &regs[insn->dst_reg],
			    insn_by_register(insn) ? regs[insn->src_reg] : (struct reg){ NUMBER, .number = (s64)insn->imm });
		else
			regs[insn->dst_reg] = (struct reg){ SCALAR };
		break;
	case BPF_LD:
		if (!insn_wide(insn) || insn->src_reg > BPF_PSEUDO_MAP_VALUE)
			return refuse(w, way, "unknown kind of load");
		regs[insn->dst_reg] = insn->src_reg ? (struct reg){ POINTER } :
			(struct reg){ NUMBER, .number = (u64)(u32)insn[1].imm << 32 | (u32)insn->imm };
		way->at++;
		break;
	case BPF_JMP:
	case BPF_JMP32:
		if (insn_calls(insn))
			return call(w, way, insn);
		if (insn->code == (BPF_JMP | BPF_EXIT))
			return leave(way);
		if (insn_jumps(insn))
			return insn->code == (BPF_JMP32 | BPF_JA) ? refuse(w, way, "unknown opcode 06") : jump(w, way, insn);
		if (!call_helper(w, way, insn))
			return false;
		break;
	default:
		if (!access_memory(w, way, insn))
			return false;
	}
	way->at++;
	return true;
}

static void find_joins(struct walker *w)
{
	for (size_t i = 0; i < w->count; i++)
		if (insn_jumps(&w->insns[i]))
			w->joins[i + 1 + w->insns[i].off] = w->joins[i + 1] = true;
}

static void go(struct walker *w)
{
	struct way *way = w->waiting + MOST_WAITING;	/* the one that is gone now */

	*way = (struct way){ .before = -1 };
	way->frames[0].regs[1] = (struct reg){ CTX };
	way->frames[0].regs[10] = (struct reg){ STACK };
	while (!*w->why) {
		while ((!w->joins[way->at] || !passed(w, way)) && !*w->why && step(w, way))
			;
		end(w, way);
		if (!w->waiting_count)
			return;
		*way = w->waiting[--w->waiting_count];
	}
}

const char *walk(const struct bpf_insn *insns, size_t count)
{
	static char why[256];
	static struct way waiting[MOST_WAITING + 1];
	struct walker w = {
		.insns = insns, .count = count, .why = why, .waiting = waiting,
		.heads = malloc((count + 1) * sizeof(int)), .joins = calloc(count + 1, sizeof(bool)),
		.live = calloc(count + 1, sizeof(u16)),
	};
	bool none_gone[count];

	memset(none_gone, 0, sizeof(none_gone));
	memset(w.heads, -1, (count + 1) * sizeof(int));
	*why = '\0';
	find_joins(&w);
	find_live(insns, count, none_gone, w.live);
	go(&w);
	for (size_t i = 0; i < w.place_count; i++)
		free(w.places[i].way);
	free(w.places);
	free(w.heads);
	free(w.joins);
	free(w.live);
	return *why ? why : NULL;
}
