// SPDX-License-Identifier: GPL-2.0-only
/* maps.c - what this kernel and this machine make of an object's maps: their kinds, and how much room they have. */
#include <bpf/bpf.h>
#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>
#include "hooks.h"
#include "kernel/disks.h"
#include "kernel/kernel.h"
#include "kernel/types.h"
#include "maps.h"

static bool reads_user(const struct bpf_program *program)
{
	const struct bpf_insn *insn = bpf_program__insns(program), *end = insn + bpf_program__insn_cnt(program);

	for (; insn < end; insn++)
		if (insn->code == (BPF_JMP | BPF_CALL) && !insn->src_reg &&
		    (insn->imm == BPF_FUNC_probe_read_user || insn->imm == BPF_FUNC_probe_read_user_str))
			return true;
	return false;
}

/*
 * Before 5.14 (2e38eb04c95e) the kernel counts a page fault in a return program among its misses: a path that is not in
 * memory. A struct kprobe had its fault_handler for as long (ec6aba3d2be1).
 */
static bool faults_are_misses(const struct attachment *a, const struct types *types)
{
	bool faults = false;

	for (size_t i = 0; i < a->hook_count; i++)
		faults |= a->hooks[i].kind == HOOK_EXIT && reads_user(a->hooks[i].program);
	return faults && kernel_struct_has_field(types, "kprobe", "fault_handler") > 0;
}

/*
 * Calls under way are kept in the task itself: by kprobes where task storage never sleeps nor fails for another's sake. All
 * that came before bpf_preempt_disable() did (6.10, fc7566ad0a82).
 */
void maps_place_calls(struct attachment *a, const struct settings *settings)
{
	const struct types *types = kernel_types(settings->btf);
	bool *in_task = constant(a->object, "in_task", sizeof(*in_task)), returns = hooks_return(a);
	bool *counted = constant(a->object, "returns_counted", sizeof(*counted));
	struct bpf_map *map;

	if (!in_task || !counted)
		return;
	*in_task = types && types_find(types, "bpf_preempt_disable", BTF_KIND_FUNC);
	a->links_tell = *in_task;	/* since 6.7 (3acf8ace6823) */
	a->returns_counted = returns && !returns_open(&a->returns) && !a->links_tell && !faults_are_misses(a, types);
	*counted = a->returns_counted || a->links_tell;	/* else the probe counts, a thread's miss at its next call */
	bpf_object__for_each_map(map, a->object)
		if (bpf_map__type(map) == BPF_MAP_TYPE_TASK_STORAGE)
			bpf_map__set_autocreate(map, returns && *in_task);
		else if (strstr(bpf_map__name(map), "_by_thread"))
			bpf_map__set_autocreate(map, returns && !*in_task);
	if (!returns || *in_task)
		hooks_leave_out(a, "_of_exited");	/* nothing is kept there */
}

/* Size and kind of the event buffer. BPFTK_PERF_BUFFER: as on a kernel before 5.8, for tests. */
static void shape_events(struct attachment *a, const struct settings *settings)
{
	struct bpf_map *events = bpf_object__find_map_by_name(a->object, "events");
	bool *perf = constant(a->object, "events_perf", sizeof(*perf));
	u64 *wake = constant(a->object, "events_wake", sizeof(*wake));

	if (!events || !perf || !wake)
		return;
	bpf_map__set_max_entries(events, settings->buffer_size);	/* libbpf rounds up to what a ring may have */
	*wake = bpf_map__max_entries(events) / 4;
	a->perf_buffer = a->way == WAY_KPROBE && (getenv("BPFTK_PERF_BUFFER") ||
						  libbpf_probe_bpf_map_type(BPF_MAP_TYPE_RINGBUF, NULL) != 1);
	if (!a->perf_buffer)
		return;
	*perf = true;
	bpf_map__set_type(events, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	bpf_map__set_key_size(events, sizeof(u32));
	bpf_map__set_value_size(events, sizeof(u32));
	bpf_map__set_max_entries(events, libbpf_num_possible_cpus());
}

/* In flight is what the disks can have there; entries of requests long gone leave by themselves. */
static void make_room(struct attachment *a, const struct tool *tool)
{
	struct bpf_map *map = tool->requests ? bpf_object__find_map_by_name(a->object, tool->requests) : NULL;

	if (map)
		bpf_map__set_max_entries(map, bpf_map__max_entries(map) + disk_requests());
}

/* A key is no longer than what was asked for: it is hashed and compared with every event. */
static void cut_key(struct attachment *a, const struct tool *tool, u32 size)
{
	struct bpf_map *map = tool->table ? bpf_object__find_map_by_name(a->object, tool->table) : NULL;

	for (const struct column *column = tool->columns; map && column->key; column++)
		if (column->in_key && column->on_request) {
			bpf_map__set_key_size(map, size);
			return;
		}
}

void maps_shape(struct attachment *a, const struct tool *tool, const struct settings *settings)
{
	shape_events(a, settings);
	make_room(a, tool);
	cut_key(a, tool, settings->key_size);
}
