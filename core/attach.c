// SPDX-License-Identifier: GPL-2.0-only
/* attach.c - open, set constants, resolve, load, attach; and when the kernel refuses any of it, the next way. */
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "attach.h"
#include "fail.h"
#include "kernel.h"

static const char *const way_names[WAYS] = { "fentry", "kprobe" };

static struct attachment *loading;	/* for libbpf's callbacks, which get no context of ours */
static bool libbpf_aloud;

static int libbpf_says(enum libbpf_print_level level, const char *format, va_list args)
{
	return libbpf_aloud && level != LIBBPF_DEBUG ? vfprintf(stderr, format, args) : 0;
}

__attribute__((format(printf, 3, 4)))
static int refuse(struct attachment *a, int err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(a->why[a->way], sizeof(a->why[0]), format, args);
	va_end(args);
	return err;
}

/* libbpf is about to load a program: say where it goes. All were found in one pass, libbpf would take one for each. */
static int set_target(struct bpf_program *program, struct bpf_prog_load_opts *options,
		      long cookie __attribute__((unused)))
{
	for (size_t i = 0; i < loading->hook_count; i++)
		if (loading->hooks[i].program == program) {
			options->attach_btf_id = loading->hooks[i].btf_id;
			options->attach_btf_obj_fd = loading->hooks[i].module_fd;
		}
	return 0;
}

static void register_handlers(void)
{
	static const struct {
		const char *section;
		enum bpf_attach_type type;
	} kinds[] = {
		{ "fentry+", BPF_TRACE_FENTRY }, { "fexit+", BPF_TRACE_FEXIT }, { "tp_btf+", BPF_TRACE_RAW_TP },
	};
	LIBBPF_OPTS(libbpf_prog_handler_opts, options, .prog_prepare_load_fn = set_target);
	static bool done;

	for (size_t i = 0; !done && i < sizeof(kinds) / sizeof(*kinds); i++)
		libbpf_register_prog_handler(kinds[i].section, BPF_PROG_TYPE_TRACING, kinds[i].type, &options);
	done = true;
}

static int open_object(struct attachment *a, const struct tool *tool, const struct settings *settings)
{
	const struct probe *probe = tool->probe;
	LIBBPF_OPTS(bpf_object_open_opts, options, .object_name = probe->name, .btf_custom_path = settings->btf);

	a->object = bpf_object__open_mem(probe->begin[a->way], probe->end[a->way] - probe->begin[a->way], &options);
	return a->object ? 0 : refuse(a, -errno, "cannot open the object: %s", strerror(errno));
}

/* "fexit/vfs_read": an exit hook of vfs_read. Without a function the tool's targets tell. */
static void read_section(struct hook *hook, const struct tool *tool)
{
	const char *section = bpf_program__section_name(hook->program), *slash = strchr(section, '/');
	const char *name = strchr(bpf_program__name(hook->program), '_');

	hook->kind = !strncmp(section, "fexit", 5) || !strncmp(section, "kretprobe", 9) ? HOOK_EXIT :
		     !strncmp(section, "tp_btf", 6) || !strncmp(section, "raw_tp", 6) ? HOOK_TRACE : HOOK_ENTRY;
	hook->optional = !bpf_program__autoload(hook->program);
	if (slash) {
		syscall_function(slash + 1, hook->names);
		return;
	}
	for (const struct target *target = tool->targets; name && target && target->program; target++)
		if (!strcmp(target->program, name + 1)) {
			hook->optional = target->optional;
			snprintf(hook->names[0], sizeof(hook->names[0]), "%s", target->function);
		}
}

static int list_hooks(struct attachment *a, const struct tool *tool)
{
	struct bpf_program *program;
	size_t count = 0;

	bpf_object__for_each_program(program, a->object)
		count++;
	a->hooks = calloc(count, sizeof(*a->hooks));
	if (!a->hooks)
		return refuse(a, -ENOMEM, "out of memory");
	bpf_object__for_each_program(program, a->object) {
		struct hook *hook = &a->hooks[a->hook_count++];

		hook->program = program;
		read_section(hook, tool);
	}
	return 0;
}

