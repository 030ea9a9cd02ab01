// SPDX-License-Identifier: GPL-2.0-only
/* ledger.c - add up the losses that the probe counted and those that the kernel counted for it. */
#include <bpf/bpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>
#include "ledger.h"

const char *const loss_causes[LOSS_CAUSES] = {
	[LOSS_BUFFER] = "event buffer full",
	[LOSS_MAP] = "map full",
	[LOSS_UNPAIRED] = "return not seen",
	[LOSS_ASYNC] = "completes asynchronously",
	[LOSS_RECURSION] = "probe missed or skipped by the kernel",
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

/* Programs skipped since one of them ran on that CPU already: in bpf_prog_info since 5.12 (9ed9e9ba2337). */
static u64 skipped(int program)
{
	struct bpf_prog_info info = {};
	u32 size = sizeof(info);

	return program >= 0 && !bpf_obj_get_info_by_fd(program, &info, &size) ? info.recursion_misses : 0;
}

/*
 * Probes that did not fire (a kretprobe without a free instance): in bpf_link_info since 6.7 (3acf8ace6823), which is
 * newer than the headers we build with, so by hand: { type, id, prog_id, event type, name, length, offset, address, missed }.
 */
static u64 missed(int link)
{
	struct {
		u32 type, id, program, unused, event, unused_too;
		u64 name;
		u32 length, offset;
		u64 address, missed, cookie, more[4];
	} info = {};
	enum { LINK_PERF_EVENT = 7, EVENT_KPROBE = 3, EVENT_KRETPROBE = 4 };
	u32 size = sizeof(info);

	if (link < 0 || bpf_obj_get_info_by_fd(link, (void *)&info, &size) || info.type != LINK_PERF_EVENT)
		return 0;
	return info.event == EVENT_KPROBE || info.event == EVENT_KRETPROBE ? info.missed : 0;
}

static u64 kernels_count(const struct attachment *attachment)
{
	u64 count = 0;

	for (size_t i = 0; i < attachment->hook_count; i++) {
		const struct hook *hook = &attachment->hooks[i];

		if (bpf_program__autoload(hook->program))
			count += skipped(bpf_program__fd(hook->program));
		if (hook->link)
			count += missed(bpf_link__fd(hook->link));
	}
	return count;
}

void ledger_read(struct ledger *ledger, const struct attachment *attachment, bool all)
{
	int map = bpf_object__find_map_fd_by_name(attachment->object, "losses");

	for (u32 cause = 0; cause < LOSS_CAUSES; cause++) {
		u64 total = ledger->total[cause];

		if (cause != LOSS_RECURSION)
			total = over_cpus(map, cause);
		else if (all)
			total = kernels_count(attachment);
		ledger->fresh[cause] = total - ledger->total[cause];
		ledger->total[cause] = total;
	}
}

u64 ledger_total(const struct ledger *ledger)
{
	u64 total = 0;

	for (int cause = 0; cause < LOSS_CAUSES; cause++)
		total += ledger->total[cause];
	return total;
}
