// SPDX-License-Identifier: GPL-2.0-only
/* read.c - the bytes of a column as a value: what JSON and CSV have */
#define _GNU_SOURCE 1	/* strerrorname_np */
#include <string.h>
#include "internal.h"

const struct function *load_function(const struct member *member)
{
	const struct output_spec *spec = member->out->spec;
	u64 index = load_unsigned(member);

	return index < spec->function_count ? &spec->functions[index] : NULL;
}

static struct value number_value(u64 number)
{
	return (struct value){ .type = VALUE_UNSIGNED, .number = number };
}

static struct value string_value(const char *string)
{
	if (!string)
		return (struct value){ .type = VALUE_NULL };
	return (struct value){ .type = VALUE_STRING, .bytes = string, .size = strlen(string) };
}

struct values read_unsigned(const struct member *member)
{
	return (struct values){ .plain = number_value(load_unsigned(member)) };
}

struct values read_pid(const struct member *member)
{
	if (load_unsigned(member) & PID_OUTSIDE)
		return (struct values){ .plain.type = VALUE_NULL };
	return read_unsigned(member);
}

struct values read_signed(const struct member *member)
{
	return (struct values){
		.plain = { .type = VALUE_SIGNED, .signed_number = load_signed(member) }
	};
}

/* Nothing but ones stands for "has none", where the column has a word for it. */
bool is_blank(const struct member *member)
{
	u64 ones = ~0ULL >> (64 - 8 * member->column->size);

	return member->column->blank && load_unsigned(member) == ones;
}

struct values read_octal(const struct member *member)
{
	if (is_blank(member))
		return (struct values){ .plain.type = VALUE_NULL };
	return read_unsigned(member);
}

struct values read_text(const struct member *member)
{
	size_t size = strnlen(member->bytes, member->column->size);

	return (struct values){
		.plain = { .type = VALUE_STRING, .bytes = member->bytes, .size = size }
	};
}

struct values read_name(const struct member *member)
{
	struct values values = read_text(member);

	if (!values.plain.size)
		values.plain.type = VALUE_NULL;
	return values;
}

/* Lasts until the next path is joined. */
struct value join_path(const struct member *member, bool dots)
{
	struct value path = { .type = VALUE_STRING };
	struct output *out = member->out;

	path.bytes = path_name(member->bytes, member->size, &path.size);
	if (path.bytes)	/* as it lies in the record */
		return path;
	text_clear(&out->scratch);
	text_path(&out->scratch, member->bytes, member->size, dots);
	out->text.failed |= out->scratch.failed;
	path.bytes = out->scratch.data;
	path.size = out->scratch.size;
	return path;
}

struct values read_path(const struct member *member)
{
	static const struct name names[] = {
		{ PATH_CUT,		"cut" },
		{ PATH_DEEP,		"deep" },
		{ PATH_UNREADABLE,	"unreadable" },
		{ PATH_UNREACHABLE,	"unreachable" },
		{ PATH_IN_ROOT,		"in_root" },
		{}
	};
	u16 marks = path_marks(member->bytes) & ~PATH_FULL;
	struct values values = { .plain.type = VALUE_NULL };

	if (marks)
		values.extra = (struct value){
			.type = VALUE_FLAGS, .bits = marks, .names = names
		};
	if (!(marks & PATH_UNREADABLE))
		values.plain = join_path(member, false);
	return values;
}

struct values read_errno(const struct member *member)
{
	struct values values = read_signed(member);
	s64 number = values.plain.signed_number;

	values.extra = string_value(number ? strerrorname_np(number) : NULL);
	return values;
}

struct values read_flags(const struct member *member)
{
	u64 bits = load_unsigned(member);

	return (struct values){
		.plain = { .type = VALUE_FLAGS, .bits = bits, .names = member->column->names },
		.extra = number_value(bits),
	};
}

struct values read_enum(const struct member *member)
{
	u64 number = load_unsigned(member);

	return (struct values){
		.plain = string_value(find_name(member->column->names, number)),
		.extra = number_value(number),
	};
}

struct values read_word(const struct member *member)
{
	return (struct values){ .plain = read_enum(member).plain };
}

/* Lasts as long as a path that is joined. */
struct values read_device(const struct member *member)
{
	const char *name = member->bytes + offsetof(struct device, name);
	u32 number = LOAD(u32, member->bytes);
	struct text *text = &member->out->scratch;

	if (*name)
		return (struct values){ .plain = { .type = VALUE_STRING, .bytes = name, .size = strnlen(name, DISK_LEN) } };
	if (!number)
		return (struct values){ .plain.type = VALUE_NULL };
	text_clear(text);
	text_number(text, number >> 20);
	text_char(text, ':');
	text_number(text, number & 0xfffff);
	member->out->text.failed |= text->failed;
	return (struct values){ .plain = { .type = VALUE_STRING, .bytes = text->data, .size = text->size } };
}

struct values read_function(const struct member *member)
{
	const struct function *function = load_function(member);

	return (struct values){ .plain = string_value(function ? function->name : NULL) };
}

struct values read_address(const struct member *member)
{
	const struct function *function = load_function(member);

	if (!function || !function->address)
		return (struct values){ .plain.type = VALUE_NULL };
	return (struct values){ .plain = { .type = VALUE_ADDRESS, .number = function->address } };
}

struct values read_hist(const struct member *member)
{
	return (struct values){ .plain = { .type = VALUE_HIST, .hist = member->bytes } };
}
