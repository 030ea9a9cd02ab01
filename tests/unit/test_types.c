// SPDX-License-Identifier: GPL-2.0-only
/* The kernel's type information: found in a file made here, and an excerpt of it that libbpf understands. */
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "kernel/kernel.h"
#include "support.h"
#include "kernel/types.h"

static char path[64];
static struct types *types;

/* What stands for a kernel's: struct request with an unnamed union, an array and a bit field; file with a path in it. */
static struct btf *small_kernel(void)
{
	struct btf *btf = btf__new_empty();
	int u32_id, u64_id, pointer, constant, any, array, queue, inner, path_id, request, proto;

	/* members and parameters go to the type that was added last */
	any = btf__add_ptr(btf, 0);
	u32_id = btf__add_int(btf, "unsigned int", 4, 0);
	u64_id = btf__add_int(btf, "long unsigned int", 8, 0);
	queue = btf__add_struct(btf, "request_queue", 8);
	btf__add_field(btf, "disk", u64_id, 0, 0);
	pointer = btf__add_ptr(btf, queue);
	array = btf__add_array(btf, u32_id, u32_id, 3);
	inner = btf__add_union(btf, NULL, 8);
	btf__add_field(btf, "q", pointer, 0, 0);
	btf__add_field(btf, "unread", u64_id, 0, 0);
	request = btf__add_struct(btf, "request", 40);
	btf__add_field(btf, "not_read", u64_id, 0, 0);
	btf__add_field(btf, "", inner, 64, 0);
	btf__add_field(btf, "parts", array, 128, 0);
	btf__add_field(btf, "flag", u32_id, 256, 3);
	constant = btf__add_const(btf, pointer);
	path_id = btf__add_struct(btf, "path", 16);
	btf__add_field(btf, "mnt", pointer, 0, 0);
	btf__add_field(btf, "dentry", constant, 64, 0);
	path_id = btf__add_typedef(btf, "path_t", path_id);
	btf__add_struct(btf, "file", 24);
	btf__add_field(btf, "f_path", path_id, 64, 0);
	btf__add_enum(btf, "req_op", 4);
	btf__add_enum_value(btf, "REQ_OP_READ", 0);
	btf__add_enum_value(btf, "REQ_OP_ZONE_OPEN", 11);
	btf__add_enum_value(btf, "REQ_OP_LAST", 36);
	pointer = btf__add_ptr(btf, request);
	proto = btf__add_func_proto(btf, u32_id);
	btf__add_func_param(btf, "count", u32_id);
	btf__add_func_param(btf, "rq", pointer);
	btf__add_func(btf, "start", BTF_FUNC_GLOBAL, proto);
	proto = btf__add_func_proto(btf, 0);
	btf__add_func_param(btf, NULL, any);
	btf__add_func_param(btf, "rq", pointer);
	btf__add_typedef(btf, "btf_trace_issue", btf__add_ptr(btf, proto));
	btf__add_func(btf, "fd", BTF_FUNC_STATIC, proto);
	return btf;
}

static void write_to(const char *name, const void *data, size_t size)
{
	FILE *file = fopen(name, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, size, file), size);
	fclose(file);
}

static int open_types(void **state)
{
	struct btf *btf = small_kernel();
	const void *raw;
	u32 size;

	(void)state;
	libbpf_set_print(NULL);
	snprintf(path, sizeof(path), "/tmp/test_types.%d", getpid());
	raw = btf__raw_data(btf, &size);
	write_to(path, raw, size);
	btf__free(btf);
	types = types_of_file(path);
	return !types;
}

static int close_types(void **state)
{
	(void)state;
	types_close(types);
	return unlink(path);
}

static void finds_by_name_and_kind(void **state)
{
	u32 id = types_find(types, "request", BTF_KIND_STRUCT);

	(void)state;
	assert_int_not_equal(id, 0);
	assert_string_equal(types_name(types, types_get(types, id)->name_off), "request");
	assert_int_equal(types_get(types, id)->size, 40);
	assert_int_equal(types_find(types, "request", BTF_KIND_FUNC), 0);
	assert_int_equal(types_find(types, "requests", BTF_KIND_STRUCT), 0);
	assert_int_not_equal(types_find(types, "fd", BTF_KIND_FUNC), 0);	/* too short to have a head */
	assert_int_equal(btf_kind(types_get(types, 100000)), BTF_KIND_UNKN);
	assert_string_equal(types_name(types, 1 << 30), "");
}

static void asks_what_the_kernel_has(void **state)
{
	struct name *names = kernel_enum_names(types, "req_op", false);

	(void)state;
	assert_int_equal(kernel_struct_has_field(types, "request", "parts"), 1);
	assert_int_equal(kernel_struct_has_field(types, "request", "disk"), 0);
	assert_int_equal(kernel_struct_has_field(types, "nothing", "disk"), -1);
	assert_int_equal(kernel_struct_has_field(NULL, "request", "parts"), -1);
	assert_int_equal(kernel_parameter(types, "start", "request"), 1);
	assert_int_equal(kernel_parameter(types, "btf_trace_issue", "request"), 0);
	assert_int_equal(kernel_parameter(types, "start", "file"), -1);
	assert_int_equal(kernel_parameter(types, "stop", "request"), -1);
	assert_non_null(names);
	assert_string_equal(names[0].name, "Read");
	assert_int_equal(names[1].value, 11);
	assert_string_equal(names[1].name, "ZoneOpen");
	assert_null(names[2].name);
	assert_null(kernel_enum_names(types, "request", false));
	free(names);
}

