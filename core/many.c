// SPDX-License-Identifier: GPL-2.0-only
/*
 * many.c - one body for many functions: a single kprobe.multi where the kernel has it (5.18), else a copy of the
 * program for each function, which carries the function's number (probes/many.bpf.h).
 */
#include <bpf/bpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "attach.h"
#include "fail.h"
#include "fold.h"
#include "hooks.h"
#include "kernel.h"

#define MANY_MARK 0x5b7f0000	/* probes/many.bpf.h */

/* fentry can only take functions that the kernel's BTF describes. */
static int keep_described(struct attachment *a, u32 *first_id)
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
	free(a->programs);
	a->programs = calloc(a->function_count, sizeof(int));
	for (size_t i = 0; a->programs && i < a->function_count; i++) {
		if (targets[i].id) {
			a->functions[kept] = a->functions[i];
			a->programs[kept++] = targets[i].id;	/* until many_attach() loads the copies */
		} else {
			free(a->functions[i].name);
			a->functions_refused++;
		}
	}
	a->function_count = kept;
	free(targets);
	*first_id = kept ? a->programs[0] : 0;
	return kept ? 0 : refuse(a, -ENOENT, "none of these functions is in the kernel's type information");
}

static bool has_kprobe_multi(void)
{
	const struct bpf_insn done[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	const char *function = "vfs_read";
	LIBBPF_OPTS(bpf_prog_load_opts, load, .expected_attach_type = BPF_TRACE_KPROBE_MULTI);
	LIBBPF_OPTS(bpf_link_create_opts, link, .kprobe_multi = { .cnt = 1, .syms = &function });
	int program = bpf_prog_load(BPF_PROG_TYPE_KPROBE, "multi", "GPL", done, 2, &load), fd = -1;

	if (program >= 0) {
		fd = bpf_link_create(program, 0, BPF_TRACE_KPROBE_MULTI, &link);
		close(program);
	}
	if (fd >= 0)
		close(fd);
	return fd >= 0;
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
	a->many_by = "kprobe";
	if (a->way == WAY_FENTRY) {
		a->many_by = "fentry";
		err = keep_described(a, &a->hooks[0].btf_id);
		if (err)
			return err;
	} else if (!getenv("BPFTK_SINGLE_KPROBES") && has_kprobe_multi()) {	/* the variable: for tests */
		a->many_by = "kprobe.multi";
		*cookies = true;
		bpf_program__set_expected_attach_type(a->hooks[0].program, BPF_TRACE_KPROBE_MULTI);
	}
	bpf_program__set_autoload(a->hooks[0].program, true);
	bpf_map__set_max_entries(counts, a->function_count);
	return 0;
}

bool many_copies(const struct attachment *a)
{
	return a->many_by && strcmp(a->many_by, "kprobe.multi");
}

/* One link for all. */
static int attach_multi(struct attachment *a)
{
	const char **names = calloc(a->function_count, sizeof(*names));
	__u64 *cookies = calloc(a->function_count, sizeof(*cookies));
	LIBBPF_OPTS(bpf_link_create_opts, options, .kprobe_multi = { .cnt = a->function_count, .syms = names,
								     .cookies = cookies });
	int fd = -ENOMEM;

	for (size_t i = 0; names && cookies && i < a->function_count; i++) {
		names[i] = a->functions[i].name;
		cookies[i] = i;
	}
	if (names && cookies)
		fd = bpf_link_create(bpf_program__fd(a->hooks[0].program), 0, BPF_TRACE_KPROBE_MULTI, &options);
	free(names);
	free(cookies);
	if (fd < 0)
		return refuse(a, fd, "kprobe.multi refused these functions");
	a->links[0] = fd;
	return 0;
}

/* A copy of the loaded program that knows its function's number. */
static int load_copy(struct attachment *a, size_t number)
{
	struct bpf_program *program = a->hooks[0].program;
	size_t count = bpf_program__insn_cnt(program);
	struct bpf_insn *numbered = malloc(2 * count * sizeof(*numbered)), *folded = numbered + count;
	struct frozen frozen = constants(a->object);
	LIBBPF_OPTS(bpf_prog_load_opts, options);
	int fd;

	if (!numbered)
		return -ENOMEM;
	memcpy(numbered, bpf_program__insns(program), count * sizeof(*numbered));
	for (size_t i = 0; i < count; i++)
		if (numbered[i].code == (BPF_ALU64 | BPF_MOV | BPF_K) && numbered[i].imm == MANY_MARK)
			numbered[i].imm += number;
	if (a->way == WAY_FENTRY) {
		options.expected_attach_type = BPF_TRACE_FENTRY;
		options.attach_btf_id = a->programs[number];
	}
	count = fold(numbered, folded, count, &frozen);
	fd = count ? bpf_prog_load(bpf_program__type(program), "many", "GPL", folded, count, &options) : -ENOMEM;
	free(numbered);
	return fd;
}

static int kprobe_pmu(void)
{
	FILE *file = fopen("/sys/bus/event_source/devices/kprobe/type", "re");
	int type = -1;

	if (file && fscanf(file, "%d", &type) != 1)
		type = -1;
	if (file)
		fclose(file);
	return type;
}

/* The perf event keeps the program; closing it detaches, and so does the kernel when we die. */
static int attach_kprobe(int program, const char *function, int pmu)
{
	struct perf_event_attr attr = {
		.size = sizeof(attr), .type = pmu, .kprobe_func = (u64)(unsigned long)function,
	};
	int fd = syscall(SYS_perf_event_open, &attr, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (ioctl(fd, PERF_EVENT_IOC_SET_BPF, program) || ioctl(fd, PERF_EVENT_IOC_ENABLE, 0)) {
		close(fd);
		return -errno;
	}
	return fd;
}

static int attach_copy(struct attachment *a, size_t number, int pmu)
{
	int program = load_copy(a, number), link;

	if (program < 0)
		return program;
	link = a->way == WAY_FENTRY ? bpf_raw_tracepoint_open(NULL, program)
				    : attach_kprobe(program, a->functions[number].name, pmu);
	close(program);
	return link;
}

static int attach_each(struct attachment *a)
{
	int pmu = kprobe_pmu();
	bool terminal = isatty(STDERR_FILENO);
	size_t attached = 0;

	for (size_t i = 0; i < a->function_count; i++) {
		a->links[i] = attach_copy(a, i, pmu);
		attached += a->links[i] >= 0;
		if (terminal)
			fprintf(stderr, "\rattaching: %zu of %zu functions", i + 1, a->function_count);
	}
	if (terminal)
		fprintf(stderr, "\r\033[K");
	a->functions_refused += a->function_count - attached;
	return attached ? 0 : refuse(a, -EINVAL, "no function could be attached to");
}

int many_attach(struct attachment *a)
{
	int err;

	a->links = malloc(a->function_count * sizeof(int));
	if (!a->links)
		return refuse(a, -ENOMEM, "out of memory");
	for (size_t i = 0; i < a->function_count; i++)
		a->links[i] = -1;
	err = many_copies(a) ? attach_each(a) : attach_multi(a);
	if (!err && a->functions_refused)
		say("%zu functions match but cannot be probed", a->functions_refused);
	return err;
}

void many_stop(struct attachment *a)
{
	for (size_t i = 0; a->links && i < a->function_count; i++)
		if (a->links[i] >= 0)
			close(a->links[i]);
	free(a->links);
	free(a->programs);
	a->links = a->programs = NULL;
}
