// SPDX-License-Identifier: GPL-2.0-only
/* types.c - read, index and search type information. */
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "types.h"

static int read_all(int fd, char *data, size_t size)
{
	while (size) {
		ssize_t got = read(fd, data, size);

		if (got <= 0)
			return got ? -errno : -EINVAL;
		data += got;
		size -= got;
	}
	return 0;
}

static int load_file(struct types *types, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), err = 0;
	struct stat st;

	if (fd < 0 || fstat(fd, &st)) {
		err = -errno;
	} else {
		types->size = st.st_size;
		types->data = malloc(types->size + 1);
		err = types->data ? read_all(fd, types->data, types->size) : -ENOMEM;
	}
	if (fd >= 0)
		close(fd);
	return err;
}

/* The kernel's own, without a copy: since 6.16 (a539e2a6d51d). */
static int map_file(struct types *types, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), err = -ENODEV;
	struct stat st;

	if (fd >= 0 && !fstat(fd, &st)) {
		void *data = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);

		if (data != MAP_FAILED) {
			types->data = data;
			types->size = st.st_size;
			types->mapped = true;
			err = 0;
		}
	}
	if (fd >= 0)
		close(fd);
	return err;
}

static int load_object(struct types *types, int fd)
{
	struct bpf_btf_info info = {};
	u32 size = sizeof(info);

	if (bpf_obj_get_info_by_fd(fd, &info, &size))
		return -errno;
	types->size = info.btf_size;
	types->data = malloc(types->size + 1);
	if (!types->data)
		return -ENOMEM;
	info = (struct bpf_btf_info){ .btf = (u64)(unsigned long)types->data, .btf_size = types->size };
	size = sizeof(info);
	return bpf_obj_get_info_by_fd(fd, &info, &size) ? -errno : 0;
}

/* Out of an ELF file: libbpf finds it there. */
static int load_section(struct types *types, const char *path)
{
	struct btf *btf = btf__parse(path, NULL);
	const void *raw;
	u32 size;

	if (!btf)
		return -EINVAL;
	free(types->data);
	raw = btf__raw_data(btf, &size);
	types->size = size;
	types->data = raw ? malloc(size) : NULL;
	if (types->data)
		memcpy(types->data, raw, size);
	btf__free(btf);
	return types->data ? 0 : -ENOMEM;
}

static int find_sections(struct types *types)
{
	const struct btf_header *head = (void *)types->data;
	u64 room;

	if (types->size < sizeof(*head) || head->magic != BTF_MAGIC || head->hdr_len > types->size)
		return -EINVAL;
	room = types->size - head->hdr_len;
	if ((u64)head->type_off + head->type_len > room || (u64)head->str_off + head->str_len > room ||
	    !head->str_len || types->data[head->hdr_len + head->str_off + head->str_len - 1])
		return -EINVAL;
	types->records = types->data + head->hdr_len + head->type_off;
	types->records_size = head->type_len;
	types->strings = types->data + head->hdr_len + head->str_off;
	types->strings_size = head->str_len;
	return 0;
}

/* Bytes of a type with all that follows it; 0: a kind that did not exist when this was written. */
static u32 record_size(const struct btf_type *t)
{
	static const struct {
		u8 fixed, each;
	} sizes[] = {
		[BTF_KIND_INT] = { 12 + 4, 0 },		[BTF_KIND_PTR] = { 12, 0 },
		[BTF_KIND_ARRAY] = { 12 + 12, 0 },	[BTF_KIND_STRUCT] = { 12, 12 },
		[BTF_KIND_UNION] = { 12, 12 },		[BTF_KIND_ENUM] = { 12, 8 },
		[BTF_KIND_FWD] = { 12, 0 },		[BTF_KIND_TYPEDEF] = { 12, 0 },
		[BTF_KIND_VOLATILE] = { 12, 0 },	[BTF_KIND_CONST] = { 12, 0 },
		[BTF_KIND_RESTRICT] = { 12, 0 },	[BTF_KIND_FUNC] = { 12, 0 },
		[BTF_KIND_FUNC_PROTO] = { 12, 8 },	[BTF_KIND_VAR] = { 12 + 4, 0 },
		[BTF_KIND_DATASEC] = { 12, 12 },	[BTF_KIND_FLOAT] = { 12, 0 },
		[BTF_KIND_DECL_TAG] = { 12 + 4, 0 },	[BTF_KIND_TYPE_TAG] = { 12, 0 },
		[BTF_KIND_ENUM64] = { 12, 12 },
	};
	u32 kind = btf_kind(t);

	/* of a function it is the linkage */
	return kind < sizeof(sizes) / sizeof(*sizes) ? sizes[kind].fixed + sizes[kind].each * btf_vlen(t) : 0;
}

