// SPDX-License-Identifier: GPL-2.0-only
/* copies.c - for many.c: the program loaded once for each function, with the function's number in it. */
#include <bpf/bpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "attach.h"
#include "fold.h"
#include "hooks.h"
#include "kernel/kernel.h"
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
		options.attach_btf_obj_fd = a->btf_objects[number];
	}
	count = fold(numbered, folded, count, &frozen);
	fd = count ? bpf_prog_load(bpf_program__type(program), "many", "GPL", folded, count, &options) : -ENOMEM;
	free(numbered);
	return fd == -EACCES ? -EINVAL : fd;	/* the verifier's */
}

static int attach_copy(struct attachment *a, size_t number, int pmu)
{
	int program = load_copy(a, number);

	a->programs[number] = program;
	if (program < 0)
		return program;
	return a->way == WAY_FENTRY ? bpf_raw_tracepoint_open(NULL, program)
				    : kprobe_attach(program, a->functions[number].name, pmu);
}

/* What is said of one function is not the end; what is said of us is. */
int copies_attach(struct attachment *a)
{
	int pmu = kprobe_type(), err = 0;
	bool terminal = isatty(STDERR_FILENO);
	size_t number = 0;

	if (a->way == WAY_KPROBE && pmu < 0 && without_kprobes())
		return refuse(a, -EOPNOTSUPP, "%s", without_kprobes());
	for (; number < a->function_count && !is_scarce(-err) && !is_denied(-err) && !signals_asked(); number++) {
		err = a->links[number] = attach_copy(a, number, pmu);
		a->functions_attached += err >= 0;
		if (terminal)
			fprintf(stderr, "\rattaching: %zu of %zu functions", number + 1, a->function_count);
	}
	if (terminal)
		fprintf(stderr, "\r\033[K");
	if (signals_asked())
		return refuse(a, -EINTR, "interrupted");
	if (is_scarce(-err) || is_denied(-err))
		return refuse(a, err, "cannot attach to %s: %s", a->functions[number - 1].name, kernel_refusal(-err));
	return 0;
}
