// SPDX-License-Identifier: GPL-2.0-only
/*
 * many.c - one body for many functions, best first: a single fentry.multi (seen on 7.3: all at once, at the price of
 * fentry), a single kprobe.multi (5.18), or a copy of the program for each function, which carries the function's number
 * (probes/lib/many.bpf.h). Copies by fentry come last: each takes its time to come and, until 6.16 or so, an eighth of a
 * second to go.
 */
#include <bpf/bpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "attach.h"
#include "fail.h"
#include "hooks.h"
#include "kernel/kernel.h"

#define FENTRY_MULTI 59		/* BPF_TRACE_FENTRY_MULTI, include/uapi/linux/bpf.h; headers to build with are older */

static bool one_by_one(void)	/* for tests: as on older kernels */
{
	return getenv("BPFTK_SINGLE_PROBES");
}

bool many_fentry_multi(void)
{
	LIBBPF_OPTS(bpf_prog_load_opts, options, .expected_attach_type = FENTRY_MULTI);
	int program = one_by_one() ? -1 : bpf_prog_load(BPF_PROG_TYPE_TRACING, "multi", "GPL", bpf_nothing, 2, &options);

	if (program >= 0)
		close(program);
	return program >= 0;
}

static int by_module(const void *a, const void *b)
{
	const struct function *left = a, *right = b;
	int order = strcmp(left->module ? left->module : "", right->module ? right->module : "");

	return order ? order : strcmp(left->name, right->name);
}

/* Functions of one module lie beside each other; the kernel's own come first. */
static size_t same_module(const struct attachment *a, size_t begin)
{
	const char *module = a->functions[begin].module;
	size_t end = begin + 1;

	while (end < a->function_count &&
	       (module ? !strcmp(a->functions[end].module, module) : !a->functions[end].module))
		end++;
	return end;
}

static int find_all(struct attachment *a, const struct types *types, struct btf_target *targets)
{
	int err = 0;

	qsort(a->functions, a->function_count, sizeof(*a->functions), by_module);
	for (size_t i = 0; i < a->function_count; i++)
		targets[i].function = a->functions[i].name;
	for (size_t begin = 0, end; !err && begin < a->function_count; begin = end) {
		end = same_module(a, begin);
		err = kernel_find_in(types, a->functions[begin].module, targets + begin, end - begin);
		if (err)
			refuse(a, err, "the type information of module %s: %s", a->functions[begin].module, kernel_refusal(-err));
	}
	return err;
}

/* fentry can only take functions that BTF describes, the kernel's or that of their module. */
static int keep_described(struct attachment *a)
{
	const struct types *types = kernel_types(NULL);
	struct btf_target *targets = calloc(a->function_count, sizeof(*targets));
	size_t kept = 0;
	int err;

	free(a->btf_ids);
	a->btf_ids = calloc(2 * a->function_count, sizeof(int));
	if (!types)
		err = refuse_types(a);
	else
		err = targets && a->btf_ids ? find_all(a, types, targets) : refuse(a, -ENOMEM, "out of memory");
	for (size_t i = 0; !err && i < a->function_count; i++) {
		if (targets[i].id) {
			a->functions[kept] = a->functions[i];
			a->btf_ids[kept] = targets[i].id;
			a->btf_ids[a->function_count + kept++] = targets[i].module_fd;
		} else {
			free(a->functions[i].name);
			a->functions_refused++;
		}
	}
	free(targets);
	if (err)
		return err;
	a->btf_objects = a->btf_ids + a->function_count;
	a->function_count = kept;
	return kept ? 0 : refuse(a, -ENOENT, "none of these functions is in the kernel's type information");
}

