// SPDX-License-Identifier: GPL-2.0-only
/*
 * trim.c - take instructions out of a program: those that are marked, and those that nothing needs then. The second
 * half of a wide instruction has code 0, which is none that reads, writes or jumps.
 */
#include <stdlib.h>
#include <string.h>
#include "fold.h"
#include "shared.h"

#define REG(n) (1u << (n))

/* Helpers read their arguments. How many those are is told of the ones that events call most; the others may have five. */
static u16 call_reads(const struct bpf_insn *insn)
{
	switch (insn->src_reg ? BPF_FUNC_unspec : insn->imm) {
	case BPF_FUNC_ktime_get_ns:
	case BPF_FUNC_get_smp_processor_id:
	case BPF_FUNC_get_current_pid_tgid:
	case BPF_FUNC_get_current_uid_gid:
	case BPF_FUNC_get_current_task:
	case BPF_FUNC_get_current_task_btf:
		return 0;
	case BPF_FUNC_map_lookup_elem:
		return REG(1) | REG(2);
	default:
		return REG(1) | REG(2) | REG(3) | REG(4) | REG(5);
	}
}

static u16 reads(const struct bpf_insn *insn)
{
	u16 both = REG(insn->dst_reg) | REG(insn->src_reg);

	switch (BPF_CLASS(insn->code)) {
	case BPF_ALU:
	case BPF_ALU64:
		return (BPF_OP(insn->code) != BPF_MOV ? REG(insn->dst_reg) : 0) |
		       (insn_by_register(insn) ? REG(insn->src_reg) : 0);
	case BPF_LDX:
		return REG(insn->src_reg);
	case BPF_ST:
		return REG(insn->dst_reg);
	case BPF_STX:
		return both | (BPF_MODE(insn->code) != BPF_MEM ? REG(BPF_REG_0) : 0);
	case BPF_JMP:
	case BPF_JMP32:
		if (BPF_OP(insn->code) == BPF_CALL)
			return call_reads(insn);
		if (BPF_OP(insn->code) == BPF_EXIT)
			return REG(BPF_REG_0);
		return BPF_OP(insn->code) == BPF_JA ? 0 : insn_by_register(insn) ? both : REG(insn->dst_reg);
	default:
		return 0;
	}
}

static u16 writes(const struct bpf_insn *insn)
{
	if (insn->code == (BPF_JMP | BPF_CALL))
		return REG(0) | REG(1) | REG(2) | REG(3) | REG(4) | REG(5);
	return insn_alu(insn) || insn_wide(insn) || BPF_CLASS(insn->code) == BPF_LDX ? REG(insn->dst_reg) : 0;
}

/* Jumps back need another pass. */
void find_live(const struct bpf_insn *insns, size_t count, const bool *gone, u16 *live)
{
	bool changed = true;

	memset(live, 0, (count + 1) * sizeof(*live));
	while (changed) {
		changed = false;
		for (size_t i = count; i-- > 0; ) {
			const struct bpf_insn *insn = &insns[i];
			bool ends = insn->code == (BPF_JMP | BPF_EXIT) || insn->code == (BPF_JMP | BPF_JA);
			u16 now = live[i + 1];

			if (!gone[i]) {
				now = ends ? 0 : now;
				now |= insn_jumps(insn) ? live[i + 1 + insn->off] : 0;
				now = (now & ~writes(insn)) | reads(insn);
			}
			changed |= now != live[i];
			live[i] = now;
		}
	}
}

/* Sets registers and does nothing else. */
static bool only_sets(const struct bpf_insn *insn)
{
	return insn_alu(insn) || insn_wide(insn);
}

static bool drop_unused(const struct bpf_insn *insns, size_t count, bool *gone, const u16 *live)
{
	bool dropped = false;

	for (size_t i = 0, size; i < count; i += size) {
		size = insn_wide(&insns[i]) ? 2 : 1;
		if (gone[i] || !only_sets(&insns[i]) || live[i + size] & writes(&insns[i]))
			continue;
		memset(gone + i, true, size);
		dropped = true;
	}
	return dropped;
}

/* Jumps over nothing. */
static bool drop_jumps(const struct bpf_insn *insns, size_t count, bool *gone)
{
	bool dropped = false;

	for (size_t i = count; i-- > 0; ) {
		size_t next = i + 1;

		if (gone[i] || !insn_jumps(&insns[i]) || insns[i].off < 0)
			continue;
		while (next < i + 1 + insns[i].off && gone[next])
			next++;
		if (next < i + 1 + insns[i].off)
			continue;
		gone[i] = dropped = true;
	}
	return dropped;
}

static size_t close_ranks(struct bpf_insn *insns, size_t count, const bool *gone, size_t *place)
{
	size_t left = 0;

	for (size_t i = 0; i < count; i++) {
		place[i] = left;
		left += !gone[i];
	}
	place[count] = left;
	for (size_t i = 0; i < count; i++) {
		struct bpf_insn insn = insns[i];

		if (gone[i])
			continue;
		if (insn_jumps(&insn))
			insn.off = place[i + 1 + insn.off] - place[i] - 1;
		if (insn_calls(&insn))
			insn.imm = place[i + 1 + insn.imm] - place[i] - 1;
		insns[place[i]] = insn;
	}
	return left;
}

size_t trim(struct bpf_insn *insns, size_t count, bool *gone)
{
	u16 *live = malloc((count + 1) * sizeof(*live));
	size_t *place = malloc((count + 1) * sizeof(*place)), left = 0;
	bool dropped = true;

	while (live && place && dropped) {
		find_live(insns, count, gone, live);
		dropped = drop_jumps(insns, count, gone);
		dropped |= drop_unused(insns, count, gone, live);
	}
	if (live && place)
		left = close_ranks(insns, count, gone, place);
	free(live);
	free(place);
	return left;
}