static int make_index(struct types *types)
{
	u32 at = 0, size;

	types->first = types->end = types->base ? types->base->end : 1;
	types->at = malloc((types->records_size / sizeof(struct btf_type) + 1) * sizeof(*types->at));
	if (!types->at)
		return -ENOMEM;
	for (; at < types->records_size; at += size) {
		const struct btf_type *t = (void *)(types->records + at);

		if (types->records_size - at < sizeof(*t))
			return -EINVAL;
		size = record_size(t);
		if (!size || size > types->records_size - at)
			return -EINVAL;
		types->at[types->end++ - types->first] = at;
	}
	return 0;
}

static struct types *done(struct types *types, int err)
{
	if (!err)
		return types;
	types_close(types);
	errno = -err;
	return NULL;
}

struct types *types_of_file(const char *path)
{
	struct types *types = calloc(1, sizeof(*types));
	int err = types ? load_file(types, path) : -ENOMEM;

	if (!err && find_sections(types)) {
		err = load_section(types, path);
		err = err ? err : find_sections(types);
	}
	return done(types, err ? err : make_index(types));
}

struct types *types_of_mapping(const char *path)
{
	struct types *types = calloc(1, sizeof(*types));
	int err = types ? map_file(types, path) : -ENOMEM;

	err = err ? err : find_sections(types);
	return done(types, err ? err : make_index(types));
}

struct types *types_of_kernel(int btf_fd, const struct types *base)
{
	struct types *types = calloc(1, sizeof(*types));
	int err = types ? load_object(types, btf_fd) : -ENOMEM;

	if (types)
		types->base = base;
	err = err ? err : find_sections(types);
	return done(types, err ? err : make_index(types));
}

void types_close(struct types *types)
{
	if (!types)
		return;
	if (types->mapped)
		munmap(types->data, types->size);
	else
		free(types->data);
	free(types->at);
	free(types);
}

const struct btf_type *types_get(const struct types *types, u32 id)
{
	static const struct btf_type none;

	if (types->base && id < types->first)
		types = types->base;
	if (id < types->first || id >= types->end)
		return &none;
	return (void *)(types->records + types->at[id - types->first]);
}

const char *types_name(const struct types *types, u32 offset)
{
	u32 before = types->base ? types->base->strings_size : 0;

	if (offset < before)
		return types->base->strings + offset;
	return offset - before < types->strings_size ? types->strings + offset - before : "";
}

static u32 head_of(const char *name)
{
	u32 head;

	memcpy(&head, name, sizeof(head));
	return (head * 2654435761u) >> 20;	/* twelve bits: Knuth's multiplicative hash */
}

void heads_add(struct name_heads *heads, const char *name)
{
	if (strlen(name) + 1 < sizeof(u32))	/* what follows it in memory is not of the name */
		memset(heads, 0xff, sizeof(*heads));
	else
		heads->bits[head_of(name) / 64] |= 1ULL << head_of(name) % 64;
}

u32 types_next(const struct types *types, u32 after, const struct name_heads *heads)
{
	const u32 kinds = 1 << BTF_KIND_STRUCT | 1 << BTF_KIND_UNION | 1 << BTF_KIND_ENUM | 1 << BTF_KIND_ENUM64 |
			  1 << BTF_KIND_FUNC | 1 << BTF_KIND_TYPEDEF;
	u32 before = types->base ? types->base->strings_size : 0;

	for (u32 id = after < types->first ? types->first : after + 1; id < types->end; id++) {
		const struct btf_type *t = (void *)(types->records + types->at[id - types->first]);
		const char *name;
		u32 head;

		if (!(kinds >> btf_kind(t) & 1) || !t->name_off)
			continue;
		if (t->name_off < before || t->name_off - before + sizeof(u32) > types->strings_size)
			return id;	/* among the strings of the base, or short: look at it closely */
		name = types->strings + t->name_off - before;
		head = head_of(name);
		if (heads->bits[head / 64] >> head % 64 & 1)
			return id;
	}
	return 0;
}

u32 types_find(const struct types *types, const char *name, u32 kind)
{
	struct name_heads heads = {};
	u32 id = 0;

	heads_add(&heads, name);
	while ((id = types_next(types, id, &heads))) {
		const struct btf_type *t = types_get(types, id);

		if (btf_kind(t) == kind && !strcmp(types_name(types, t->name_off), name))
			return id;
	}
	return 0;
}
