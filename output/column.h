/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * column.h - one row of a tool's column table. Table, JSON, CSV, --columns, --sort and `bpftk schema` all read it;
 * nothing else says what a field is. JSON keys are public interface: renaming one breaks scripts.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include "shared.h"

/* How a value reads. The list is closed: a new kind is a row in kinds.c, shown the same way by every tool. */
enum kind {
	KIND_UINT,	/* unsigned of 1, 2, 4 or 8 bytes */
	KIND_PID,	/* u32, of a process or thread; of one outside our pid namespace (PID_OUTSIDE) table: "-", JSON: null */
	KIND_INT,	/* signed of 4 or 8 bytes */
	KIND_OCTAL,	/* unsigned; table: zero-padded to width; JSON: number */
	KIND_RATE,	/* u64 counted in an interval; table: per second (or the count, with counts); JSON, CSV: the count */
	KIND_KIB,	/* u64 bytes; table: KiB, cut; JSON, CSV: bytes */
	KIND_CHAR,	/* one letter */
	KIND_COMM,	/* char[], NUL-ended; untrusted */
	KIND_NAME,	/* the same; empty: there is none */
	KIND_PATH,	/* struct path_text, last in the record; untrusted */
	KIND_ERRNO,	/* s32, 0 or a positive errno; JSON adds KEY_name ("ENOENT" or null) */
	KIND_FLAGS,	/* unsigned bits with .names; JSON: an array of names, and KEY_number */
	KIND_ENUM,	/* a number of the kernel's with .names; JSON: the name, or null, and KEY_number */
	KIND_WORD,	/* a number of our own with .names; JSON: the name */
	KIND_DEVICE,	/* struct device; table, JSON: its name, or MAJOR:MINOR; untrusted */
	KIND_FUNCTION,	/* u32 index into spec.functions; shows the name */
	KIND_ADDRESS,	/* u32 index into spec.functions; shows the address */
	KIND_CLOCK,	/* no member: when the row was made, HH:MM:SS in a table */
	KIND_SINCE,	/* u64 CLOCK_MONOTONIC ns; table: seconds since the first row; JSON: not shown (there is "ts") */
	KIND_HIST,	/* struct hist; a histogram block in a table */
	KIND_SUMMARY,	/* struct hist; the line of average, total and count below a histogram */
};

struct name {
	u64 value;
	const char *name;
};

struct column {
	const char *heading;	/* in tables */
	const char *key;	/* JSON and CSV key, --columns and --sort name: the member's name */
	const char *help;	/* for `bpftk help TOOL` and the schema: what it is, with its unit */
	enum kind kind;
	u16 offset, size;	/* where it lies in its part of the row */
	short width;		/* cells in a table; negative: left-aligned; 0: rest of the line */
	bool in_key;		/* in the map's key, not in its value */
	bool hidden;		/* in a table only when an option or --columns asks for it */
	bool on_request;	/* what is hidden is not known: the probe gathers it only if an option of the tool shows it */
	bool in_total;		/* --sort all adds up these */
	const char *suffix;	/* printed right after the value in a table: the ':' of a clock */
	const char *blank;	/* KIND_OCTAL: printed when the value is all ones */
	bool octal;		/* KIND_FLAGS: in a table not the names but the number, zero-padded to width */
	const struct name *names;	/* KIND_ENUM, KIND_WORD, KIND_FLAGS (value: a mask): ended by a NULL name; if NULL, core fills it from ... */
	const char *kernel_enum[2];	/* ... the kernel's own BTF: this enum, or, where it is not found, the second */
};

#define COLUMN(type, member, heading_, kind_, width_, ...) \
	{ .heading = heading_, .key = #member, .kind = kind_, .width = width_, .offset = offsetof(type, member), \
	  .size = sizeof(((type *)0)->member), ##__VA_ARGS__ }
#define KEY_COLUMN(type, member, heading_, kind_, width_, ...) \
	COLUMN(type, member, heading_, kind_, width_, .in_key = true, ##__VA_ARGS__)
