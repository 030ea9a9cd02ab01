// SPDX-License-Identifier: GPL-2.0-only
/* kprobe.c - a single kprobe: are there any, make one, does one fire. */
#include <bpf/bpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "kernel.h"

#define EVENT_SOURCES "/sys/bus/event_source/devices"

int kprobe_type(void)
{
	return number_in(EVENT_SOURCES "/kprobe/type");
}

const char *without_kprobes(void)
{
	if (!access(EVENT_SOURCES "/kprobe", F_OK))
		return NULL;
	return access(EVENT_SOURCES, F_OK) ? "kprobes are asked for in " EVENT_SOURCES ", which is not here" :
		"this kernel is built without kprobes (CONFIG_KPROBE_EVENTS)";
}

int kprobe_attach(int program, const char *function, int type)
{
	struct perf_event_attr attr = {
		.size = sizeof(attr), .type = type, .kprobe_func = (u64)(unsigned long)function,
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

/* A program that sets the one value of a map to 1. */
static int load_marker(int map)
{
	const struct bpf_insn insns[] = {
		{ .code = BPF_ST | BPF_MEM | BPF_W, .dst_reg = BPF_REG_10, .off = -4, .imm = 0 },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = BPF_REG_2, .src_reg = BPF_REG_10 },
		{ .code = BPF_ALU64 | BPF_ADD | BPF_K, .dst_reg = BPF_REG_2, .imm = -4 },
		{ .code = BPF_LD | BPF_IMM | BPF_DW, .dst_reg = BPF_REG_1, .src_reg = BPF_PSEUDO_MAP_FD, .imm = map },
		{},
		{ .code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_map_lookup_elem },
		{ .code = BPF_JMP | BPF_JEQ | BPF_K, .dst_reg = BPF_REG_0, .off = 1, .imm = 0 },
		{ .code = BPF_ST | BPF_MEM | BPF_W, .dst_reg = BPF_REG_0, .imm = 1 },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};

	return bpf_prog_load(BPF_PROG_TYPE_KPROBE, "marker", "GPL", insns, sizeof(insns) / sizeof(*insns), NULL);
}

bool kprobe_fires(void)
{
	int map = bpf_map_create(BPF_MAP_TYPE_ARRAY, "marker", sizeof(u32), sizeof(u32), 1, NULL);
	int program = map < 0 ? -1 : load_marker(map), link = -1;
	u32 place = 0, marked = 0;
	char names[2][128];

	syscall_function("SYSCALL_getppid", names);
	if (program >= 0)
		link = kprobe_attach(program, names[0], kprobe_type());
	syscall(SYS_getppid);
	if (link >= 0)
		bpf_map_lookup_elem(map, &place, &marked);
	if (link >= 0)
		close(link);
	if (program >= 0)
		close(program);
	if (map >= 0)
		close(map);
	return marked || link < 0;	/* what cannot be tried is not known to be silent */
}
