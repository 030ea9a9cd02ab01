/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * internal.h - what the files of output/ share.
 *
 *	output.c	opens, picks the renderer, writes
 *	select.c	which columns, which rows, in which order
 *	kinds.c		what a value of each kind is: read.c reads it, cells.c shows it in a table
 *	schema.c	... and what members of JSON it becomes
 *	table.c screen.c hist.c json.c csv.c	a renderer each (table.c: two)
 *	safe.c text.c stamp.c path.c names.c buckets.c		what they are made of
 *	sink.c		where it goes
 */
#pragma once

#include "kinds.h"
#include "output.h"
#include "sink.h"
#include "stamp.h"
#include "text.h"

/* A way to write rows. A member that is NULL has nothing to write there. */
struct renderer {
	int (*open)(struct output *out);	/* what is the same in every row; 0 or -ENOMEM */
	void (*header)(struct output *out);
	void (*row)(struct output *out, const struct row *row);
	void (*interval)(struct output *out, const struct row *rows, size_t count);
	void (*lost)(struct output *out, const char *cause, u64 count);
	void (*object)(struct output *out, const char *json);
};

extern const struct renderer lines_renderer, final_renderer, screen_renderer, hist_renderer;
extern const struct renderer json_renderer, csv_renderer;

/* Where in json_names ,"key": and, for kinds that have a second form, ,"key_name": stand. */
struct json_key {
	size_t plain, plain_size, extra, extra_size;
};

enum { OTHERS = 32 };	/* two reports of losses by cause, a heading, --meta's */

struct output {
	const struct output_spec *spec;
	const struct renderer *renderer;
	const struct column **shown;	/* in the order they are written; ended by NULL */
	const struct column *sort_by;
	bool sort_all, ascending;
	size_t key_size;	/* of a row's key: where its last column ends */
	struct text text;	/* not yet written */
	struct text scratch;	/* a path or a screen while it is put together */
	struct text json_names;
	struct json_key *json_keys;	/* for each of shown */
	struct moment when;	/* of the row in hand */
	size_t left_out;	/* rows of this interval, by --limit or for want of room on the screen */
	struct stamp stamp;
	u64 since_ns;		/* KIND_SINCE counts from here */
	bool has_since;
	bool painted;		/* LAYOUT_TOP: an interval was shown before */
	u64 rows;

	struct sink sink;
	size_t written;		/* of text */
	u64 rows_written;	/* of rows: those before text */
	u64 unwritten;
	size_t others[OTHERS];	/* ends of lines in text that are no rows */
	int other_count;
	bool given_up;
};

/* path.c: size: what there is of it; dots: show, as a table does, where something is missing. */
void text_path(struct text *text, const char *bytes, size_t size, bool dots);
/* Where a path is one part and whole, there is nothing to put together: here it is. Else NULL. */
const char *path_name(const char *bytes, size_t size, size_t *length);
u16 path_marks(const char *bytes);

/* select.c */
int select_columns(struct output *out);
int select_order(struct output *out);
const struct column *hist_column(const struct output *out);	/* KIND_HIST, shown or not; NULL: none */
const struct column *shown_column(const struct output *out, enum kind kind);
size_t select_rows(struct output *out, struct row *rows, size_t count);

/* table.c */
void table_heading(struct output *out);
void table_row(struct output *out, const struct row *row);
void table_left_out(struct output *out);	/* "... 40 more" */

/* buckets.c */
void hist_copy(struct hist *hist, const void *from);
u64 hist_count(const void *from);
u64 hist_low(unsigned int slot);
u64 hist_high(unsigned int slot);
bool hist_bounds(const struct hist *hist, unsigned int *first, unsigned int *last);
