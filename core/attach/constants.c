// SPDX-License-Identifier: GPL-2.0-only
/* constants.c - the `const volatile` variables of a probe, found by name in the object's own type information. */
#include <bpf/btf.h>
#include <string.h>
#include "attach.h"
#include "fold.h"

static struct bpf_map *rodata(struct bpf_object *object)
{
	struct bpf_map *map;

	bpf_object__for_each_map(map, object) {
		const char *name = bpf_map__name(map);
		size_t length = strlen(name);

		if (length >= 7 && !strcmp(name + length - 7, ".rodata"))
			return map;
	}
	return NULL;
}

void *constant(struct bpf_object *object, const char *name, size_t size)
{
	const struct btf *btf = bpf_object__btf(object);
	int id = btf ? btf__find_by_name_kind(btf, ".rodata", BTF_KIND_DATASEC) : -1;
	struct bpf_map *map = rodata(object);
	size_t room = 0;
	char *base = map ? (void *)bpf_map__initial_value(map, &room) : NULL;	/* const in libbpf 1.1; skeletons write to it */
	const struct btf_type *section;

	if (id < 0 || !base)
		return NULL;
	section = btf__type_by_id(btf, id);
	for (int i = 0; i < btf_vlen(section); i++) {
		const struct btf_var_secinfo *var = &btf_var_secinfos(section)[i];
		const struct btf_type *t = btf__type_by_id(btf, var->type);

		if (!strcmp(btf__name_by_offset(btf, t->name_off), name) && var->size == size &&
		    var->offset + size <= room)
			return base + var->offset;
	}
	return NULL;
}

struct frozen constants(struct bpf_object *object)
{
	struct frozen constants = { .map = -1 };
	struct bpf_map *map = rodata(object);

	if (map) {
		constants.map = bpf_map__fd(map);
		constants.data = bpf_map__initial_value(map, &constants.size);
	}
	return constants;
}
