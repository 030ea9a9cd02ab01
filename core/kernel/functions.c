// SPDX-License-Identifier: GPL-2.0-only
/*
 * functions.c - which functions a regular expression names and kprobes can take. Same rules as everyone's: text
 * symbols of kallsyms, in ftrace's list (where that can be read), not blacklisted, not the kernel's own probes.
 */
#include <errno.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "kernel.h"

struct list {
	struct function *items;
	size_t count, room;
};

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct function *)a)->name, ((const struct function *)b)->name);
}

/* "name\0module\0", to be freed as one; module may be "". */
static struct function new_function(const char *name, const char *module, u64 address)
{
	size_t length = strlen(name) + 1;
	struct function function = { .name = malloc(length + strlen(module) + 1), .address = address };

	if (function.name) {
		strcpy(function.name, name);
		strcpy(function.name + length, module);
		function.module = *module ? function.name + length : NULL;
	}
	return function;
}

static int add(struct list *list, const char *name, const char *module, u64 address)
{
	if (list->count == list->room) {
		size_t room = list->room ? 2 * list->room : 128;
		struct function *items = realloc(list->items, room * sizeof(*items));

		if (!items)
			return -ENOMEM;
		list->items = items;
		list->room = room;
	}
	list->items[list->count] = new_function(name, module, address);
	return list->items[list->count].name ? (list->count++, 0) : -ENOMEM;
}

/* Never probed: perf's and kprobes' own paths, static-call trampolines, and parts that the compiler moved away. */
static bool reserved(const char *name)
{
	static const char *const prefixes[] = { "_kbl_addr_", "__perf", "perf_", "__SCT__", "__pfx_", "__cfi_" };
	const char *cold = strstr(name, ".cold");

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++)
		if (!strncmp(name, prefixes[i], strlen(prefixes[i])))
			return true;
	return cold && (!cold[5] || cold[5] == '.');
}

static bool whole_match(const regex_t *regex, const char *name)
{
	regmatch_t match;

	return !regexec(regex, name, 1, &match, 0) && match.rm_so == 0 && !name[match.rm_eo];
}

/* Cuts "ffffffff81000000 T name\t[module]"; by hand: this is done 200,000 times, where sscanf was slow. */
static const char *symbol(char *line, char *type, const char **module)
{
	char *name = strchr(line, ' '), *end;

	if (!name || !name[1] || name[2] != ' ')
		return NULL;
	*type = name[1];
	name += 3;
	end = name + strcspn(name, " \t\n");
	*module = *end == '\t' && end[1] == '[' ? end + 2 : "";
	if (**module)
		end[2 + strcspn(end + 2, "]\n")] = '\0';
	*end = '\0';
	return name;
}

/* Text symbols that match, outside the kernel's init section. */
static int match_symbols(const char *expression, struct list *matched)
{
	FILE *file = fopen("/proc/kallsyms", "re");
	char line[1024], type;
	const char *name, *module;
	bool skip = false;
	int err = 0;
	regex_t regex;

	if (!file)
		return -errno;
	if (regcomp(&regex, expression, REG_EXTENDED)) {
		fclose(file);
		return -EINVAL;
	}
	while (!err && fgets(line, sizeof(line), file)) {
		name = symbol(line, &type, &module);
		if (!name)
			continue;
		if (!strcmp(name, "__init_begin") || !strcmp(name, "__init_end"))
			skip = !strcmp(name, "__init_begin");
		if (!skip && strchr("tTwW", type) && !reserved(name) && whole_match(&regex, name))
			err = add(matched, name, module, strtoull(line, NULL, 16));
	}
	regfree(&regex);
	fclose(file);
	return err;
}

/* Mark in found[] which of list a file of names has; the name is a line's word number `word`. The file is closed. */
static bool mark(const struct list *list, FILE *file, int word, bool *found)
{
	char line[1024], *name, *rest;

	if (!file)
		return false;
	while (fgets(line, sizeof(line), file)) {
		struct function *item, key;

		name = strtok_r(line, " \t\n", &rest);
		for (int i = 0; name && i < word; i++)
			name = strtok_r(NULL, " \t\n", &rest);
		key.name = name;
		item = name ? bsearch(&key, list->items, list->count, sizeof(key), by_name) : NULL;
		if (item)
			found[item - list->items] = true;
	}
	fclose(file);
	return true;
}

/* Drop names that occur more than once: which of them a probe would hit cannot be said. */
static size_t drop_doubles(struct list *list)
{
	size_t kept = 0, dropped = 0;

	qsort(list->items, list->count, sizeof(*list->items), by_name);
	for (size_t i = 0, next; i < list->count; i = next) {
		for (next = i + 1; next < list->count && !by_name(&list->items[i], &list->items[next]); next++)
			;
		if (next == i + 1) {
			list->items[kept++] = list->items[i];
			continue;
		}
		for (dropped += next - i; i < next; i++)
			free(list->items[i].name);
	}
	list->count = kept;
	return dropped;
}

int kprobe_functions(const char *regex, struct function **functions, size_t *count, size_t *refused)
{
	struct list list = {};
	bool *listed, *black, known;
	size_t kept = 0;
	int err = match_symbols(regex, &list);

	*functions = NULL;
	*count = *refused = 0;
	if (err || !list.count) {	/* to make the other lists takes the kernel as long */
		functions_free(list.items, list.count);
		return err;
	}
	*refused = drop_doubles(&list);
	listed = calloc(2, list.count + 1);
	if (!listed) {
		functions_free(list.items, list.count);
		return -ENOMEM;
	}
	black = listed + list.count;
	known = mark(&list, kernel_fs_file("tracefs", "available_filter_functions"), 0, listed);
	mark(&list, kernel_fs_file("debugfs", "kprobes/blacklist"), 1, black);
	for (size_t i = 0; i < list.count; i++) {
		if (black[i] || (known && !listed[i])) {
			free(list.items[i].name);
			++*refused;
		} else {
			list.items[kept++] = list.items[i];
		}
	}
	free(listed);
	*functions = list.items;
	*count = kept;
	return 0;
}

void functions_free(struct function *functions, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(functions[i].name);
	free(functions);
}
