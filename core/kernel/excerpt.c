// SPDX-License-Identifier: GPL-2.0-only
/* excerpt.c - of the kernel's type information, what the accesses of one BPF object need. */
#include <bpf/btf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "types.h"

struct word {
	const char *text;
	size_t size;
};

struct words {	/* sorted */
	struct word *items;
	size_t count;
};

struct excerpt {
	const struct types *from;
	struct btf *to;
	int *made;		/* of each type of `from`: its id in `to`, or -errno; 0: not there */
	int pointer;		/* to anything: what is behind one is an access of its own */
	struct words types, members;	/* that the object names */
	struct name_heads heads;	/* of those types */
};

static int copy_type(struct excerpt *excerpt, u32 id);

static bool composite(const struct btf_type *t)
{
	return btf_is_struct(t) || btf_is_union(t);
}

static int by_text(const void *a, const void *b)
{
	const struct word *left = a, *right = b;
	int order = memcmp(left->text, right->text, left->size < right->size ? left->size : right->size);

	return order ? order : (left->size > right->size) - (left->size < right->size);
}

static bool has(const struct words *words, const char *text)
{
	struct word word = { text, strlen(text) };

	return bsearch(&word, words->items, words->count, sizeof(word), by_text);
}

/* "cgroup___ids" is the kernel's cgroup: what a flavour is called is nobody's business but ours. */
static size_t without_flavour(const char *name)
{
	const char *flavour = strstr(name, "___");

	return flavour && flavour != name ? (size_t)(flavour - name) : strlen(name);
}

static int list_names(struct excerpt *excerpt, const struct btf *object)
{
	struct words *types = &excerpt->types, *members = &excerpt->members;
	size_t room = 0;

	for (u32 id = 1; id < btf__type_cnt(object); id++)
		room += composite(btf__type_by_id(object, id)) ? btf_vlen(btf__type_by_id(object, id)) : 0;
	types->items = calloc(btf__type_cnt(object), sizeof(*types->items));
	members->items = calloc(room + 1, sizeof(*members->items));
	if (!types->items || !members->items)
		return -ENOMEM;
	for (u32 id = 1; id < btf__type_cnt(object); id++) {
		const struct btf_type *t = btf__type_by_id(object, id);
		const char *name = btf__name_by_offset(object, t->name_off);

		if (!composite(t) && !btf_is_any_enum(t))
			continue;
		if (*name) {
			types->items[types->count++] = (struct word){ name, without_flavour(name) };
			heads_add(&excerpt->heads, name);
		}
		for (int i = 0; composite(t) && i < btf_vlen(t); i++) {
			name = btf__name_by_offset(object, btf_members(t)[i].name_off);
			members->items[members->count++] = (struct word){ name, strlen(name) };
		}
	}
	qsort(types->items, types->count, sizeof(*types->items), by_text);
	qsort(members->items, members->count, sizeof(*members->items), by_text);
	return 0;
}

/* Members without a name hold members that may have one. */
static bool member_wanted(const struct excerpt *excerpt, const char *name)
{
	return !*name || has(&excerpt->members, name);
}

static int copy_composite(struct excerpt *excerpt, const struct btf_type *t)
{
	const struct types *from = excerpt->from;
	const char *name = types_name(from, t->name_off);
	const struct btf_member *member = btf_members(t);
	int id, err = 0;

	/* First what it is made of (that may be nothing of it again, but for pointers): members follow their struct. */
	for (int i = 0; err >= 0 && i < btf_vlen(t); i++)
		if (member_wanted(excerpt, types_name(from, member[i].name_off)))
			err = copy_type(excerpt, member[i].type);
	if (err < 0)
		return err;
	id = btf_is_union(t) ? btf__add_union(excerpt->to, name, t->size) : btf__add_struct(excerpt->to, name, t->size);
	for (int i = 0; id > 0 && i < btf_vlen(t); i++) {
		const char *key = types_name(from, member[i].name_off);

		if (member_wanted(excerpt, key) &&
		    btf__add_field(excerpt->to, key, copy_type(excerpt, member[i].type), btf_member_bit_offset(t, i),
				   btf_member_bitfield_size(t, i)))
			return -ENOMEM;
	}
	return id;
}

