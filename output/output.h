/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * output.h - rows in, text out. The only code of the program that writes to stdout while a tool runs.
 * Knows columns and rows; knows neither BPF nor any tool. Rows are gathered in a buffer and written by
 * output_flush(), which core calls once per batch and per interval.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include "column.h"

enum format { FORMAT_TABLE, FORMAT_JSON, FORMAT_CSV };

/* How a table is laid out; JSON and CSV are the same for all. */
enum layout {
	LAYOUT_LINES,	/* heading once, then rows as they come */
	LAYOUT_TOP,	/* every interval: repaint; clock, load average, heading, rows */
	LAYOUT_HIST,	/* every interval: a histogram block for each row */
	LAYOUT_FINAL,	/* every interval: blank line, heading, rows */
};

struct function {	/* what KIND_FUNCTION and KIND_ADDRESS index */
	char *name;
	u64 address;	/* entry, from kallsyms; 0: hidden from us */
	char *module;	/* behind the name in memory; NULL: the kernel itself */
};

struct output_spec {
	const char *tool;
	const struct column *columns;	/* ended by a NULL key */
	enum format format;
	enum layout layout;
	const char *wanted;	/* --columns: keys parted by commas, or NULL */
	const char *sort;	/* --sort: a key, or "all"; a leading '+' means smallest first; or NULL: leave the order */
	unsigned int limit;	/* rows per interval; 0: all. A table says how many more there are, below them */
	bool no_header;		/* nothing but rows */
	bool clear;		/* LAYOUT_TOP: repaint the screen (only ever done on a terminal) */
	bool counts;		/* KIND_RATE: show counts in tables too */
	bool clock;		/* LAYOUT_HIST: a clock line before each interval */
	bool intervals;		/* rows come from output_interval(), and have a field for its length */
	const char *unit;	/* LAYOUT_HIST: "usecs" or "msecs" */
	const struct function *functions;	/* for KIND_FUNCTION, KIND_ADDRESS; may be set after output_open() */
	size_t function_count;
	int fd;			/* where to write; 1 but in tests */
};

/* How much of a row's key there is: to the end of the last column in it that is gathered, and not less than one. */
size_t output_key_size(const struct column *columns);

struct row {
	const void *key;	/* NULL for streams */
	const void *value;
	size_t size;		/* bytes of value: records vary in length */
};

/* When the rows that follow were made. */
struct moment {
	u64 realtime_ns;	/* CLOCK_REALTIME: the event, or the interval's end */
	u64 interval_ns;	/* length of the interval as measured; 0 for streams */
};

struct output;

/* All return 0 or a negative errno already explained on stderr, unless said otherwise. */

/* spec and what it points to must outlive the output. -EINVAL: --columns or --sort names what is not there. */
int output_open(struct output **out, const struct output_spec *spec);

/* Headings of LAYOUT_LINES and CSV; to be called once the tool is attached. */
void output_header(struct output *out);

/* One record of a stream. */
void output_row(struct output *out, const struct row *row, const struct moment *when);

/* All rows of one interval; they are sorted (in place) and limited here. Returns how many a table left out without a word. */
size_t output_interval(struct output *out, struct row *rows, size_t count, const struct moment *when);

/* JSON only: {"ts":when,"type":"lost","cause":cause,"count":count}, and one whole object on a line of its own. */
void output_lost(struct output *out, const char *cause, u64 count, const struct moment *when);
void output_object(struct output *out, const char *json);

/*
 * Write what is gathered, without waiting. -EAGAIN: the reader has not taken all, the rest is kept: again when output_fd()
 * is writable, and no more rows until then. Else it fails quietly with the errno of write(2): -EPIPE is an end, -ENOSPC is not.
 */
int output_flush(struct output *out);
bool output_waits(const struct output *out);	/* something is kept */
int output_fd(const struct output *out);	/* -1: never waits */
void output_give_up(struct output *out);	/* what is kept, and all that follows, is counted and dropped */
bool output_given_up(const struct output *out);
u64 output_unwritten(const struct output *out);	/* data rows that were dropped so */
u64 output_rows(const struct output *out);	/* data rows so far */
void output_close(struct output *out);

/*
 * `bpftk schema TOOL`: malloc'ed JSON document. Every line of --json fits it, every one of --csv its $defs/csv.
 * columns ended by a NULL key; intervals as in the spec.
 */
char *output_schema(const char *tool, const char *summary, const struct column *columns, bool intervals);

/* The one escaper. Appends at most 4 * size + 1 bytes to dst, NUL-ended; returns the length without the NUL. */
size_t safe_text(char *dst, const char *src, size_t size);