static void finds_all_targets_in_one_pass(void **state)
{
	struct btf_target targets[] = { { "start", 0, 0 }, { "stop", 0, 0 }, { "", 0, 0 }, { "btf_trace_issue", 0, 0 },
					{ "start", 0, 0 } };

	(void)state;
	kernel_find(types, targets, 5, NULL);
	assert_int_equal(targets[0].id, types_find(types, "start", BTF_KIND_FUNC));
	assert_int_equal(targets[1].id, 0);
	assert_int_equal(targets[2].id, 0);
	assert_int_equal(targets[3].id, types_find(types, "btf_trace_issue", BTF_KIND_TYPEDEF));
	assert_int_equal(targets[4].id, targets[0].id);
}

/* What a probe declares: other order, fewer members, a flavour. */
static struct btf *object_types(void)
{
	struct btf *btf = btf__new_empty();
	int pointer = btf__add_ptr(btf, 0), u32_id = btf__add_int(btf, "u32", 4, 0), path_id;
	int array = btf__add_array(btf, u32_id, u32_id, 3);

	path_id = btf__add_struct(btf, "path", 8);
	btf__add_field(btf, "dentry", pointer, 0, 0);
	btf__add_struct(btf, "file", 8);
	btf__add_field(btf, "f_path", path_id, 0, 0);
	btf__add_struct(btf, "request___old", 16);
	btf__add_field(btf, "q", pointer, 0, 0);
	btf__add_field(btf, "parts", array, 64, 0);
	btf__add_field(btf, "flag", u32_id, 160, 0);
	btf__add_struct(btf, "not_in_the_kernel", 4);
	btf__add_field(btf, "flag", u32_id, 0, 0);
	return btf;
}

static const struct btf_type *in_excerpt(const struct btf *btf, const char *name)
{
	int id = btf__find_by_name_kind(btf, name, BTF_KIND_STRUCT);

	return id < 0 ? NULL : btf__type_by_id(btf, id);
}

static const char *member(const struct btf *btf, const struct btf_type *t, int number)
{
	return btf__name_by_offset(btf, btf_members(t)[number].name_off);
}

static void excerpt_is_what_accesses_need(void **state)
{
	struct btf *object = object_types(), *excerpt;
	int fd = memfd_create("excerpt", 0);
	const struct btf_type *t, *inner;
	char name[32];

	(void)state;
	assert_int_equal(types_excerpt(types, object, fd), 0);
	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	excerpt = btf__parse(name, NULL);
	assert_non_null(excerpt);

	t = in_excerpt(excerpt, "request");
	assert_non_null(t);
	assert_int_equal(t->size, 40);
	assert_int_equal(btf_vlen(t), 3);
	assert_string_equal(member(excerpt, t, 0), "");
	assert_int_equal(btf_member_bit_offset(t, 0), 64);
	inner = btf__type_by_id(excerpt, btf_members(t)[0].type);
	assert_true(btf_is_union(inner));
	assert_int_equal(btf_vlen(inner), 1);
	assert_string_equal(member(excerpt, inner, 0), "q");
	assert_string_equal(member(excerpt, t, 1), "parts");
	assert_int_equal(btf__resolve_size(excerpt, btf_members(t)[1].type), 12);
	assert_string_equal(member(excerpt, t, 2), "flag");
	assert_int_equal(btf_member_bit_offset(t, 2), 256);
	assert_int_equal(btf_member_bitfield_size(t, 2), 3);

	t = in_excerpt(excerpt, "file");
	assert_non_null(t);
	inner = btf__type_by_id(excerpt, btf_members(t)[0].type);
	assert_true(btf_is_struct(inner));
	assert_string_equal(member(excerpt, inner, 0), "dentry");
	assert_int_equal(btf_member_bit_offset(inner, 0), 64);

	assert_null(in_excerpt(excerpt, "request_queue"));	/* behind a pointer, and not named */
	btf__free(excerpt);
	btf__free(object);
	close(fd);
}

static void refuses(const void *data, size_t size)
{
	char name[80];

	snprintf(name, sizeof(name), "%s.bad", path);
	write_to(name, data, size);
	assert_null(types_of_file(name));
	assert_int_equal(errno, EINVAL);
	unlink(name);
}

static void refuses_what_is_none(void **state)
{
	struct btf *btf = small_kernel();
	const void *raw;
	char *copy;
	u32 size;

	(void)state;
	assert_null(types_of_file("/nonexistent"));
	assert_int_equal(errno, ENOENT);
	refuses("", 0);
	refuses("root:x:0:0", 10);
	raw = btf__raw_data(btf, &size);
	for (u32 cut = 1; cut < size; cut += 7)
		refuses(raw, size - cut);
	copy = malloc(size);
	memcpy(copy, raw, size);
	((struct btf_type *)(copy + sizeof(struct btf_header)))->info = 31u << 24;	/* a kind of some later day */
	refuses(copy, size);
	free(copy);
	btf__free(btf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_by_name_and_kind),
		cmocka_unit_test(asks_what_the_kernel_has),
		cmocka_unit_test(finds_all_targets_in_one_pass),
		cmocka_unit_test(excerpt_is_what_accesses_need),
		cmocka_unit_test(refuses_what_is_none),
	};

	return cmocka_run_group_tests(tests, open_types, close_types);
}
