// SPDX-License-Identifier: GPL-2.0-only
/*
 * kernel-types - compare probes/lib/kernel.h with the running kernel. The loader finds members by name, so their place may
 * differ; their size and signedness may not, or half a number would be read without a word.
 *
 *	kernel-types OBJECT     an object with one variable of each type of kernel.h
 *
 * Prints `ok TYPE.MEMBER` or `not ok ...` for each member. What only some kernels have is in types named ___flavour.
 */
#include <bpf/btf.h>
#include <stdio.h>
#include <string.h>

static const struct btf *ours, *kernels;

static const struct btf_type *skip_names(const struct btf *btf, __u32 id)
{
	const struct btf_type *t = btf__type_by_id(btf, id);

	while (btf_is_mod(t) || btf_is_typedef(t))
		t = btf__type_by_id(btf, t->type);
	return t;
}

/* A member by name, also inside members without one (d_name sits in a union since 6.14). */
static const struct btf_member *find(const struct btf_type *type, const char *name)
{
	for (int i = 0; i < btf_vlen(type); i++) {
		const struct btf_member *member = &btf_members(type)[i];
		const char *its = btf__name_by_offset(kernels, member->name_off);
		const struct btf_type *t = skip_names(kernels, member->type);

		if (!strcmp(its, name))
			return member;
		if (!*its && btf_is_composite(t)) {
			member = find(t, name);
			if (member)
				return member;
		}
	}
	return NULL;
}

/* What a load depends on: p pointer, s structure (its own members are compared), i or u number; and the size. */
static void describe(const struct btf *btf, __u32 id, char *text, size_t size)
{
	const struct btf_type *t = skip_names(btf, id);
	char kind = btf_is_ptr(t) ? 'p' : btf_is_composite(t) ? 's' : btf_is_array(t) ? 'a' :
		    btf_is_int(t) && btf_int_encoding(t) & BTF_INT_SIGNED ? 'i' : 'u';

	if (kind == 's' || kind == 'a')
		snprintf(text, size, "%c", kind);
	else
		snprintf(text, size, "%c%lld", kind, (long long)btf__resolve_size(btf, id));
}

static int compare(const struct btf_type *type, const char *name)
{
	const char *flavour = strstr(name, "___");
	char kernel_name[64], expected[16], actual[16];
	const struct btf_type *kernel;
	int id, bad = 0;

	snprintf(kernel_name, sizeof(kernel_name), "%.*s", flavour ? (int)(flavour - name) : 60, name);
	id = btf__find_by_name_kind(kernels, kernel_name, BTF_KIND_STRUCT);
	if (id < 0)
		return printf("not ok %s: the kernel has no such type\n", kernel_name), 1;
	kernel = btf__type_by_id(kernels, id);
	for (int i = 0; i < btf_vlen(type); i++) {
		const struct btf_member *member = &btf_members(type)[i];
		const char *member_name = btf__name_by_offset(ours, member->name_off);
		const struct btf_member *there = find(kernel, member_name);

		if (!there && flavour)
			continue;
		describe(ours, member->type, expected, sizeof(expected));
		if (there)
			describe(kernels, there->type, actual, sizeof(actual));
		if (there && !strcmp(expected, actual)) {
			printf("ok %s.%s %s\n", name, member_name, actual);
			continue;
		}
		printf("not ok %s.%s (expected %s, got %s)\n", name, member_name, expected, there ? actual : "nothing");
		bad = 1;
	}
	return bad;
}

int main(int argc, char **argv)
{
	int bad = 0;

	ours = argc == 2 ? btf__parse(argv[1], NULL) : NULL;
	kernels = btf__load_vmlinux_btf();
	if (!ours || !kernels)
		return fprintf(stderr, "kernel-types: cannot read the types\n"), 2;
	for (__u32 id = 1; id < btf__type_cnt(ours); id++) {
		const struct btf_type *t = btf__type_by_id(ours, id);
		const char *name = btf__name_by_offset(ours, t->name_off);

		/* pt_regs and open_how are ABI: read at fixed places, not found by name */
		if (btf_is_struct(t) && *name && strcmp(name, "pt_regs") && strcmp(name, "open_how"))
			bad |= compare(t, name);
	}
	return bad;
}
