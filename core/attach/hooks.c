// SPDX-License-Identifier: GPL-2.0-only
/* hooks.c - the programs of an object: where each wants to go, where that is on this kernel, and going there. */
#include <bpf/bpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "attach.h"
#include "hooks.h"
#include "kernel/kernel.h"
#include "signals.h"

int refuse(struct attachment *a, int err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(a->why[a->way], sizeof(a->why[0]), format, args);
	va_end(args);
	a->errors[a->way] = err;
	return err;
}

int refuse_types(struct attachment *a)
{
	if (is_scarce(errno) || is_denied(errno))
		return refuse(a, -errno, "cannot read the kernel's BTF: %s", kernel_refusal(errno));
	return refuse(a, -ENOENT, "this kernel has no BTF");
}

#define ITERATOR "__traceiter_"	/* DEFINE_TRACE_FN, include/linux/tracepoint.h */

static bool is_iterator(const struct hook *hook)
{
	return !strncmp(bpf_program__section_name(hook->program), "kprobe/" ITERATOR, strlen("kprobe/" ITERATOR));
}

/* "fexit/vfs_read": an exit hook of vfs_read. Without a function the tool's targets tell. */
static void read_section(struct hook *hook, const struct tool *tool)
{
	const char *section = bpf_program__section_name(hook->program), *slash = strchr(section, '/');
	const char *name = strchr(bpf_program__name(hook->program), '_');

	hook->kind = !strncmp(section, "fexit", 5) || !strncmp(section, "kretprobe", 9) ? HOOK_EXIT :
		     !strncmp(section, "tp_btf", 6) || !strncmp(section, "raw_tp", 6) ? HOOK_TRACE : HOOK_ENTRY;
	hook->optional = !bpf_program__autoload(hook->program);
	hook->task_trace = !strncmp(bpf_program__name(hook->program), "task_", 5) || is_iterator(hook);
	if (slash) {
		const char *other = strchr(slash + 1, '/');	/* fentry/FUNCTION/OTHER */

		syscall_function(slash + 1, hook->names);
		if (other) {
			hook->names[0][other - slash - 1] = '\0';
			snprintf(hook->names[1], sizeof(hook->names[1]), "%s", other + 1);
		}
		return;
	}
	for (const struct target *target = tool->targets; name && target && target->name; target++)
		if (!strcmp(target->name, name + 1)) {
			hook->optional = target->optional;
			hook->target = target;
			snprintf(hook->names[0], sizeof(hook->names[0]), "%s", target->function);
		}
}

int hooks_list(struct attachment *a, const struct tool *tool)
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
		hook->keepers[0] = hook->keepers[1] = -1;
		read_section(hook, tool);
		if (hook->task_trace && a->way == WAY_KPROBE && is_iterator(hook) != a->traces_preempted)
			hook->names[0][0] = '\0';	/* its twin is taken */
		if (tool->functions && !strchr(bpf_program__section_name(program), '/')) {	/* for many.c it is the first */
			struct hook first = a->hooks[0];

			a->hooks[0] = *hook;
			*hook = first;
		}
	}
	return 0;
}

void hooks_leave_out(struct attachment *a, const char *word)
{
	size_t kept = 0;

	for (size_t i = 0; i < a->hook_count; i++)
		if (strstr(bpf_program__name(a->hooks[i].program), word))
			bpf_program__set_autoload(a->hooks[i].program, false);
		else
			a->hooks[kept++] = a->hooks[i];
	a->hook_count = kept;
}

bool hooks_return(const struct attachment *a)
{
	for (size_t i = 0; i < a->hook_count; i++)
		if (a->hooks[i].kind == HOOK_EXIT)
			return true;
	return false;
}

/* fentry: every hook's place in the kernel's BTF. Those without one are left out if they are optional. */
int hooks_find(struct attachment *a, const struct tool *tool, const struct types *types)
{
	char typedefs[a->hook_count + 1][160];
	struct btf_target targets[2 * a->hook_count + 1];
	int err;

	for (size_t i = 0; i < a->hook_count; i++) {
		struct hook *hook = &a->hooks[i];

		snprintf(typedefs[i], sizeof(typedefs[i]), "btf_trace_%s", hook->names[0]);
		targets[2 * i] = (struct btf_target){ hook->kind == HOOK_TRACE ? typedefs[i] : hook->names[0], 0, 0 };
		targets[2 * i + 1] = (struct btf_target){ hook->names[1], 0, 0 };
	}
	err = kernel_find(types, targets, 2 * a->hook_count, tool->module);
	for (size_t i = 0; i < a->hook_count; i++) {
		struct hook *hook = &a->hooks[i];
		int which = !targets[2 * i].id;

		if (targets[2 * i + which].id) {
			hook->function = hook->names[which];
			hook->btf_id = targets[2 * i + which].id;
			hook->module_fd = targets[2 * i + which].module_fd;
		} else if (hook->names[0][0] && err) {
			return refuse(a, err, "the type information of modules, for %s: %s", hook->names[0], kernel_refusal(-err));
		} else if (hook->names[0][0] && !hook->optional) {
			return refuse(a, -ENOENT, "%s is not in the kernel's type information", hook->names[0]);
		}
		bpf_program__set_autoload(hook->program, !!hook->function);
	}
	return 0;
}