static bool has_kprobe_multi(void)
{
	const char *function = "vfs_read";
	LIBBPF_OPTS(bpf_prog_load_opts, load, .expected_attach_type = BPF_TRACE_KPROBE_MULTI);
	LIBBPF_OPTS(bpf_link_create_opts, link, .kprobe_multi = { .cnt = 1, .syms = &function });
	int program, fd = -1;

	if (switches_silence(USES_FTRACE, false))
		return false;
	program = bpf_prog_load(BPF_PROG_TYPE_KPROBE, "multi", "GPL", bpf_nothing, 2, &load);
	if (program >= 0) {
		fd = bpf_link_create(program, 0, BPF_TRACE_KPROBE_MULTI, &link);
		close(program);
	}
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static int prepare_fentry(struct attachment *a, const struct settings *settings)
{
	size_t wanted = a->function_count;
	int err = keep_described(a);

	a->many_at_once = !err && many_fentry_multi();
	a->many_by = a->many_at_once ? "fentry.multi" : "fentry";
	if (err)
		return err;
	/* kprobes would miss none of them */
	if (a->many_at_once && !settings->way && a->function_count < wanted)
		return refuse(a, -ENOENT, "%zu of the functions are not in the kernel's type information",
			      wanted - a->function_count);
	if (a->many_at_once)
		bpf_program__set_expected_attach_type(a->hooks[0].program, FENTRY_MULTI);
	else
		a->hooks[0].btf_id = a->btf_ids[0], a->hooks[0].module_fd = a->btf_objects[0];
	return 0;
}

static int prepare_kprobe(struct attachment *a)
{
	a->many_at_once = !one_by_one() && has_kprobe_multi();
	a->many_by = a->many_at_once ? "kprobe.multi" : "kprobe";
	if (a->many_at_once)
		bpf_program__set_expected_attach_type(a->hooks[0].program, BPF_TRACE_KPROBE_MULTI);
	return 0;
}

int many_prepare(struct attachment *a, const struct settings *settings)
{
	struct bpf_map *counts = bpf_object__find_map_by_name(a->object, "counts");
	bool *cookies = constant(a->object, "many_cookies", sizeof(*cookies));
	int err = kprobe_functions(settings->functions, &a->functions, &a->function_count, &a->functions_refused);

	if (err)
		return refuse(a, err, "cannot read the kernel's list of functions: %s", kernel_refusal(-err));
	if (!a->function_count)
		return refuse(a, -ENOENT, "no function that matches%s", a->functions_refused ? " can be probed" : "");
	err = a->way == WAY_FENTRY ? prepare_fentry(a, settings) : prepare_kprobe(a);
	if (err)
		return err;
	*cookies = a->many_at_once;
	bpf_program__set_autoload(a->hooks[0].program, true);
	bpf_map__set_max_entries(counts, a->function_count);
	return 0;
}

/* BPF_LINK_CREATE as kernels with fentry.multi have it; ids are those of the kernel's type information. */
static int link_fentry_multi(int program, const int *ids, const __u64 *cookies, size_t count)
{
	const struct {
		u32 program, target, type, flags;
		u64 ids, cookies;
		u32 count, padding;
	} request = {
		.program = program, .type = FENTRY_MULTI, .ids = (unsigned long)ids, .cookies = (unsigned long)cookies,
		.count = count,
	};
	int fd = syscall(SYS_bpf, BPF_LINK_CREATE, &request, sizeof(request));

	return fd < 0 ? -errno : fd;
}

/* By address, where kallsyms tells them: to find names takes the kernel a walk over all that it has. */
static int link_kprobe_multi(int program, const struct function *functions, const __u64 *cookies, size_t count)
{
	const char **names = calloc(2 * count, sizeof(*names));
	unsigned long *addresses = (void *)(names + count);
	LIBBPF_OPTS(bpf_link_create_opts, options, .kprobe_multi = { .cnt = count, .cookies = cookies });
	bool hidden = false;
	int fd = -ENOMEM;

	for (size_t i = 0; names && i < count; i++) {
		names[i] = functions[i].name;
		addresses[i] = functions[i].address;
		hidden |= !functions[i].address;
	}
	if (hidden)
		options.kprobe_multi.syms = names;
	else
		options.kprobe_multi.addrs = addresses;
	if (names)
		fd = bpf_link_create(program, 0, BPF_TRACE_KPROBE_MULTI, &options);
	free(names);
	return fd;
}

/* One link for all, with the functions' numbers as cookies. The kernel takes all or none: which it does not, halves tell. */
static int attach_multi(struct attachment *a, int program, const __u64 *cookies, size_t begin, size_t end)
{
	size_t count = end - begin, middle = begin + count / 2;
	int fd, err;

	if (a->way == WAY_FENTRY)
		fd = link_fentry_multi(program, a->btf_ids + begin, cookies + begin, count);
	else
		fd = link_kprobe_multi(program, a->functions + begin, cookies + begin, count);
	if (fd >= 0) {
		a->links[begin] = fd;
		a->functions_attached += count;
		return 0;
	}
	if (is_scarce(-fd) || is_denied(-fd))
		return refuse(a, fd, "%s refused these functions: %s", a->many_by, kernel_refusal(-fd));
	a->links[begin] = fd;	/* why not */
	if (count == 1)
		return 0;
	err = attach_multi(a, program, cookies, begin, middle);
	return err ? err : attach_multi(a, program, cookies, middle, end);
}

/* For fentry.multi, a program belongs to the type information that the functions' ids are of. */
static int load_for_module(struct attachment *a, int module_fd)
{
	const struct bpf_program *program = a->hooks[0].program;
	LIBBPF_OPTS(bpf_prog_load_opts, options, .expected_attach_type = FENTRY_MULTI, .attach_btf_obj_fd = module_fd);

	return bpf_prog_load(BPF_PROG_TYPE_TRACING, "many", "GPL", bpf_program__insns(program),
			     bpf_program__insn_cnt(program), &options);
}

static int attach_at_once(struct attachment *a)
{
	__u64 *cookies = calloc(a->function_count, sizeof(*cookies));
	int err = cookies ? 0 : refuse(a, -ENOMEM, "out of memory");

	for (size_t i = 0; cookies && i < a->function_count; i++)
		cookies[i] = i;
	for (size_t begin = 0, end; !err && begin < a->function_count; begin = end) {
		int program = bpf_program__fd(a->hooks[0].program);

		end = a->way == WAY_FENTRY ? same_module(a, begin) : a->function_count;
		if (a->way == WAY_FENTRY && a->btf_objects[begin])
			program = a->programs[begin] = load_for_module(a, a->btf_objects[begin]);
		err = program < 0 ? refuse(a, program, "cannot load the program for module %s: %s", a->functions[begin].module,
					   kernel_refusal(-program)) : attach_multi(a, program, cookies, begin, end);
	}
	free(cookies);
	return err;
}

int many_attach(struct attachment *a)
{
	int err;

	a->links = malloc(2 * a->function_count * sizeof(int));
	if (!a->links)
		return refuse(a, -ENOMEM, "out of memory");
	a->programs = a->links + a->function_count;
	a->link_count = a->function_count;
	memset(a->links, -1, 2 * a->link_count * sizeof(int));
	a->functions_attached = 0;
	err = a->many_at_once ? attach_at_once(a) : copies_attach(a);
	if (!err && !a->functions_attached)
		err = refuse(a, -EINVAL, "%s refused all of these functions, %s since: %s", a->many_by, a->functions[0].name,
			     strerror(-a->links[0]));
	a->functions_refused += err ? 0 : a->function_count - a->functions_attached;
	if (!err && a->functions_refused)
		say("%zu functions match but cannot be probed", a->functions_refused);
	return err;
}

void many_stop(struct attachment *a)
{
	for (size_t i = 0; i < a->link_count; i++)
		if (a->links[i] >= 0) {
			close(a->links[i]);
			a->links[i] = -1;
		}
}

void many_free(struct attachment *a)
{
	for (size_t i = 0; i < a->link_count; i++)
		if (a->programs[i] >= 0)
			close(a->programs[i]);
	free(a->links);
	free(a->btf_ids);
	free(a->body);
	a->links = a->btf_ids = a->btf_objects = NULL;
	a->body = NULL;
	a->link_count = 0;
}
