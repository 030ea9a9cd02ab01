// SPDX-License-Identifier: GPL-2.0-only
/* ledger.c - add up the losses that the probe counted and those that the kernel counted for it. */
#include <bpf/bpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include "ledger.h"

const char *const loss_causes[LOSS_CAUSES] = {
	[LOSS_BUFFER] = "event buffer full",
	[LOSS_MAP] = "map full",
	[LOSS_UNPAIRED] = "return not seen",
	[LOSS_ASYNC] = "completes asynchronously",
	[LOSS_RECURSION] = "probe missed or skipped by the kernel",
	[LOSS_PROCESSOR] = "no event buffer yet on a processor that came on line",
	[LOSS_UNWRITTEN] = "not written, the reader was too slow",
};

static u64 over_cpus(int map, u32 cause)
{
	int cpus = libbpf_num_possible_cpus();
	u64 *values = calloc(cpus, sizeof(*values)), total = 0;

	if (values && !bpf_map_lookup_elem(map, &cause, values))
		for (int cpu = 0; cpu < cpus; cpu++)
			total += values[cpu];
	free(values);
	return total;
}

/*
 * Programs skipped since one of them ran on that CPU already: in bpf_prog_info since 5.12 (9ed9e9ba2337). False: not counted;
 * the kernel says how much of the struct it knows.
 */
static bool skipped(int program, u64 *count)
{
	struct bpf_prog_info info = {};
	u32 size = sizeof(info);

	if (bpf_obj_get_info_by_fd(program, &info, &size))
		return false;
	*count += info.recursion_misses;
	return size >= offsetof(struct bpf_prog_info, recursion_misses) + sizeof(info.recursion_misses);
}

/*
 * Probes that did not fire (a kretprobe without a free instance): in bpf_link_info since 6.7 (3acf8ace6823, e2b2cd592adb),
 * which is newer than the headers we build with, so by hand. False: not counted, or this is no link (before 5.15).
 */
static bool missed(int link, u64 *count)
{
	struct info {
		u32 type, id, program, unused;
		union {
			struct {
				u32 event, unused;
				u64 name;
				u32 length, offset;
				u64 address, missed;
			} perf;
			struct {
				u64 addresses;
				u32 count, flags;
				u64 missed;
			} multi;
			u64 more[16];
		};
	} info = {};
	enum { LINK_PERF_EVENT = 7, LINK_KPROBE_MULTI = 8, EVENT_KPROBE = 3, EVENT_KRETPROBE = 4 };
	u32 size = sizeof(info);

	if (bpf_obj_get_info_by_fd(link, (void *)&info, &size))
		return false;
	if (info.type == LINK_KPROBE_MULTI)
		*count += info.multi.missed;
	else if (info.type == LINK_PERF_EVENT && (info.perf.event == EVENT_KPROBE || info.perf.event == EVENT_KRETPROBE))
		*count += info.perf.missed;
	return size >= offsetof(struct info, perf.missed) + sizeof(info.perf.missed);
}

/* Of a call whose entry is kept for its return (latency.bpf.h), the probe counts what was skipped at the entry. */
static bool probe_counts(const struct attachment *a, const struct hook *hook)
{
	for (size_t i = 0; a->way == WAY_FENTRY && hook->kind == HOOK_ENTRY && i < a->hook_count; i++)
		if (a->hooks[i].kind == HOOK_EXIT && a->hooks[i].btf_id == hook->btf_id &&
		    a->hooks[i].module_fd == hook->module_fd)
			return true;
	return false;
}

static u64 by_programs(const struct attachment *a)
{
	u64 count = 0;

	for (size_t i = 0; i < a->hook_count; i++)
		if (bpf_program__autoload(a->hooks[i].program) && !probe_counts(a, &a->hooks[i]))
			skipped(bpf_program__fd(a->hooks[i].program), &count);
	for (size_t i = 0; i < a->link_count; i++)
		if (a->programs[i] >= 0)
			skipped(a->programs[i], &count);
	return count;
}

static u64 by_links(const struct attachment *a)
{
	u64 count = a->returns_counted ? returns_missed(&a->returns) : 0;

	for (size_t i = 0; i < a->hook_count; i++) {
		const struct hook *hook = &a->hooks[i];

		if (hook->link && (hook->kind != HOOK_EXIT || a->links_tell))
			missed(bpf_link__fd(hook->link), &count);
	}
	for (size_t i = 0; i < a->link_count; i++)
		if (a->links[i] >= 0)
			missed(a->links[i], &count);
	return count;
}

const char *ledger_blind(const struct attachment *a)
{
	bool programs = true, links = true;
	u64 count = 0;

	for (size_t i = 0; i < a->hook_count; i++) {
		const struct hook *hook = &a->hooks[i];

		if (hook->link)
			programs &= skipped(bpf_program__fd(hook->program), &count);
		if (hook->link && a->way == WAY_KPROBE && hook->kind == HOOK_ENTRY)
			links &= missed(bpf_link__fd(hook->link), &count);
	}
	for (size_t i = 0; i < a->link_count; i++) {
		if (a->links[i] < 0)
			continue;
		programs &= skipped(a->many_at_once ? bpf_program__fd(a->hooks[0].program) : a->programs[i], &count);
		if (a->way == WAY_KPROBE)
			links &= missed(a->links[i], &count);
	}
	if (!programs && !links)
		return "this kernel counts neither the calls that a kprobe misses (before 6.7) nor those for which a program is skipped (before 5.12)";
	if (!programs)
		return "this kernel does not count calls for which a program is skipped (before 5.12)";
	return links ? NULL : "this kernel does not count calls that a kprobe misses (before 6.7)";
}

void ledger_read(struct ledger *ledger, const struct attachment *attachment)
{
	int map = bpf_object__find_map_fd_by_name(attachment->object, "losses");
	u64 links = by_links(attachment), totals[LOSS_CAUSES];

	if (links > ledger->links)	/* what a link has counted vanishes with it */
		ledger->links = links;
	policy_hurry(attachment, true);
	for (u32 cause = 0; cause < LOSS_CAUSES; cause++)
		totals[cause] = over_cpus(map, cause);
	policy_hurry(attachment, false);
	for (u32 cause = 0; cause < LOSS_CAUSES; cause++) {
		u64 total = totals[cause] - ledger->past[cause];

		if (cause == LOSS_RECURSION)
			total += by_programs(attachment) + ledger->links;
		if (cause == LOSS_UNWRITTEN)
			total += ledger->unwritten;
		ledger->fresh[cause] = total - ledger->total[cause];
		ledger->total[cause] = total;
	}
}

void ledger_forget(struct ledger *ledger, const struct attachment *attachment)
{
	ledger_read(ledger, attachment);
	for (int cause = 0; cause < LOSS_CAUSES; cause++) {
		ledger->past[cause] += ledger->total[cause];
		ledger->total[cause] = ledger->fresh[cause] = 0;
	}
}

u64 ledger_total(const struct ledger *ledger)
{
	u64 total = 0;

	for (int cause = 0; cause < LOSS_CAUSES; cause++)
		total += ledger->total[cause];
	return total;
}
