// SPDX-License-Identifier: GPL-2.0-only
/*
 * linux54.c - bpf(2) of Linux 5.4: its include/uapi/linux/bpf.h ends where the newer names here begin. Made in two ways:
 * into a program, whose kernel it is; and, ON_A_KERNEL, into a library for LD_PRELOAD, which keeps from a newer kernel what
 * 5.4 does not know and asks it the rest (tests/tools/old-kernel.sh).
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "linux54.h"

bool has_helper(int number)
{
	/* those of kprobes and raw tracepoints: kernel/trace/bpf_trace.c, tracing_func_proto() and what calls it */
	static const unsigned char helpers[] = {
		1, 2, 3, 4, 5, 6, 7, 8, 12, 14, 15, 16, 22, 25, 27, 35, 36, 37, 42, 45, 55, 67, 80, 87, 88, 89, 109,
	};

	return number > 0 && number < 256 && memchr(helpers, number, sizeof(helpers));
}

#ifdef ON_A_KERNEL

/* No need to go its ways: that kernel does. */
const char *walk(const struct bpf_insn *insns, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (insns[i].code == (BPF_JMP | BPF_CALL) && insns[i].src_reg != BPF_PSEUDO_CALL &&
		    (insns[i].src_reg || !has_helper(insns[i].imm)))
			return "unknown func";
		if ((insns[i].code & ~BPF_DW) == (BPF_STX | BPF_ATOMIC) && insns[i].imm != BPF_ADD)
			return "unknown opcode";
	}
	return NULL;
}

#endif

static int refuses(int command, const union bpf_attr *attr)
{
	const char *why = NULL;

	if (command == BPF_MAP_CREATE && (attr->map_type >= BPF_MAP_TYPE_STRUCT_OPS || attr->map_flags >= BPF_F_MMAPABLE))
		return EINVAL;
	if (command == BPF_PROG_LOAD)
		why = attr->prog_type >= BPF_PROG_TYPE_TRACING || attr->attach_btf_id ? "a kind of program that there is not" :
		      walk((void *)(uintptr_t)attr->insns, attr->insn_cnt);
	if (why)
		fprintf(stderr, "Linux 5.4 refuses \"%.16s\", %u instructions: %s\n", attr->prog_name, attr->insn_cnt, why);
	return why || command > BPF_BTF_GET_NEXT_ID ? EINVAL : 0;
}

#ifdef ON_A_KERNEL

long syscall(long number, ...)
{
	static long (*next)(long number, ...);
	va_list args;
	long a[6];
	int err;

	va_start(args, number);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(args, long);
	va_end(args);
	err = number == SYS_bpf ? refuses((int)a[0], (const union bpf_attr *)a[1]) : 0;
	if (err) {
		errno = err;
		return -1;
	}
	if (!next)
		next = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
	return next(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

#else

#define FILES 1024

static struct bpf_map_info maps[FILES];	/* by descriptor */

/* An open file that is nothing else. */
static int new_file(void)
{
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (fd >= 0 && fd < FILES)
		maps[fd] = (struct bpf_map_info){};
	return fd;
}

static int refused(int err)
{
	errno = err;
	return -1;
}

static int make_map(__u32 type, __u32 key_size, __u32 value_size)
{
	int fd = new_file();

	if (fd >= 0 && fd < FILES)
		maps[fd] = (struct bpf_map_info){ .type = type, .key_size = key_size, .value_size = value_size, .max_entries = 1024 };
	return fd;
}

static int get_info(const union bpf_attr *attr)
{
	__u32 size = attr->info.info_len < sizeof(*maps) ? attr->info.info_len : sizeof(*maps);

	if (attr->info.bpf_fd >= FILES)
		return refused(EBADF);
	memset((void *)(uintptr_t)attr->info.info, 0, attr->info.info_len);
	memcpy((void *)(uintptr_t)attr->info.info, &maps[attr->info.bpf_fd], size);
	return 0;
}

static int answer(int command, const union bpf_attr *attr)
{
	int err = refuses(command, attr);

	if (err)
		return refused(err);
	switch (command) {
	case BPF_MAP_CREATE:
		return make_map(attr->map_type, attr->key_size, attr->value_size);
	case BPF_OBJ_GET:	/* what is pinned are maps of cgroups or the like */
		return make_map(BPF_MAP_TYPE_HASH, sizeof(__u64), sizeof(__u32));
	case BPF_PROG_LOAD:
	case BPF_BTF_LOAD:
		return new_file();
	case BPF_OBJ_GET_INFO_BY_FD:
		return get_info(attr);
	case BPF_MAP_UPDATE_ELEM:
	case BPF_MAP_FREEZE:
		return 0;
	case BPF_MAP_LOOKUP_ELEM:
	case BPF_MAP_GET_NEXT_KEY:
	case BPF_BTF_GET_NEXT_ID:
		return refused(ENOENT);
	default:	/* not for what is done here */
		return refused(EINVAL);
	}
}

long syscall(long number, ...)
{
	va_list args;
	long first, second;

	va_start(args, number);
	first = va_arg(args, long);
	second = va_arg(args, long);
	va_end(args);
	if (number == SYS_bpf)
		return answer((int)first, (const union bpf_attr *)second);
	return number == SYS_perf_event_open ? new_file() : refused(ENOSYS);
}

int ioctl(int fd, unsigned long request, ...)
{
	(void)fd;
	(void)request;
	return 0;
}

#endif
