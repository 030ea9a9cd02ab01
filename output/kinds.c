// SPDX-License-Identifier: GPL-2.0-only
/* kinds.c - one row for each kind of column: how its bytes are read (read.c), shown (cells.c) and compared */
#include <string.h>
#include "internal.h"

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

static int compare_device(const struct member *a, const struct member *b)
{
	struct device left = LOAD(struct device, a->bytes), right = LOAD(struct device, b->bytes);

	return (left.number > right.number) - (left.number < right.number);
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
	[KIND_PID]	= { .read = read_pid, .cell = cell_pid, .compare = compare_unsigned,
			    .type = "integer?" },
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
	[KIND_NAME]	= { .read = read_name, .compare = compare_text, .ascending = true,
			    .untrusted = true, .type = "string?" },
	[KIND_PATH]	= { .read = read_path, .cell = cell_path, .untrusted = true,
			    .type = "string?", .extra = "_marks", .extra_type = "array",
			    .extra_rare = true },
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
	[KIND_DEVICE]	= { .read = read_device, .compare = compare_device, .ascending = true,
			    .untrusted = true, .type = "string?" },
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

void plain_cell(struct output *out, const struct parts *parts, const struct column *column)
{
	struct values values = read_values(out, parts, column);

	cell_value(&out->text, &values.plain);
}
