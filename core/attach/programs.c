// SPDX-License-Identifier: GPL-2.0-only
/* programs.c - what becomes of a program just before the kernel gets it. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>
#include "attach.h"
#include "fold.h"
#include "hooks.h"

static struct attachment *loading;	/* for libbpf's callback, which gets no context of ours */

/* The copies for other functions are made of what libbpf has relocated: folded, it is that of function 0. */
static int keep_body(struct attachment *a, const struct bpf_program *program)
{
	if (!a->many_by || a->many_at_once || program != a->hooks[0].program)
		return 0;
	a->body_size = bpf_program__insn_cnt(program);
	a->body = malloc(a->body_size * sizeof(*a->body));
	if (!a->body)
		return -ENOMEM;
	memcpy(a->body, bpf_program__insns(program), a->body_size * sizeof(*a->body));
	return 0;
}

/* What the options leave of a program. libbpf's information about functions and lines does not fit that. */
static int fold_program(struct bpf_program *program, struct bpf_prog_load_opts *options,
			long cookie __attribute__((unused)))
{
	struct frozen frozen = constants(loading->object);
	size_t count = bpf_program__insn_cnt(program), left = 0;
	struct bpf_insn *insns = malloc(count * sizeof(*insns));
	int err = keep_body(loading, program);

	if (insns && !err)
		left = fold(bpf_program__insns(program), insns, count, &frozen);
	if (left) {
		err = bpf_program__set_insns(program, insns, left);
		options->func_info_cnt = options->line_info_cnt = 0;
	}
	free(insns);
	return left ? err : -ENOMEM;
}

/*
 * libbpf is about to load a program: say what it is and where it goes. All were found in one pass, libbpf would take one
 * for each; and it would unpack the kernel's type information if it knew earlier that there are tracing programs.
 */
static int set_target(struct bpf_program *program, struct bpf_prog_load_opts *options, long cookie)
{
	int err;

	for (size_t i = 0; i < loading->hook_count; i++)
		if (loading->hooks[i].program == program) {
			options->attach_btf_id = loading->hooks[i].btf_id;
			options->attach_btf_obj_fd = loading->hooks[i].module_fd;
		}
	err = bpf_program__set_type(program, BPF_PROG_TYPE_TRACING);
	return err ? err : fold_program(program, options, cookie);
}

void programs_register(struct attachment *a)
{
	static const struct {
		const char *section;
		enum bpf_prog_type program;
		enum bpf_attach_type type;
		libbpf_prog_prepare_load_fn_t prepare;
	} kinds[] = {
		{ "fentry+", BPF_PROG_TYPE_KPROBE, BPF_TRACE_FENTRY, set_target },
		{ "fexit+", BPF_PROG_TYPE_KPROBE, BPF_TRACE_FEXIT, set_target },
		{ "tp_btf+", BPF_PROG_TYPE_KPROBE, BPF_TRACE_RAW_TP, set_target },
		{ "kprobe+", BPF_PROG_TYPE_KPROBE, 0, fold_program },
		{ "kretprobe+", BPF_PROG_TYPE_KPROBE, 0, fold_program },
		{ "raw_tp+", BPF_PROG_TYPE_RAW_TRACEPOINT, 0, fold_program },
	};
	static bool done;

	loading = a;
	for (size_t i = 0; !done && i < sizeof(kinds) / sizeof(*kinds); i++) {
		LIBBPF_OPTS(libbpf_prog_handler_opts, options, .prog_prepare_load_fn = kinds[i].prepare);

		libbpf_register_prog_handler(kinds[i].section, kinds[i].program, kinds[i].type, &options);
	}
	done = true;
}
