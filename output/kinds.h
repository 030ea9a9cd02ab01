/* SPDX-License-Identifier: GPL-2.0-only */
/* kinds.h - what each kind of column is: see enum kind in column.h */
#pragma once

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
	bool untrusted;		/* JSON adds KEY_hex where it is not UTF-8 */
	const char *extra;	/* what the second form adds to the key */
	const char *type, *extra_type;	/* in the schema */
};

extern const struct kind_row kinds[];

/* False: the row is too short to hold the column. */
bool find_member(struct member *member, struct output *out, const struct row *row,
		 const struct column *column);
struct values read_values(struct output *out, const struct row *row, const struct column *column);
/* Append a table's cell: not padded, without its suffix. */
void row_cell(struct output *out, const struct row *row, const struct column *column);
u64 load_unsigned(const struct member *member);

bool is_blank(const struct member *member);
const struct text *join_path(const struct member *member, bool dots);

/* names.c: find_name() is NULL if there is no such name, or names is NULL. */
const char *find_name(const struct name *names, u64 value);
/* Names of the bits, each between two of quote, parted by join; bits without a name as 0x... */
void text_flags(struct text *text, u64 bits, const struct name *names, const char *quote,
		const char *join);

/* cells.c */
void cell_octal(const struct member *member);
void cell_rate(const struct member *member);
void cell_kib(const struct member *member);
void cell_path(const struct member *member);
void cell_flags(const struct member *member);
void cell_enum(const struct member *member);
void cell_clock(const struct member *member);
void cell_since(const struct member *member);
