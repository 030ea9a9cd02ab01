/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * table.h - a map as rows, each with what was added since the last reading. Nothing is lost between two readings:
 * per-CPU maps are never emptied (a row is the difference to the last one), swapped hashes (probes/lib/swap.bpf.h) are
 * read when no program writes to them any more.
 */
#pragma once

#include "attach/attach.h"

struct table {
	int map;		/* what programs write to; or the outer map of a swapped hash */
	int halves[2];		/* of a swapped hash; -1 otherwise */
	int active;		/* which of them programs write to */
	bool array, keep_zero;
	u32 key_size, value_size, max_entries;
	int cpus;
	char *keys, *values;	/* of the rows */
	char *last_keys, *last_values;	/* totals at the last reading */
	size_t last_count;
	char *per_cpu;
	struct row *rows;
};

/* keep_zero: rows in which nothing was counted are rows too. Both: 0 or an exit code after a line on stderr. */
int table_open(struct table *table, const struct attachment *attachment, const char *name, bool keep_zero);
int table_read(struct table *table, struct row **rows, size_t *count);	/* rows are valid until the next call */
void table_close(struct table *table);