/* fentry: every hook's place in the kernel's BTF. Those without one are left out if they are optional. */
static int find_hooks(struct attachment *a, const struct tool *tool, const struct btf *btf)
{
	char typedefs[a->hook_count + 1][160];
	struct btf_target targets[2 * a->hook_count + 1];

	for (size_t i = 0; i < a->hook_count; i++) {
		struct hook *hook = &a->hooks[i];

		snprintf(typedefs[i], sizeof(typedefs[i]), "btf_trace_%s", hook->names[0]);
		targets[2 * i] = (struct btf_target){ hook->kind == HOOK_TRACE ? typedefs[i] : hook->names[0], 0, 0 };
		targets[2 * i + 1] = (struct btf_target){ hook->names[1], 0, 0 };
	}
	kernel_find(btf, targets, 2 * a->hook_count, tool->module);
	for (size_t i = 0; i < a->hook_count; i++) {
		struct hook *hook = &a->hooks[i];
		int which = !targets[2 * i].id;

		if (targets[2 * i + which].id) {
			hook->function = hook->names[which];
			hook->btf_id = targets[2 * i + which].id;
			hook->module_fd = targets[2 * i + which].module_fd;
		} else if (hook->names[0][0] && !hook->optional) {
			return refuse(a, -ENOENT, "%s is not in the kernel's type information", hook->names[0]);
		}
		bpf_program__set_autoload(hook->program, !!hook->function);
	}
	return 0;
}

static int resolve(struct attachment *a, const struct tool *tool, const struct settings *settings)
{
	const struct btf *btf;

	if (tool->functions)
		return many_prepare(a, settings);
	if (a->way == WAY_FENTRY) {
		btf = kernel_btf(NULL);
		return btf ? find_hooks(a, tool, btf) : refuse(a, -ENOENT, "this kernel has no BTF");
	}
	for (size_t i = 0; i < a->hook_count; i++)
		bpf_program__set_autoload(a->hooks[i].program, a->hooks[i].names[0][0]);
	return 0;
}

static int set_constants(struct attachment *a, const struct tool *tool, const struct settings *settings,
			 const void *constants)
{
	struct filter *filter = constant(a->object, "filter", sizeof(*filter));
	u32 *unit_ns = constant(a->object, "unit_ns", sizeof(*unit_ns));
	char *options = tool->constants ? constant(a->object, "options", tool->constants) : NULL;

	if (filter)
		*filter = settings->filter;
	if (unit_ns)
		*unit_ns = settings->milliseconds ? 1000000 : 1000;
	if (tool->constants && !options)
		return refuse(a, -EINVAL, "the object has no `options` of %zu bytes", tool->constants);
	if (options)
		memcpy(options, constants, tool->constants);
	for (const struct position *p = tool->positions; p && p->function; p++) {
		int at = kernel_parameter(kernel_btf(settings->btf), p->function, p->type);

		if (at < 0)
			return refuse(a, -ENOENT, "%s has no struct %s here", p->function, p->type);
		*(u32 *)(options + p->offset) = at;
	}
	return 0;
}