/* With one program at a tracepoint the kernel calls that, not the iterator. */
static int keep_iterating(struct hook *hook, const char *event)
{
	LIBBPF_OPTS(bpf_prog_load_opts, options);

	for (int i = 0; i < 2; i++) {
		int program = bpf_prog_load(BPF_PROG_TYPE_RAW_TRACEPOINT, "keeper", "GPL", bpf_nothing, 2, &options);

		if (program >= 0)
			hook->keepers[i] = bpf_raw_tracepoint_open(event, program);
		if (program >= 0)
			close(program);
		if (hook->keepers[i] < 0)
			return -errno;
	}
	return 0;
}

void hooks_detach(struct hook *hook)
{
	bpf_link__destroy(hook->link);
	hook->link = NULL;
	for (int i = 0; i < 2; i++) {
		if (hook->keepers[i] >= 0)
			close(hook->keepers[i]);
		hook->keepers[i] = -1;
	}
}

static struct bpf_link *attach_hook(struct attachment *a, struct hook *hook, const char *function)
{
	LIBBPF_OPTS(bpf_kprobe_opts, options, .retprobe = hook->kind == HOOK_EXIT);

	if (a->way == WAY_FENTRY)
		return bpf_program__attach_trace(hook->program);
	if (hook->kind == HOOK_TRACE)
		return bpf_program__attach_raw_tracepoint(hook->program, function);
	if (is_iterator(hook) && keep_iterating(hook, function + strlen(ITERATOR)))
		return NULL;
	if (hook->kind == HOOK_EXIT && a->returns.root >= 0)
		return returns_attach(&a->returns, hook->program, function, hook->event);
	return bpf_program__attach_kprobe_opts(hook->program, function, &options);
}

static const char *why_not(const struct attachment *a, const struct hook *hook, int error)
{
	const char *none = a->way == WAY_KPROBE && hook->kind != HOOK_TRACE ? without_kprobes() : NULL;

	switch (error) {
	case ENOENT:
		return none ? none : "this kernel has no such function";
	case ENODEV:
		return "No such device: has ftrace shut itself down after a fault of its own (dmesg)?";
	case 524:	/* ENOTSUPP, include/linux/errno.h: arm64 before 6.4 (2aa6ac03516d) */
		return "this kernel lets no BPF trampolines into functions";
	default:
		return none && !is_scarce(error) && !is_denied(error) ? none : kernel_refusal(error);
	}
}

const char *hook_absent(const struct hook *hook)
{
	static char text[96];
	char path[64];

	if (hook->link)
		return NULL;
	if (!hook->target || !hook->target->module)
		return "not on this kernel";
	snprintf(path, sizeof(path), "/sys/module/%s", hook->target->module);
	snprintf(text, sizeof(text), access(path, F_OK) ? "module %s is not loaded" : "%s has no such function here",
		 hook->target->module);
	return text;
}

int hooks_attach(struct attachment *a, bool exits)
{
	for (size_t i = 0; i < a->hook_count; i++) {
		struct hook *hook = &a->hooks[i];

		if (!bpf_program__autoload(hook->program) || !hook->names[0][0] || (hook->kind == HOOK_EXIT) != exits)
			continue;
		if (signals_asked())
			return refuse(a, -EINTR, "interrupted");
		errno = ENOENT;
		for (int try = 0; try < 2 && !hook->link && hook->names[try][0]; try++) {
			const char *function = hook->function ? hook->function : hook->names[try];

			hook->link = attach_hook(a, hook, function);
			if (hook->link)
				hook->function = function;
		}
		if (!hook->link && (!hook->optional || is_scarce(errno) || is_denied(errno))) {
			int err = errno == EINVAL ? ENOENT : errno;

			return refuse(a, -err, "cannot attach to %s: %s", hook->names[0], why_not(a, hook, err));
		}
	}
	return 0;
}

