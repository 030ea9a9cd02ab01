/* SPDX-License-Identifier: GPL-2.0-only */
/* kinds.h - what each kind of column is: see enum kind in column.h */
#pragma once

#include <string.h>
#include "output.h"
#include "text.h"

/* What a column holds in one row. */
enum value_type {
	VALUE_NONE,	/* nothing to write: the member is left out */
	VALUE_NULL,	/* not known */
	VALUE_UNSIGNED,
	VALUE_SIGNED,
	VALUE_ADDRESS,
	VALUE_STRING,	/* untrusted bytes */
	VALUE_FLAGS,	/* names of the bits set */
	VALUE_HIST,
};

struct value {
	enum value_type type;
	union {
		u64 number;
		s64 signed_number;
		struct {
			const char *bytes;
			size_t size;
		};
		struct {
			u64 bits;
			const struct name *names;
		};
		const void *hist;	/* perhaps not aligned: hist_copy() */
	};
};

/* A member as it is, and, for kinds that have one, its second form: the name of an errno ... */
struct values {
	struct value plain, extra;
};

/* A column's bytes in one row. */
struct member {
	struct output *out;
	const struct column *column;
	const char *bytes;	/* perhaps not aligned: records are packed one behind the other */
	size_t size;		/* what there is of them, at least column->size */
};

struct kind_row {
	struct values (*read)(const struct member *member);	/* NULL: only tables show it */
	void (*cell)(const struct member *member);	/* NULL: the plain value, as it is */
	int (*compare)(const struct member *a, const struct member *b);	/* NULL: no order */
	bool ascending;		/* --sort puts the smallest first: a name, not an amount */
	bool bare;		/* the cell is what JSON and CSV have, too */
	bool untrusted;		/* JSON adds KEY_hex where it is not UTF-8 */
	const char *extra;	/* what the second form adds to the key */
	const char *type, *extra_type;	/* in the schema */
	bool extra_rare;	/* JSON has it only where there is something to say */
};

extern const struct kind_row kinds[];

/* What a row is made of, looked at once for all its columns: [0] its value, [1] its key. */
struct parts {
	struct part {
		const char *bytes;
		size_t size;
	} part[2];
};

struct parts row_parts(const struct output *out, const struct row *row);

/* False: the row does not hold the column. */
static inline bool find_part(struct member *member, struct output *out, const struct parts *parts,
			     const struct column *column)
{
	const struct part *part = &parts->part[column->in_key];

	if ((size_t)column->offset + column->size > part->size || (column->on_request && column->hidden))
		return false;
	*member = (struct member){
		out, column, part->bytes + column->offset, part->size - column->offset
	};
	return true;
}

bool find_member(struct member *member, struct output *out, const struct row *row,
		 const struct column *column);

static inline struct values read_values(struct output *out, const struct parts *parts,
					const struct column *column)
{
	const struct kind_row *kind = &kinds[column->kind];
	struct member member;

	if (!kind->read)
		return (struct values){};
	if (!find_part(&member, out, parts, column))
		return (struct values){
			.plain.type = VALUE_NULL,
			.extra.type = column->on_request && kind->extra ? VALUE_NULL : VALUE_NONE,
		};
	return kind->read(&member);
}

/* The plain value, as it is; '?' where the row is too short for it. */
void plain_cell(struct output *out, const struct parts *parts, const struct column *column);
/* Append a table's cell: not padded, without its suffix. */
static inline void row_cell(struct output *out, const struct parts *parts,
			    const struct column *column)
{
	const struct kind_row *kind = &kinds[column->kind];
	struct member member;

	if (kind->cell && find_part(&member, out, parts, column))
		kind->cell(&member);
	else
		plain_cell(out, parts, column);
}

#define LOAD(type, bytes) ({ type value_; memcpy(&value_, bytes, sizeof(value_)); value_; })

static inline u64 load_unsigned(const struct member *member)
{
	switch (member->column->size) {
	case 1: return LOAD(u8, member->bytes);
	case 2: return LOAD(u16, member->bytes);
	case 4: return LOAD(u32, member->bytes);
	case 8: return LOAD(u64, member->bytes);
	}
	return 0;
}

static inline s64 load_signed(const struct member *member)
{
	return member->column->size == 8 ? LOAD(s64, member->bytes) : LOAD(s32, member->bytes);
}

/* read.c */
const struct function *load_function(const struct member *member);	/* NULL: there is none of that number */
bool is_blank(const struct member *member);
struct value join_path(const struct member *member, bool dots);
struct values read_unsigned(const struct member *member);
struct values read_pid(const struct member *member);
struct values read_signed(const struct member *member);
struct values read_octal(const struct member *member);
struct values read_text(const struct member *member);
struct values read_name(const struct member *member);
struct values read_path(const struct member *member);
struct values read_errno(const struct member *member);
struct values read_flags(const struct member *member);
struct values read_enum(const struct member *member);
struct values read_word(const struct member *member);
struct values read_device(const struct member *member);
struct values read_function(const struct member *member);
struct values read_address(const struct member *member);
struct values read_hist(const struct member *member);

/* names.c: find_name() is NULL if there is no such name, or names is NULL. */
const char *find_name(const struct name *names, u64 value);
/* Names of the bits, each between two of quote (0: none), parted by join; bits without a name as 0x... */
void text_flags(struct text *text, u64 bits, const struct name *names, char quote, char join);

/* cells.c */
void cell_unsigned(const struct member *member);
void cell_pid(const struct member *member);
void cell_signed(const struct member *member);
void cell_text(const struct member *member);
void cell_octal(const struct member *member);
void cell_rate(const struct member *member);
void cell_kib(const struct member *member);
void cell_path(const struct member *member);
void cell_flags(const struct member *member);
void cell_enum(const struct member *member);
void cell_clock(const struct member *member);
void cell_since(const struct member *member);
void cell_value(struct text *text, const struct value *value);
