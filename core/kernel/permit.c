// SPDX-License-Identifier: GPL-2.0-only
/* permit.c - what this user may; and of what the kernel refused, the cause, and what to grant. */
#include <errno.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "fail.h"
#include "kernel.h"
#include "types.h"

#define CAP(n) (1ULL << (n))

/* Not from /proc/self/status: no file may be left to open. */
static bool held(u64 wanted)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {};

	return !syscall(SYS_capget, &head, data) && !(wanted & ~(data[0].effective | (u64)data[1].effective << 32));
}

static bool locked_down(void)
{
	FILE *file = fopen("/sys/kernel/security/lockdown", "re");
	char line[256];
	bool locked = file && fgets(line, sizeof(line), file) && strstr(line, "[confidentiality]");

	if (file)
		fclose(file);
	return locked;
}

int may_trace(void)
{
	union bpf_attr nothing = { .map_fd = -1 };

	if (!held(CAP(CAP_SYS_ADMIN)) && !held(CAP(CAP_BPF) | CAP(CAP_PERFMON)))
		return fail(EXIT_NOT_PERMITTED, "not permitted: needs root, or CAP_BPF and CAP_PERFMON (CAP_SYS_ADMIN before 5.8)");
	if (locked_down())
		return fail(EXIT_NOT_PERMITTED, "not permitted: this kernel is locked down (confidentiality), it lets no BPF program read its memory");
	syscall(SYS_bpf, BPF_MAP_LOOKUP_ELEM, &nothing, sizeof(nothing));
	if (errno == ENOSYS)
		return fail(EXIT_UNSUPPORTED, "this kernel is built without BPF (CONFIG_BPF_SYSCALL)");
	if (errno == EPERM)
		return fail(EXIT_NOT_PERMITTED, "not permitted: the system call bpf is forbidden here (seccomp, or a security module)");
	return EXIT_DONE;
}

long long number_in(const char *path)
{
	FILE *file = fopen(path, "re");
	long long number = -1;

	if (file && fscanf(file, "%lld", &number) != 1)
		number = -1;
	if (file)
		fclose(file);
	return number;
}

/* Before 5.11, which brought this helper (d05512618056), maps and programs are memory that the user has locked. */
static bool memory_locked(void)
{
	const struct types *types = kernel_types(NULL);
	struct rlimit limit;

	return !held(CAP(CAP_SYS_RESOURCE)) && !getrlimit(RLIMIT_MEMLOCK, &limit) && limit.rlim_cur != RLIM_INFINITY &&
	       types && !types_find(types, "bpf_ktime_get_coarse_ns", BTF_KIND_FUNC);
}

const char *kernel_refusal(int err)
{
	static char text[256];
	const char *said = strerror(err);
	struct rlimit files;
	long long paranoid;

	if (err == EMFILE && !getrlimit(RLIMIT_NOFILE, &files))
		snprintf(text, sizeof(text), "%s: ulimit -n allows %llu", said, (unsigned long long)files.rlim_cur);
	else if (err == ENFILE)
		snprintf(text, sizeof(text), "%s: fs.file-max allows no more", said);
	else if (!is_denied(err))
		snprintf(text, sizeof(text), "%s", said);
	else if (held(CAP(CAP_SYS_ADMIN)))
		snprintf(text, sizeof(text), "%s, though with CAP_SYS_ADMIN: a security module?", said);
	else if (err == EACCES && (paranoid = number_in("/proc/sys/kernel/perf_event_paranoid")) > 2)
		snprintf(text, sizeof(text), "%s: this needs CAP_SYS_ADMIN while kernel.perf_event_paranoid is %lld, more than 2",
			 said, paranoid);
	else if (err == EPERM && memory_locked())
		snprintf(text, sizeof(text), "%s: before 5.11 this needs CAP_SYS_RESOURCE, or more locked memory (ulimit -l)", said);
	else
		snprintf(text, sizeof(text), "%s: CAP_SYS_ADMIN is missing", said);
	return text;
}