/* Size and kind of the event buffer. BPFTK_PERF_BUFFER: as on a kernel before 5.8, for tests. */
static void shape_events(struct attachment *a, const struct settings *settings)
{
	struct bpf_map *events = bpf_object__find_map_by_name(a->object, "events");
	bool *perf = constant(a->object, "events_perf", sizeof(*perf));
	u64 *wake = constant(a->object, "events_wake", sizeof(*wake));

	if (!events || !perf || !wake)
		return;
	if (settings->buffer_size)
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

static struct bpf_link *attach_hook(const struct attachment *a, struct hook *hook, const char *function)
{
	LIBBPF_OPTS(bpf_kprobe_opts, options, .retprobe = hook->kind == HOOK_EXIT);

	if (a->way == WAY_FENTRY)
		return bpf_program__attach_trace(hook->program);
	if (hook->kind == HOOK_TRACE)
		return bpf_program__attach_raw_tracepoint(hook->program, function);
	return bpf_program__attach_kprobe_opts(hook->program, function, &options);
}

static int attach_hooks(struct attachment *a, bool exits)
{
	for (size_t i = 0; i < a->hook_count; i++) {
		struct hook *hook = &a->hooks[i];

		if (!bpf_program__autoload(hook->program) || (hook->kind == HOOK_EXIT) != exits)
			continue;
		for (int try = 0; try < 2 && !hook->link && hook->names[try][0]; try++) {
			const char *function = hook->function ? hook->function : hook->names[try];

			hook->link = attach_hook(a, hook, function);
			if (hook->link)
				hook->function = function;
		}
		if (!hook->link && !hook->optional)
			return refuse(a, -errno, "cannot attach to %s: %s", hook->names[0],
				      errno == ENOENT || errno == EINVAL ? "this kernel has no such function"
									 : strerror(errno));
	}
	return 0;
}

static int try_way(struct attachment *a, const struct tool *tool, const struct settings *settings,
		   const void *constants)
{
	int err = open_object(a, tool, settings);

	err = err ? err : list_hooks(a, tool);
	err = err ? err : set_constants(a, tool, settings, constants);
	err = err ? err : resolve(a, tool, settings);
	kernel_btf_free_types();	/* libbpf is going to parse its own; not both at a time */
	if (err)
		return err;
	shape_events(a, settings);
	loading = a;
	err = bpf_object__load(a->object);
	if (err)
		return refuse(a, err, "the kernel refused the programs: %s", strerror(-err));
	if (tool->functions)
		return many_attach(a);
	/* Returns first: a return without its entry is ignored, an entry without its return is a loss. */
	err = attach_hooks(a, true);
	return err ? err : attach_hooks(a, false);
}

static void close_way(struct attachment *a)
{
	attach_stop(a);
	bpf_object__close(a->object);
	a->object = NULL;
	free(a->hooks);
	a->hooks = NULL;
	a->hook_count = 0;
	functions_free(a->functions, a->function_count);
	a->functions = NULL;
	a->function_count = 0;
	kernel_btf_free();
}

const char *attached_by(const struct attachment *a)
{
	return a->many_by ? a->many_by : way_names[a->way];
}

static int no_way(const struct attachment *a, const struct tool *tool, int err)
{
	enum exit_code code = err == -EPERM ? EXIT_NOT_PERMITTED : EXIT_UNSUPPORTED;

	if (access("/sys/kernel/btf/vmlinux", R_OK))
		return fail(code, "this kernel has no BTF (CONFIG_DEBUG_INFO_BTF); --btf FILE gives it one");
	if (tool->module && err == -ENOENT && a->way == WAY_KPROBE)
		return fail(code, "%s; is %s in use on this machine?", a->why[a->way], tool->module);
	if (a->why[WAY_FENTRY][0] && a->why[WAY_KPROBE][0])
		return fail(code, "by fentry: %s; by kprobe: %s", a->why[WAY_FENTRY], a->why[WAY_KPROBE]);
	return fail(code, "by %s: %s", way_names[a->way], a->why[a->way]);
}

int attach(struct attachment *a, const struct tool *tool, const struct settings *settings, const void *constants)
{
	int err = 0;

	*a = (struct attachment){};
	libbpf_aloud = settings->verbose;
	libbpf_set_print(libbpf_says);
	register_handlers();
	for (int i = 0; i < WAYS; i++) {
		/* many functions: one kprobe.multi is one system call, fentry is a program for each */
		enum way way = tool->functions ? WAYS - 1 - i : i;

		if (settings->way && settings->way != 1 + way)
			continue;
		a->way = way;
		err = try_way(a, tool, settings, constants);
		if (!err)
			return EXIT_DONE;
		close_way(a);
		if (settings->verbose)
			say("not by %s: %s", way_names[a->way], a->why[a->way]);
	}
	return no_way(a, tool, err);
}

void attach_explain(const struct attachment *a, const struct tool *tool)
{
	static const char *const kinds[WAYS][3] = { { "fentry", "fexit", "tp_btf" }, { "kprobe", "kretprobe", "raw_tp" } };

	for (int way = 0; way < WAYS; way++)
		printf("%-10s %s\n", way_names[way], way == (int)a->way ? "chosen" : a->why[way][0] ? a->why[way] : "not needed");
	for (size_t i = 0; i < a->hook_count && !tool->functions; i++) {
		const struct hook *hook = &a->hooks[i];

		if (hook->names[0][0])
			printf("  %-10s %-32s %s\n", kinds[a->way][hook->kind],
			       hook->function ? hook->function : hook->names[0],
			       hook->link ? "attached" : "not on this kernel");
	}
	if (tool->functions)
		printf("  %-10s %zu functions, %zu more cannot be probed\n", a->many_by, a->function_count,
		       a->functions_refused);
	if (tool->unseen)
		printf("not seen: %s\n", tool->unseen);
}

void attach_stop(struct attachment *a)
{
	/* Entries first, so that no call is left without its return. */
	for (int exits = 0; exits < 2; exits++)
		for (size_t i = 0; i < a->hook_count; i++)
			if ((a->hooks[i].kind == HOOK_EXIT) == exits) {
				bpf_link__destroy(a->hooks[i].link);
				a->hooks[i].link = NULL;
			}
	many_stop(a);
}

void attach_free(struct attachment *a)
{
	if (a->object)
		close_way(a);
}
