// SPDX-License-Identifier: GPL-2.0-only
/*
 * floor - the least that a probe can cost: a program that does nothing, on vfs_read, until standard input ends.
 *
 *	floor fentry|kprobe
 */
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static const struct bpf_insn nothing[] = {
	{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0 },
	{ .code = BPF_JMP | BPF_EXIT },
};

static int by_fentry(void)
{
	LIBBPF_OPTS(bpf_prog_load_opts, options, .expected_attach_type = BPF_TRACE_FENTRY);
	struct btf *btf = btf__load_vmlinux_btf();
	int program;

	options.attach_btf_id = btf__find_by_name_kind(btf, "vfs_read", BTF_KIND_FUNC);
	btf__free(btf);
	program = bpf_prog_load(BPF_PROG_TYPE_TRACING, "floor", "GPL", nothing, 2, &options);
	return program < 0 ? -1 : bpf_raw_tracepoint_open(NULL, program);
}

static int by_kprobe(void)
{
	struct perf_event_attr attr = { .size = sizeof(attr), .kprobe_func = (unsigned long)"vfs_read" };
	FILE *file = fopen("/sys/bus/event_source/devices/kprobe/type", "re");
	LIBBPF_OPTS(bpf_prog_load_opts, options);
	int program = bpf_prog_load(BPF_PROG_TYPE_KPROBE, "floor", "GPL", nothing, 2, &options), event;

	if (!file || fscanf(file, "%u", &attr.type) != 1 || program < 0)
		return -1;
	event = syscall(SYS_perf_event_open, &attr, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);
	if (event < 0 || ioctl(event, PERF_EVENT_IOC_SET_BPF, program) || ioctl(event, PERF_EVENT_IOC_ENABLE, 0))
		return -1;
	return event;
}

int main(int argc, char **argv)
{
	int link = argc == 2 && !strcmp(argv[1], "fentry") ? by_fentry() : by_kprobe();
	char end;

	if (link < 0)
		return perror("floor"), 1;
	fputs("attached by floor\n", stderr);
	return read(STDIN_FILENO, &end, 1) < 0;
}
