// SPDX-License-Identifier: GPL-2.0-only
/* kinds.c - one row for each kind of column: how its bytes are read, shown and compared */
#define _GNU_SOURCE 1	/* strerrorname_np */
#include <string.h>
#include "internal.h"

#define NS_PER_SECOND 1000000000ULL
static const struct function *load_function(const struct member *member)
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

/* --- read: the value as JSON and CSV have it --- */

static struct values read_unsigned(const struct member *member)
{
	return (struct values){ .plain = number_value(load_unsigned(member)) };
}

static struct values read_signed(const struct member *member)
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

static struct values read_octal(const struct member *member)
{
	if (is_blank(member))
		return (struct values){ .plain.type = VALUE_NULL };
	return read_unsigned(member);
}

static struct values read_text(const struct member *member)
{
	size_t size = strnlen(member->bytes, member->column->size);

	return (struct values){
		.plain = { .type = VALUE_STRING, .bytes = member->bytes, .size = size }
	};
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

static struct values read_path(const struct member *member)
{
	static const struct name names[] = {
		{ PATH_CUT,		"cut" },
		{ PATH_DEEP,		"deep" },
		{ PATH_UNREADABLE,	"unreadable" },
		{ PATH_UNREACHABLE,	"unreachable" },
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

static struct values read_errno(const struct member *member)
{
	struct values values = read_signed(member);
	s64 number = values.plain.signed_number;

	values.extra = string_value(number ? strerrorname_np(number) : NULL);
	return values;
}

static struct values read_flags(const struct member *member)
{
	u64 bits = load_unsigned(member);

	return (struct values){
		.plain = { .type = VALUE_FLAGS, .bits = bits, .names = member->column->names },
		.extra = number_value(bits),
	};
}

static struct values read_enum(const struct member *member)
{
	u64 number = load_unsigned(member);

	return (struct values){
		.plain = string_value(find_name(member->column->names, number)),
		.extra = number_value(number),
	};
}

static struct values read_word(const struct member *member)
{
	return (struct values){ .plain = read_enum(member).plain };
}

static struct values read_device(const struct member *member)
{
	struct output *out = member->out;
	u32 number = load_unsigned(member);

	if (!number)
		return (struct values){ .plain.type = VALUE_NULL };
	return (struct values){
		.plain = string_value(device_name(&out->devices, number,
						  out->when.realtime_ns / NS_PER_SECOND))
	};
}

static struct values read_function(const struct member *member)
{
	const struct function *function = load_function(member);

	return (struct values){ .plain = string_value(function ? function->name : NULL) };
}

static struct values read_address(const struct member *member)
{
	const struct function *function = load_function(member);

	if (!function || !function->address)
		return (struct values){ .plain.type = VALUE_NULL };
	return (struct values){ .plain = { .type = VALUE_ADDRESS, .number = function->address } };
}

static struct values read_hist(const struct member *member)
{
	return (struct values){ .plain = { .type = VALUE_HIST, .hist = member->bytes } };
}

/* --- compare, like strcmp --- */

static int compare_unsigned(const struct member *a, const struct member *b)
{
	u64 left = load_unsigned(a), right = load_unsigned(b);

	return (left > right) - (left < right);
}

static int compare_signed(const struct member *a, const struct member *b)
{
	s64 left = load_signed(a), right = load_signed(b);

	return (left > right) - (left < right);
}

static int compare_text(const struct member *a, const struct member *b)
{
	return strncmp(a->bytes, b->bytes, a->column->size);
}

static int compare_function(const struct member *a, const struct member *b)
{
	const struct function *left = load_function(a), *right = load_function(b);

	return strcmp(left ? left->name : "", right ? right->name : "");
}

static int compare_address(const struct member *a, const struct member *b)
{
	const struct function *left = load_function(a), *right = load_function(b);
	u64 low = left ? left->address : 0, high = right ? right->address : 0;

	return (low > high) - (low < high);
}

static int compare_hist(const struct member *a, const struct member *b)
{
	u64 left = hist_count(a->bytes), right = hist_count(b->bytes);

	return (left > right) - (left < right);
}

/* In the order of enum kind. JSON types: with "?": or null. */
const struct kind_row kinds[] = {
	[KIND_UINT]	= { .read = read_unsigned, .cell = cell_unsigned, .compare = compare_unsigned,
			    .bare = true, .type = "integer" },
	[KIND_INT]	= { .read = read_signed, .cell = cell_signed, .compare = compare_signed,
			    .bare = true, .type = "integer" },
	[KIND_OCTAL]	= { .read = read_octal, .cell = cell_octal, .compare = compare_unsigned,
			    .type = "integer" },
	[KIND_RATE]	= { .read = read_unsigned, .cell = cell_rate, .compare = compare_unsigned,
			    .type = "integer" },
	[KIND_KIB]	= { .read = read_unsigned, .cell = cell_kib, .compare = compare_unsigned,
			    .type = "integer" },
	[KIND_CHAR]	= { .read = read_text, .cell = cell_text, .compare = compare_text,
			    .ascending = true, .untrusted = true, .type = "string" },
	[KIND_COMM]	= { .read = read_text, .cell = cell_text, .compare = compare_text,
			    .ascending = true, .untrusted = true, .type = "string" },
	[KIND_PATH]	= { .read = read_path, .cell = cell_path, .untrusted = true,
			    .type = "string?", .extra = "_marks", .extra_type = "array" },
	[KIND_ERRNO]	= { .read = read_errno, .cell = cell_signed, .compare = compare_signed,
			    .type = "integer", .extra = "_name", .extra_type = "string?" },
	[KIND_FLAGS]	= { .read = read_flags, .cell = cell_flags, .compare = compare_unsigned,
			    .ascending = true,
			    .type = "array", .extra = "_number", .extra_type = "integer" },
	[KIND_ENUM]	= { .read = read_enum, .cell = cell_enum, .compare = compare_unsigned,
			    .ascending = true,
			    .type = "string?", .extra = "_number", .extra_type = "integer" },
	[KIND_WORD]	= { .read = read_word, .cell = cell_enum, .compare = compare_unsigned,
			    .ascending = true, .type = "string?" },
	[KIND_DEVICE]	= { .read = read_device, .compare = compare_unsigned, .ascending = true,
			    .type = "string?" },
	[KIND_FUNCTION]	= { .read = read_function, .compare = compare_function, .ascending = true,
			    .type = "string?" },
	[KIND_ADDRESS]	= { .read = read_address, .compare = compare_address, .ascending = true,
			    .type = "string?" },
	[KIND_CLOCK]	= { .cell = cell_clock },
	[KIND_SINCE]	= { .cell = cell_since, .compare = compare_unsigned, .ascending = true },
	[KIND_HIST]	= { .read = read_hist, .compare = compare_hist },
	[KIND_SUMMARY]	= { .compare = compare_hist },
};

/* --- members of rows --- */

struct parts row_parts(const struct output *out, const struct row *row)
{
	struct parts parts = { { { "", 0 }, { "", 0 } } };	/* with room for KIND_CLOCK: it has no bytes */

	if (row->value)
		parts.part[0] = (struct part){ row->value, row->size };
	if (row->key)
		parts.part[1] = (struct part){ row->key, out->key_size };
	return parts;
}

bool find_member(struct member *member, struct output *out, const struct row *row,
		 const struct column *column)
{
	struct parts parts = row_parts(out, row);

	*member = (struct member){ .out = out, .column = column };
	return find_part(member, out, &parts, column);
}
