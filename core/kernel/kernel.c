// SPDX-License-Identifier: GPL-2.0-only
/* kernel.c - the kernel's type information. */
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "kernel.h"
#include "types.h"

#define BTF_DIRECTORY "/sys/kernel/btf"

static struct types *vmlinux, *given;	/* the kernel's own; from a file */
static int *module_fds;
static size_t module_count;

/*
 * The kernel's handle for its own BTF ("vmlinux", which is the first) or a module's; or -errno. Only CAP_SYS_ADMIN gets one
 * (BPF_BTF_GET_FD_BY_ID, kernel/bpf/syscall.c), and without it no program is attached to a module's functions.
 */
static int btf_of(const char *name)
{
	u32 id = 0;
	int err;

	while (!(err = bpf_btf_get_next_id(id, &id))) {
		char found[64] = "";
		struct bpf_btf_info info = { .name = (u64)(unsigned long)found, .name_len = sizeof(found) };
		u32 size = sizeof(info);
		int fd = bpf_btf_get_fd_by_id(id);

		if (fd < 0 && (is_scarce(-fd) || is_denied(-fd)))
			return fd;
		if (fd < 0)
			continue;
		if (!bpf_obj_get_info_by_fd(fd, &info, &size) && info.kernel_btf && !strcmp(found, name))
			return fd;
		close(fd);
	}
	return err;
}

const struct types *kernel_types(const char *file)
{
	int fd;

	if (file)
		return given ? given : (given = types_of_file(file));
	if (vmlinux || (vmlinux = types_of_mapping(BTF_DIRECTORY "/vmlinux")))
		return vmlinux;
	fd = btf_of("vmlinux");
	if (fd >= 0) {
		vmlinux = types_of_kernel(fd, NULL);
		close(fd);
	}
	return vmlinux ? vmlinux : (vmlinux = types_of_file(BTF_DIRECTORY "/vmlinux"));
}

void kernel_types_free(void)
{
	types_close(vmlinux);
	types_close(given);
	vmlinux = given = NULL;
}

void kernel_modules_free(void)
{
	while (module_count)
		close(module_fds[--module_count]);
	free(module_fds);
	module_fds = NULL;
}

const struct bpf_insn bpf_nothing[2] = {
	{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0 },
	{ .code = BPF_JMP | BPF_EXIT },
};

bool support_kfunc(void)
{
	const struct types *types = kernel_types(NULL);
	LIBBPF_OPTS(bpf_prog_load_opts, options, .expected_attach_type = BPF_TRACE_FENTRY);
	int program, link;

	if (!types)
		return false;
	options.attach_btf_id = types_find(types, "vfs_read", BTF_KIND_FUNC);
	program = bpf_prog_load(BPF_PROG_TYPE_TRACING, "support_kfunc", "GPL", bpf_nothing, 2, &options);
	if (program < 0)
		return false;
	link = bpf_raw_tracepoint_open(NULL, program);
	close(program);
	if (link >= 0)
		close(link);
	return link >= 0;
}

int kernel_struct_has_field(const struct types *types, const char *type, const char *field)
{
	u32 id = types ? types_find(types, type, BTF_KIND_STRUCT) : 0;
	const struct btf_type *t;

	if (!id)
		return -1;
	t = types_get(types, id);
	for (int i = 0; i < btf_vlen(t); i++)
		if (!strcmp(types_name(types, btf_members(t)[i].name_off), field))
			return 1;
	return 0;
}

static const struct btf_type *prototype(const struct types *types, const char *function)
{
	bool tracepoint = !strncmp(function, "btf_trace_", strlen("btf_trace_"));
	u32 id = types_find(types, function, tracepoint ? BTF_KIND_TYPEDEF : BTF_KIND_FUNC);
	const struct btf_type *t = types_get(types, types_get(types, id)->type);

	return tracepoint && btf_is_ptr(t) ? types_get(types, t->type) : t;
}

int kernel_parameter(const struct types *types, const char *function, const char *type)
{
	const struct btf_type *proto = prototype(types, function);
	/* tracepoints have a `void *` of their own first, which programs do not get to see */
	int skip = !strncmp(function, "btf_trace_", strlen("btf_trace_"));

	if (!btf_is_func_proto(proto))
		return -1;
	for (int i = skip; i < btf_vlen(proto); i++) {
		const struct btf_type *t = types_get(types, btf_params(proto)[i].type);

		if (!btf_is_ptr(t))
			continue;
		t = types_get(types, t->type);
		if (btf_is_struct(t) && !strcmp(types_name(types, t->name_off), type))
			return i - skip;
	}
	return -1;
}

/* WRITE_ZEROES: WriteZeroes */
static void camel_case(char *dst, const char *src)
{
	bool word = true;

	for (; *src; src++) {
		if (*src != '_')
			*dst++ = word ? *src : tolower((unsigned char)*src);
		word = *src == '_';
	}
	*dst = '\0';
}

/* Length of what the names of all enumerators begin with. */
static size_t common_prefix(const struct types *types, const struct btf_type *t)
{
	const char *first = types_name(types, btf_enum(t)->name_off);
	size_t length = strlen(first);

	for (int i = 1; i < btf_vlen(t); i++) {
		const char *name = types_name(types, btf_enum(t)[i].name_off);
		size_t same = 0;

		while (same < length && name[same] == first[same])
			same++;
		length = same;
	}
	return length;
}

