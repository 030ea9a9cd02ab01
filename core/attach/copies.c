// SPDX-License-Identifier: GPL-2.0-only
/* copies.c - for many.c: the program loaded once for each function, with the function's number in it. */
#include <bpf/bpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "attach.h"
#include "fold.h"
#include "hooks.h"
#include "signals.h"

#define MANY_MARK 0x5b7f0000	/* probes/lib/many.bpf.h */

/* A copy of the loaded program that knows its function's number. */
static int load_copy(struct attachment *a, size_t number)
{
	struct bpf_program *program = a->hooks[0].program;
	size_t count = a->body_size;
	struct bpf_insn *numbered = malloc(2 * count * sizeof(*numbered)), *folded = numbered + count;
	struct frozen frozen = constants(a->object);
	LIBBPF_OPTS(bpf_prog_load_opts, options);
	int fd;

	if (!numbered)
		return -ENOMEM;
	memcpy(numbered, a->body, count * sizeof(*numbered));
	for (size_t i = 0; i < count; i++)
		if (numbered[i].code == (BPF_ALU64 | BPF_MOV | BPF_K) && numbered[i].imm == MANY_MARK)
			numbered[i].imm += number;
	if (a->way == WAY_FENTRY) {
		options.expected_attach_type = BPF_TRACE_FENTRY;
		options.attach_btf_id = a->btf_ids[number];
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

/* A link, which knows what was missed; before 5.15 the perf event itself. Closing it detaches, as our death does. */
static int attach_kprobe(int program, const char *function, int pmu)
{
	struct perf_event_attr attr = {
		.size = sizeof(attr), .type = pmu, .kprobe_func = (u64)(unsigned long)function,
	};
	int fd = syscall(SYS_perf_event_open, &attr, -1, 0, -1, PERF_FLAG_FD_CLOEXEC), link;

	if (fd < 0)
		return -errno;
	link = bpf_link_create(program, fd, BPF_PERF_EVENT, NULL);
	if (link >= 0 && !ioctl(fd, PERF_EVENT_IOC_ENABLE, 0)) {
		close(fd);	/* the link has it */
		return link;
	}
	if (link >= 0)
		close(link);
	if (ioctl(fd, PERF_EVENT_IOC_SET_BPF, program) || ioctl(fd, PERF_EVENT_IOC_ENABLE, 0)) {
		close(fd);
		return -errno;
	}
	return fd;
}

static int attach_copy(struct attachment *a, size_t number, int pmu)
{
	int program = load_copy(a, number);

	a->programs[number] = program;
	if (program < 0)
		return program;
	return a->way == WAY_FENTRY ? bpf_raw_tracepoint_open(NULL, program)
				    : attach_kprobe(program, a->functions[number].name, pmu);
}

/* Each copy takes two file descriptors: of the program, which counts what it missed, and of its link. */
static void allow_files(void)
{
	struct rlimit limit;

	if (!getrlimit(RLIMIT_NOFILE, &limit)) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

int copies_attach(struct attachment *a)
{
	int pmu = kprobe_pmu();
	bool terminal = isatty(STDERR_FILENO);
	size_t attached = 0;

	allow_files();
	for (size_t i = 0; i < a->function_count && !signals_asked(); i++) {
		a->links[i] = attach_copy(a, i, pmu);
		attached += a->links[i] >= 0;
		if (terminal)
			fprintf(stderr, "\rattaching: %zu of %zu functions", i + 1, a->function_count);
	}
	if (terminal)
		fprintf(stderr, "\r\033[K");
	a->functions_refused += a->function_count - attached;
	if (signals_asked())
		return refuse(a, -EINTR, "interrupted");
	return attached ? 0 : refuse(a, -EINVAL, "no function could be attached to");
}
