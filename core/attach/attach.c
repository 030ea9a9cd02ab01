// SPDX-License-Identifier: GPL-2.0-only
/* attach.c - open, set constants, resolve, load, attach; and when the kernel refuses any of it, the next way. */
#include <bpf/bpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>
#include "attach.h"
#include "fail.h"
#include "filter.h"
#include "hooks.h"
#include "kernel/kernel.h"
#include "kernel/types.h"
#include "maps.h"
#include "packed.h"
#include "signals.h"

static const char *const way_names[WAYS] = { "fentry", "kprobe" };

static bool libbpf_aloud;

static int libbpf_says(enum libbpf_print_level level, const char *format, va_list args)
{
	return libbpf_aloud && level != LIBBPF_DEBUG ? vfprintf(stderr, format, args) : 0;
}

static int open_object(struct attachment *a, const struct tool *tool)
{
	const struct probe *probe = tool->probe;
	char path[32];
	void *object;
	size_t size;
	int err;
	LIBBPF_OPTS(bpf_object_open_opts, options, .object_name = probe->name, .btf_custom_path = path);

	a->types = memfd_create("btf", MFD_CLOEXEC);
	if (a->types < 0)
		return refuse(a, -errno, "cannot make a file in memory: %s", kernel_refusal(errno));
	snprintf(path, sizeof(path), "/proc/self/fd/%d", a->types);	/* libbpf reads it when it loads the object */
	object = unpack(probe->begin[a->way], probe->end[a->way], &size);
	if (!object)
		return refuse(a, -errno, "cannot unpack the object: %s", strerror(errno));
	a->object = bpf_object__open_mem(object, size, &options);
	err = a->object ? 0 : errno;
	free(object);	/* libbpf has copied what it keeps */
	return err ? refuse(a, -err, "cannot open the object: %s", strerror(err)) : 0;
}

static int resolve(struct attachment *a, const struct tool *tool, const struct settings *settings)
{
	const struct types *types;
	int err = 0;

	if (a->way == WAY_FENTRY) {
		types = kernel_types(NULL);
		err = types ? hooks_find(a, tool, types) : refuse_types(a);
	} else {
		for (size_t i = 0; i < a->hook_count; i++)
			bpf_program__set_autoload(a->hooks[i].program, a->hooks[i].names[0][0]);
	}
	return err || !tool->functions ? err : many_prepare(a, settings);
}

static int set_constants(struct attachment *a, const struct tool *tool, const struct settings *settings,
			 const void *constants)
{
	struct filter *filter = constant(a->object, "filter", sizeof(*filter));
	u32 *unit_ns = constant(a->object, "unit_ns", sizeof(*unit_ns));
	u32 *shown_pid_ns = constant(a->object, "shown_pid_ns", sizeof(*shown_pid_ns));
	bool *preemptible = constant(a->object, "preemptible", sizeof(*preemptible));
	char *options = tool->constants ? constant(a->object, "options", tool->constants) : NULL;

	if (filter)
		*filter = settings->filter;
	if (shown_pid_ns)
		*shown_pid_ns = settings->shown_pid_ns;
	if (unit_ns)
		*unit_ns = settings->milliseconds ? 1000000 : 1000;
	if (preemptible)
		*preemptible = a->skips;
	if (tool->constants && !options)
		return refuse(a, -EINVAL, "the object has no `options` of %zu bytes", tool->constants);
	if (options)
		memcpy(options, constants, tool->constants);
	for (const struct position *p = tool->positions; p && p->function; p++) {
		const struct types *types = kernel_types(settings->btf);
		int at = types ? kernel_parameter(types, p->function, p->type) : -1;

		if (at < 0)
			return refuse(a, -ENOENT, "%s has no struct %s here", p->function, p->type);
		*(u32 *)(options + p->offset) = at;
	}
	return 0;
}

/* libbpf gets to see no more of the kernel's type information than this object needs. */
static int give_types(struct attachment *a, const struct settings *settings)
{
	const struct types *types = kernel_types(settings->btf);
	int err = types ? types_excerpt(types, bpf_object__btf(a->object), a->types) : refuse_types(a);

	return err && types ? refuse(a, err, "cannot use the kernel's BTF: %s", strerror(-err)) : err;
}

static int load(struct attachment *a)
{
	int err = bpf_object__load(a->object);

	if (!err)
		return 0;
	if (is_scarce(-err) || err == -EPERM)
		return refuse(a, err, "cannot load the programs: %s", kernel_refusal(-err));
	/* EACCES is the verifier's */
	return refuse(a, -EINVAL, a->way == WAY_KPROBE || support_kfunc() ? "the kernel refused the programs: %s"
						: "this kernel has no fentry programs: %s", strerror(-err));
}

/* Of what will be attached; tracepoints heed no switch. */
static int check_switches(struct attachment *a, const struct tool *tool)
{
	const char *why;

	a->uses = 0;
	for (size_t i = 0; i < a->hook_count; i++)
		if (bpf_program__autoload(a->hooks[i].program) && (a->hooks[i].kind != HOOK_TRACE || tool->functions))
			a->uses |= a->way == WAY_FENTRY || a->many_at_once ? USES_FTRACE : USES_KPROBES;
	why = switches_silence(a->uses, false);
	return why ? refuse(a, -EOPNOTSUPP, "%s", why) : 0;
}