struct name *kernel_enum_names(const struct types *types, const char *type, bool bits)
{
	u32 id = types ? types_find(types, type, BTF_KIND_ENUM) : 0;
	const struct btf_type *t;
	struct name *names;
	size_t prefix, count = 0, room;
	char *text;

	if (!id)
		return NULL;
	t = types_get(types, id);
	prefix = common_prefix(types, t);
	room = (btf_vlen(t) + 1) * sizeof(*names);
	names = calloc(1, room + btf_vlen(t) * 64);	/* the names' text lies behind the table */
	for (int i = 0; names && i < btf_vlen(t); i++) {
		const struct btf_enum *value = &btf_enum(t)[i];
		const char *name = types_name(types, value->name_off) + prefix;

		/* LAST and NR_BITS end the lists, they name nothing */
		if (!strcmp(name, "LAST") || !strcmp(name, "NR_BITS") || strlen(name) > 63)
			continue;
		text = (char *)names + room + count * 64;
		camel_case(text, name);
		names[count++] = (struct name){ bits ? 1ULL << value->val : (u64)value->val, text };
	}
	return names;
}

/* One pass for all targets still to be found. Returns how many are left. */
static size_t find_in(const struct types *types, struct btf_target *targets, size_t count, int module_fd)
{
	struct name_heads heads = {};
	size_t left = 0;

	for (size_t i = 0; i < count; i++)
		if (!targets[i].id && targets[i].function[0]) {
			heads_add(&heads, targets[i].function);
			left++;
		}
	for (u32 id = 0; left && (id = types_next(types, id, &heads)); ) {
		const struct btf_type *t = types_get(types, id);
		const char *name = types_name(types, t->name_off);

		if (!btf_is_func(t) && !btf_is_typedef(t))
			continue;
		for (size_t i = 0; i < count; i++) {
			if (targets[i].id || strcmp(targets[i].function, name))
				continue;
			targets[i].id = id;
			targets[i].module_fd = module_fd;
			left--;
		}
	}
	return left;
}

/* How many are left, or -errno: all are. */
static int find_in_module(const struct types *base, const char *module, struct btf_target *targets, size_t count)
{
	int *fds = realloc(module_fds, (module_count + 1) * sizeof(*fds)), fd, left;
	struct types *types;

	if (!fds)
		return -ENOMEM;
	module_fds = fds;
	fd = btf_of(module);
	if (fd < 0)
		return fd;
	module_fds[module_count++] = fd;
	types = types_of_kernel(fd, base);
	left = types ? (int)find_in(types, targets, count, fd) : -errno;
	types_close(types);
	return left;
}

/* What does not say that something is not there. */
static int only_serious(int err)
{
	return err < 0 && (is_scarce(-err) || is_denied(-err)) ? err : 0;
}

int kernel_find_in(const struct types *types, const char *module, struct btf_target *targets, size_t count)
{
	if (module)
		return only_serious(find_in_module(types, module, targets, count));
	find_in(types, targets, count, 0);
	return 0;
}

int kernel_find(const struct types *types, struct btf_target *targets, size_t count, const char *module)
{
	struct dirent *entry;
	int left = -ENOENT, err = 0;
	char path[300];
	DIR *directory;

	snprintf(path, sizeof(path), BTF_DIRECTORY "/%s", module ? module : "");
	if (module && (!access(path, R_OK) || access(BTF_DIRECTORY, R_OK)))
		err = left = find_in_module(types, module, targets, count);
	if (left)
		left = find_in(types, targets, count, 0);
	directory = module && left ? opendir(BTF_DIRECTORY) : NULL;
	while (left && directory && (entry = readdir(directory)))
		if (entry->d_name[0] != '.' && strcmp(entry->d_name, "vmlinux") && strcmp(entry->d_name, module) &&
		    !strncmp(entry->d_name, module, strlen(module))) {	/* nfsv4 and its like beside nfs */
			left = find_in_module(types, entry->d_name, targets, count);
			err = left < 0 ? left : err;
		}
	if (directory)
		closedir(directory);
	return left ? only_serious(err) : 0;
}

void syscall_function(const char *name, char names[2][128])
{
#if defined(__x86_64__)
	static const char *const prefixes[2][2] = { { "__x64_sys_" }, { "__ia32_compat_sys_", "__ia32_sys_" } };
#elif defined(__aarch64__)
	/* where 32-bit programs have no function of their own, they come to the others', with their arguments in the same places */
	static const char *const prefixes[2][2] = { { "__arm64_sys_" }, { "__arm64_compat_sys_" } };
#else
#error "name the entry functions of system calls of this architecture, and their registers in probes/"
#endif
	static const char *const ours[] = { "SYSCALL_", "COMPAT_" };

	names[0][0] = names[1][0] = '\0';
	for (int i = 0; i < 2; i++) {
		size_t length = strlen(ours[i]);

		if (strncmp(name, ours[i], length))
			continue;
		for (int j = 0; j < 2 && prefixes[i][j]; j++)
			snprintf(names[j], 128, "%s%s", prefixes[i][j], name + length);
		return;
	}
	snprintf(names[0], 128, "%s", name);
}
