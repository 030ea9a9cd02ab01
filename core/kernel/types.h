/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * types.h - the kernel's type information (BTF) as it lies in its file: read once, indexed, searched in one pass.
 * libbpf would unpack all of it, once for us and once more for itself, which is half of what a tool's start costs.
 */
#pragma once

#include <linux/btf.h>
#include <stdbool.h>
#include <stddef.h>
#include "shared.h"

struct btf;

struct types {
	char *data;		/* all of it */
	size_t size;
	bool mapped;		/* it is the kernel's */
	const char *records, *strings;
	u32 records_size, strings_size;
	u32 *at;		/* where each type begins in records */
	u32 first, end;		/* ids of its own types */
	const struct types *base;	/* of a module: the kernel's, whose ids and strings come before its own */
};

/*
 * From a file like /sys/kernel/btf/vmlinux, or any object with a .BTF section; or from a BTF object of the kernel, which
 * costs a third of that: files there are handed out by the page. NULL and errno: it cannot be read; EINVAL: it holds no
 * type information, or of a kind we do not know. base: the kernel's, for a module's (else NULL); it must outlive it.
 */
struct types *types_of_file(const char *path);
struct types *types_of_mapping(const char *path);	/* NULL as well where the kernel lets nobody map it (before 6.16) */
struct types *types_of_kernel(int btf_fd, const struct types *base);
void types_close(struct types *types);

/* Never NULL: of an id or an offset that is none, `void` and "". */
const struct btf_type *types_get(const struct types *types, u32 id);
const char *types_name(const struct types *types, u32 offset);

/* Names to look for, by their first four bytes: nearly all others differ in these. Zeroed: none. */
struct name_heads {
	u64 bits[64];
};
void heads_add(struct name_heads *heads, const char *name);

/* The next of its own structs, unions, enums, functions and typedefs whose name may be one of those; 0: no more. */
u32 types_next(const struct types *types, u32 after, const struct name_heads *heads);
u32 types_find(const struct types *types, const char *name, u32 kind);	/* BTF_KIND_...; 0: there is none */

/*
 * As much as it takes to relocate the accesses of a BPF object: the structs, unions and enums that it names, with those
 * members that it names; written to fd, as BTF. Returns 0 or -errno. Types that only a module has are not among them:
 * no probe reads one yet.
 */
int types_excerpt(const struct types *types, const struct btf *object, int fd);
