// SPDX-License-Identifier: GPL-2.0-only
/* linux54.c - bpf(2) of Linux 5.4: its include/uapi/linux/bpf.h ends where the newer names here begin. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "linux54.h"

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

static int load(const union bpf_attr *attr)
{
	const char *why = walk((void *)(uintptr_t)attr->insns, attr->insn_cnt);

	if (attr->prog_type >= BPF_PROG_TYPE_TRACING || attr->attach_btf_id)
		why = "a kind of program that there is not";
	if (!why)
		return new_file();
	fprintf(stderr, "Linux 5.4 refuses \"%.16s\", %u instructions: %s\n", attr->prog_name, attr->insn_cnt, why);
	return refused(EINVAL);
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
	switch (command) {
	case BPF_MAP_CREATE:
		if (attr->map_type >= BPF_MAP_TYPE_STRUCT_OPS || attr->map_flags >= BPF_F_MMAPABLE)
			return refused(EINVAL);
		return make_map(attr->map_type, attr->key_size, attr->value_size);
	case BPF_PROG_LOAD:
		return load(attr);
	case BPF_OBJ_GET:	/* what is pinned are maps of cgroups or the like */
		return make_map(BPF_MAP_TYPE_HASH, sizeof(__u64), sizeof(__u32));
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
	default:	/* newer, or not for what is done here */
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
