// SPDX-License-Identifier: GPL-2.0-only
/* table.c - a map as rows. */
#include <bpf/bpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "fail.h"
#include "table.h"

/*
 * Room for count entries; memory for those that are used, and in small pages: of a huge one the first entry would take all.
 * Given back when the process ends, which is when a table does.
 */
static void *room(size_t count, size_t size)
{
	void *map = mmap(NULL, count * size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (map == MAP_FAILED)
		return NULL;
	madvise(map, count * size, MADV_NOHUGEPAGE);
	return map;
}

static size_t round_up(size_t size)
{
	return (size + 7) & ~7UL;
}

/* The two halves of a swapped hash carry its name and a letter. */
static int open_halves(struct table *table, const struct attachment *attachment, const char *name)
{
	for (int i = 0; i < 2; i++) {
		char half[64];
		struct bpf_map *map;

		snprintf(half, sizeof(half), "%s_%c", name, 'a' + i);
		map = bpf_object__find_map_by_name(attachment->object, half);
		if (!map)
			return fail(EXIT_FAILED, "the object has no map %s", half);
		table->halves[i] = bpf_map__fd(map);
		table->key_size = bpf_map__key_size(map);
		table->value_size = bpf_map__value_size(map);
		table->max_entries = bpf_map__max_entries(map);
	}
	return EXIT_DONE;
}

int table_open(struct table *table, const struct attachment *attachment, const char *name, bool keep_zero)
{
	struct bpf_map *map = bpf_object__find_map_by_name(attachment->object, name);
	size_t n;

	*table = (struct table){ .halves = { -1, -1 }, .keep_zero = keep_zero };
	if (!map)
		return fail(EXIT_FAILED, "the object has no map %s", name);
	table->map = bpf_map__fd(map);
	table->array = bpf_map__type(map) == BPF_MAP_TYPE_PERCPU_ARRAY;
	table->key_size = bpf_map__key_size(map);
	table->value_size = bpf_map__value_size(map);
	table->max_entries = bpf_map__max_entries(map);
	table->cpus = libbpf_num_possible_cpus();
	if (bpf_map__type(map) == BPF_MAP_TYPE_ARRAY_OF_MAPS && open_halves(table, attachment, name))
		return EXIT_FAILED;
	n = table->max_entries;
	table->keys = room(n, table->key_size);
	table->values = room(n, table->value_size);
	table->rows = room(n, sizeof(*table->rows));
	if (table->halves[0] < 0) {
		table->last_keys = room(n, table->key_size);
		table->last_values = room(n, table->value_size);
		table->per_cpu = calloc(table->cpus, round_up(table->value_size));
	}
	if (!table->keys || !table->values || !table->rows ||
	    (table->halves[0] < 0 && (!table->last_keys || !table->last_values || !table->per_cpu)))
		return fail(EXIT_FAILED, "out of memory for %zu rows", n);
	return EXIT_DONE;
}

static u64 *last_total(struct table *table, const void *key)
{
	size_t i = 0;

	while (i < table->last_count && memcmp(table->last_keys + i * table->key_size, key, table->key_size))
		i++;
	if (i == table->last_count) {
		if (i == table->max_entries)
			return NULL;
		memcpy(table->last_keys + i * table->key_size, key, table->key_size);
		memset(table->last_values + i * table->value_size, 0, table->value_size);
		table->last_count++;
	}
	return (u64 *)(table->last_values + i * table->value_size);
}

/* Per-CPU values are made of u64 counters: add up the CPUs, subtract what was there before. */
static bool read_entry(struct table *table, const void *key, u64 *value)
{
	u64 *last = last_total(table, key), any = 0;
	size_t words = table->value_size / sizeof(u64), stride = round_up(table->value_size) / sizeof(u64);

	if (!last || bpf_map_lookup_elem(table->map, key, table->per_cpu))
		return false;
	for (size_t word = 0; word < words; word++) {
		u64 total = 0;

		for (int cpu = 0; cpu < table->cpus; cpu++)
			total += ((u64 *)table->per_cpu)[cpu * stride + word];
		value[word] = total - last[word];
		last[word] = total;
		any |= value[word];
	}
	return any || table->keep_zero;
}

static size_t read_per_cpu(struct table *table)
{
	char key[table->key_size], next[table->key_size], *previous = NULL;
	size_t count = 0;

	while (count < table->max_entries && !bpf_map_get_next_key(table->map, previous, next)) {
		memcpy(key, next, sizeof(key));
		previous = key;
		if (read_entry(table, key, (u64 *)(table->values + count * table->value_size)))
			memcpy(table->keys + count++ * table->key_size, key, sizeof(key));
	}
	return count;
}

/* Kernels before 5.6 have no batches (057996380a42). Nobody writes to this half: no entry is missed. */
static size_t take_one_by_one(struct table *table, int map)
{
	size_t count = 0;

	while (count < table->max_entries) {
		char *key = table->keys + count * table->key_size;

		if (bpf_map_get_next_key(map, NULL, key) ||
		    bpf_map_lookup_elem(map, key, table->values + count * table->value_size) ||
		    bpf_map_delete_elem(map, key))
			break;
		count++;
	}
	return count;
}

static size_t take_half(struct table *table, int map)
{
	LIBBPF_OPTS(bpf_map_batch_opts, options);
	u32 taken = table->max_entries;
	u64 position = 0;	/* kernel's: the hash's bucket */
	int err = bpf_map_lookup_and_delete_batch(map, NULL, &position, table->keys, table->values, &taken, &options);

	if (!err || errno == ENOENT)	/* ENOENT: that was all */
		return taken;
	return take_one_by_one(table, map);
}

static int read_swapped(struct table *table, size_t *count)
{
	int full = table->active;
	u32 zero = 0;

	table->active = !full;
	if (bpf_map_update_elem(table->map, &zero, &table->halves[table->active], BPF_ANY))
		return fail(EXIT_FAILED, "cannot swap the table: %s", strerror(errno));
	*count = take_half(table, table->halves[full]);
	return EXIT_DONE;
}

int table_read(struct table *table, struct row **rows, size_t *count)
{
	int err = EXIT_DONE;

	if (table->halves[0] < 0)
		*count = read_per_cpu(table);
	else
		err = read_swapped(table, count);
	for (size_t i = 0; !err && i < *count; i++)
		table->rows[i] = (struct row){ table->keys + i * table->key_size,
					       table->values + i * table->value_size, table->value_size };
	*rows = table->rows;
	return err;
}

void table_close(struct table *table)
{
	free(table->per_cpu);
	table->per_cpu = NULL;
}