static int try_way(struct attachment *a, const struct tool *tool, const struct settings *settings,
		   const void *constants, bool last_resort)
{
	int err = open_object(a, tool);

	err = err ? err : hooks_list(a, tool);
	if (!err) {
		filter_hooks(a, settings);
		maps_place_calls(a, settings);
		policy_judge(a, tool);
	}
	if (!err && !last_resort && policy_puts_off(a))
		return refuse(a, -EAGAIN, "this kernel preempts programs, and skips them for other tasks meanwhile");
	err = err ? err : set_constants(a, tool, settings, constants);
	err = err ? err : resolve(a, tool, settings);
	err = err ? err : give_types(a, settings);
	kernel_types_free();
	if (err)
		return err;
	maps_shape(a, tool, settings);
	err = filter_maps(a->object, settings);
	if (err)
		return refuse(a, err, "cannot use the pinned map: %s", strerror(-err));
	err = load(a);
	err = err ? err : check_switches(a, tool);
	if (err)
		return err;
	err = filter_fill(a->object, settings);
	if (err)
		return refuse(a, err, "cannot set up the filter: %s", kernel_refusal(-err));
	/* Returns first: a return without its entry is ignored, an entry without its return is a loss. */
	err = hooks_attach(a, true);
	err = err ? err : hooks_attach(a, false);
	return err || !tool->functions ? err : many_attach(a);
}

static void close_way(struct attachment *a)
{
	attach_stop(a);
	many_free(a);
	bpf_object__close(a->object);
	a->object = NULL;
	if (a->types >= 0)
		close(a->types);
	free(a->hooks);
	a->hooks = NULL;
	a->hook_count = 0;
	functions_free(a->functions, a->function_count);
	a->functions = NULL;
	a->function_count = 0;
	kernel_types_free();
	kernel_modules_free();
	returns_close(&a->returns);
	switches_close();
}

const char *attached_by(const struct attachment *a)
{
	return a->many_by ? a->many_by : way_names[a->way];
}

static int no_way(const struct attachment *a, const struct tool *tool, const struct settings *settings, int err)
{
	bool denied = is_denied(-a->errors[WAY_FENTRY]) || is_denied(-a->errors[WAY_KPROBE]);
	enum exit_code code = denied ? EXIT_NOT_PERMITTED : EXIT_UNSUPPORTED;

	if (is_scarce(-err))
		return fail(EXIT_FAILED, "by %s: %s", way_names[a->way], a->why[a->way]);
	if (!settings->btf && access("/sys/kernel/btf/vmlinux", R_OK))
		return fail(code, "this kernel has no BTF (CONFIG_DEBUG_INFO_BTF); --btf FILE gives it one");
	if (tool->module && err == -ENOENT && a->why[WAY_KPROBE][0])
		return fail(code, "%s; is %s in use on this machine?", a->why[WAY_KPROBE], tool->module);
	if (a->why[WAY_FENTRY][0] && a->why[WAY_KPROBE][0])
		return fail(code, "by fentry: %s; by kprobe: %s", a->why[WAY_FENTRY], a->why[WAY_KPROBE]);
	return fail(code, "by %s: %s", way_names[a->way], a->why[a->way]);
}

/* Copies of a program take two file descriptors each (many.c); and who has many disks or processors has many files open, too. */
static void allow_files(void)
{
	struct rlimit limit;

	if (!getrlimit(RLIMIT_NOFILE, &limit)) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

int attach(struct attachment *a, const struct tool *tool, const struct settings *settings, const void *constants)
{
	bool kprobe_first = tool->functions && !many_fentry_multi(), put_off[WAYS] = {};
	int err = 0;

	*a = (struct attachment){ .returns.root = -1 };
	allow_files();	/* the command of --exec keeps what it has */
	libbpf_aloud = settings->verbose;
	libbpf_set_print(libbpf_says);
	programs_register(a);
	if (settings->btf && !kernel_types(settings->btf))
		return fail(EXIT_USAGE, "--btf %s: %s", settings->btf,
			    errno == EINVAL ? "holds no type information (BTF)" : strerror(errno));
	policy_ask(a, settings);
	for (int i = 0; i < 2 * WAYS; i++) {
		enum way way = (i + kprobe_first) % WAYS;	/* many.c says why */

		if ((settings->way && settings->way != 1 + way) || (i >= WAYS && !put_off[way]))
			continue;
		a->way = way;
		err = try_way(a, tool, settings, constants, i >= WAYS || settings->way);
		if (!err)
			return EXIT_DONE;
		put_off[way] = err == -EAGAIN && i < WAYS;
		close_way(a);
		if (signals_asked())
			return fail(EXIT_INTERRUPTED, "interrupted before all was attached");
		if (settings->verbose)
			say("not by %s: %s", way_names[a->way], a->why[a->way]);
		if (is_scarce(-err))
			break;	/* the other way has no more of it */
	}
	return no_way(a, tool, settings, err);
}

void attach_explain(const struct attachment *a, const struct tool *tool)
{
	static const char *const kinds[WAYS][3] = { { "fentry", "fexit", "tp_btf" }, { "kprobe", "kretprobe", "raw_tp" } };

	for (int way = 0; way < WAYS; way++)
		printf("%-10s %s\n", way_names[way], way == (int)a->way ? "chosen" : a->why[way][0] ? a->why[way] : "not needed");
	for (size_t i = 0; i < a->hook_count && !tool->functions; i++) {
		const struct hook *hook = &a->hooks[i];

		if (!hook->names[0][0])
			continue;
		printf("  %-10s %-32s %s", kinds[a->way][hook->kind], hook->function ? hook->function : hook->names[0],
		       hook->link ? "attached" : hook_absent(hook));
		if (hook->event[0])
			printf(", for %d calls at a time", RETURNS_AT_A_TIME);
		putchar('\n');
	}
	if (tool->functions)
		printf("  %-10s %zu functions, %zu more cannot be probed\n", a->many_by, a->functions_attached,
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
				hooks_detach(&a->hooks[i]);
				returns_remove(&a->returns, a->hooks[i].event);
			}
	many_stop(a);
}

void attach_free(struct attachment *a)
{
	if (a->object)
		close_way(a);
}
