/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tools.h - column tables and rows of five tools, as cmd/ and the kernel make them. Records are
 * declared here and not taken from probes/: these tests are about output/, and their golden files
 * shall not change with a probe.
 */
#pragma once

#include "output.h"

extern const struct column vfsstat_columns[], opensnoop_columns[], filetop_columns[];
extern const struct column biolatency_columns[], ext4dist_columns[];

/* Rows point to static records; arrays are made anew each time: output sorts them in place. */
struct rows {
	struct row items[32];
	size_t count;
};

struct rows vfsstat_rows(void);
struct rows opensnoop_rows(void);
struct rows filetop_rows(void);
struct rows biolatency_rows(void);
struct rows ext4dist_rows(void);

/* A tool's spec; the caller sets the rest. */
struct output_spec vfsstat_spec(enum format format);
struct output_spec opensnoop_spec(enum format format);
struct output_spec filetop_spec(enum format format);
struct output_spec biolatency_spec(enum format format);
struct output_spec ext4dist_spec(enum format format);
