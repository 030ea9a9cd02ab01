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

/* fentry can only take functions that the kernel's BTF describes. */
static int keep_described(struct attachment *a)
{
	const struct types *types = kernel_types(NULL);
	struct btf_target *targets = calloc(a->function_count, sizeof(*targets));
	size_t kept = 0;

	if (!types || !targets) {
		free(targets);
		return refuse(a, -ENOENT, "this kernel has no BTF");
	}
	for (size_t i = 0; i < a->function_count; i++)
		targets[i].function = a->functions[i].name;
	kernel_find(types, targets, a->function_count, NULL);
	free(a->btf_ids);
	a->btf_ids = calloc(a->function_count, sizeof(int));
	for (size_t i = 0; a->btf_ids && i < a->function_count; i++) {
		if (targets[i].id) {
			a->functions[kept] = a->functions[i];
			a->btf_ids[kept++] = targets[i].id;
		} else {
			free(a->functions[i].name);
			a->functions_refused++;
		}
	}
	a->function_count = kept;
	free(targets);
	return kept ? 0 : refuse(a, -ENOENT, "none of these functions is in the kernel's type information");
}

static bool has_kprobe_multi(void)
{
	const char *function = "vfs_read";
	LIBBPF_OPTS(bpf_prog_load_opts, load, .expected_attach_type = BPF_TRACE_KPROBE_MULTI);
	LIBBPF_OPTS(bpf_link_create_opts, link, .kprobe_multi = { .cnt = 1, .syms = &function });
	int program = bpf_prog_load(BPF_PROG_TYPE_KPROBE, "multi", "GPL", bpf_nothing, 2, &load), fd = -1;

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
		a->hooks[0].btf_id = a->btf_ids[0];
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
		return refuse(a, err, "cannot read the kernel's list of functions");
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

static int link_kprobe_multi(int program, const struct function *functions, const __u64 *cookies, size_t count)
{
	const char **names = calloc(count, sizeof(*names));
	LIBBPF_OPTS(bpf_link_create_opts, options, .kprobe_multi = { .cnt = count, .syms = names, .cookies = cookies });
	int fd = -ENOMEM;

	for (size_t i = 0; names && i < count; i++)
		names[i] = functions[i].name;
	if (names)
		fd = bpf_link_create(program, 0, BPF_TRACE_KPROBE_MULTI, &options);
	free(names);
	return fd;
}

/* One link for all, with the functions' numbers as cookies. */
static int attach_multi(struct attachment *a)
{
	__u64 *cookies = calloc(a->function_count, sizeof(*cookies));
	int program = bpf_program__fd(a->hooks[0].program), fd = -ENOMEM;

	for (size_t i = 0; cookies && i < a->function_count; i++)
		cookies[i] = i;
	if (cookies && a->way == WAY_FENTRY)
		fd = link_fentry_multi(program, a->btf_ids, cookies, a->function_count);
	else if (cookies)
		fd = link_kprobe_multi(program, a->functions, cookies, a->function_count);
	free(cookies);
	if (fd < 0)
		return refuse(a, fd, "%s refused these functions: %s", a->many_by, strerror(-fd));
	a->links[0] = fd;
	return 0;
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
	err = a->many_at_once ? attach_multi(a) : copies_attach(a);
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
	a->links = a->btf_ids = NULL;
	a->body = NULL;
	a->link_count = 0;
}