static int copy_enum(struct excerpt *excerpt, const struct btf_type *t)
{
	const struct types *from = excerpt->from;
	const char *name = types_name(from, t->name_off);
	int id, err = 0;

	if (btf_is_enum(t)) {
		id = btf__add_enum(excerpt->to, name, t->size);
		for (int i = 0; id > 0 && !err && i < btf_vlen(t); i++)
			err = btf__add_enum_value(excerpt->to, types_name(from, btf_enum(t)[i].name_off), btf_enum(t)[i].val);
	} else {
		id = btf__add_enum64(excerpt->to, name, t->size, btf_kflag(t));
		for (int i = 0; id > 0 && !err && i < btf_vlen(t); i++)
			err = btf__add_enum64_value(excerpt->to, types_name(from, btf_enum64(t)[i].name_off),
						    btf_enum64_value(&btf_enum64(t)[i]));
	}
	return err ? err : id;
}

static int copy_array(struct excerpt *excerpt, const struct btf_type *t)
{
	int element = copy_type(excerpt, btf_array(t)->type), index = copy_type(excerpt, btf_array(t)->index_type);

	return element < 0 || index < 0 ? -ENOMEM : btf__add_array(excerpt->to, index, element, btf_array(t)->nelems);
}

/* Its id in the excerpt, or -errno. Names that a typedef gives, and const and its like, play no part in accesses. */
static int copy_type(struct excerpt *excerpt, u32 id)
{
	const struct btf_type *t = types_get(excerpt->from, id);

	for (int i = 0; i < 64 && (btf_is_mod(t) || btf_is_typedef(t) || btf_is_type_tag(t)); i++) {
		id = t->type;
		t = types_get(excerpt->from, id);
	}
	if (btf_is_ptr(t)) {
		if (!excerpt->pointer)
			excerpt->pointer = btf__add_ptr(excerpt->to, 0);
		return excerpt->pointer;
	}
	if (id >= excerpt->from->end || excerpt->made[id])
		return id < excerpt->from->end ? excerpt->made[id] : 0;
	excerpt->made[id] = -EINVAL;	/* of something that is made of itself */
	if (composite(t))
		excerpt->made[id] = copy_composite(excerpt, t);
	else if (btf_is_any_enum(t))
		excerpt->made[id] = copy_enum(excerpt, t);
	else if (btf_is_array(t))
		excerpt->made[id] = copy_array(excerpt, t);
	else if (btf_is_int(t))
		excerpt->made[id] = btf__add_int(excerpt->to, types_name(excerpt->from, t->name_off), t->size,
						 btf_int_encoding(t));
	else if (btf_is_float(t))
		excerpt->made[id] = btf__add_float(excerpt->to, types_name(excerpt->from, t->name_off), t->size);
	return excerpt->made[id];
}

static int copy_named(struct excerpt *excerpt)
{
	const struct types *from = excerpt->from;
	int err = 0;

	for (u32 id = 0; err >= 0 && (id = types_next(from, id, &excerpt->heads)); ) {
		const struct btf_type *t = types_get(from, id);

		if ((composite(t) || btf_is_any_enum(t)) && has(&excerpt->types, types_name(from, t->name_off)))
			err = copy_type(excerpt, id);
	}
	return err < 0 ? err : 0;
}

int types_excerpt(const struct types *types, const struct btf *object, int fd)
{
	struct excerpt excerpt = { .from = types, .to = btf__new_empty(),
				   .made = calloc(types->end, sizeof(*excerpt.made)) };
	int err = excerpt.to && excerpt.made ? list_names(&excerpt, object) : -ENOMEM;
	const void *raw;
	u32 size = 0;

	err = err ? err : copy_named(&excerpt);
	raw = err ? NULL : btf__raw_data(excerpt.to, &size);
	if (!err && (!raw || write(fd, raw, size) != (ssize_t)size))
		err = -ENOMEM;
	btf__free(excerpt.to);
	free(excerpt.made);
	free(excerpt.types.items);
	free(excerpt.members.items);
	return err;
}
