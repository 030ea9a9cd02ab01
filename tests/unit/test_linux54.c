// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_linux54.c - on Linux 5.4, which README promises and no distribution's archive has for us, every tool loads, with each
 * of its options and with any two of them. The whole of core runs, against linux54.c in place of a kernel. Kernel types
 * are those that the probe itself names: it has those of old kernels as well, and takes them where they are there.
 */
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "attach/hooks.h"
#include "attach/packed.h"
#include "linux54.h"
#include "options.h"
#include "tool.h"

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))
#define BTF_FILE 100	/* as a descriptor */

/* --- what core would ask the machine (the linker puts these in place of core's own) --- */

static bool has_tracefs;

int __wrap_may_trace(void);
int __wrap_returns_open(struct returns *returns);
int __wrap_kprobe_functions(const char *regex, struct function **functions, size_t *count, size_t *refused);
int __wrap_hooks_attach(struct attachment *a, bool exits);

int __wrap_may_trace(void)
{
	return 0;
}

int __wrap_returns_open(struct returns *returns)
{
	*returns = (struct returns){ .root = has_tracefs ? dup(2) : -1, .profile = has_tracefs ? dup(2) : -1 };
	return has_tracefs ? 0 : -1;
}

int __wrap_kprobe_functions(const char *regex, struct function **functions, size_t *count, size_t *refused)
{
	(void)regex;
	*functions = calloc(2, sizeof(**functions));
	(*functions)[0].name = strdup("vfs_read");
	(*functions)[1].name = strdup("vfs_write");
	*count = 2;
	*refused = 0;
	return 0;
}

int __wrap_hooks_attach(struct attachment *a, bool exits)
{
	(void)a;
	(void)exits;
	return 0;
}

const char *__wrap_switches_silence(unsigned int used, bool again);
const char *__wrap_without_kprobes(void);

const char *__wrap_switches_silence(unsigned int used, bool again)
{
	(void)used, (void)again;
	return NULL;
}

const char *__wrap_without_kprobes(void)
{
	return NULL;
}

const char *__wrap_parse_disk(const char *text, void *dst, const struct option_row *row);
const char *__wrap_parse_disk(const char *text, void *dst, const struct option_row *row)
{
	(void)row;
	*(struct disk_pattern *)dst = (struct disk_pattern){	/* nvme0cNn1: as much as there may be to compare */
		.mask = { ~0ULL, ~0ULL }, .name = { 1, 2 }, .digits_at = 6, .rest = 0x316e, .rest_mask = 0xffffff,
	};
	return *text ? NULL : "is empty";
}

/* --- kernel types --- */

static void rename_type(struct btf *btf, int id, const char *name)
{
	int at = btf__add_str(btf, name);	/* which may move the types */

	((struct btf_type *)btf__type_by_id(btf, id))->name_off = at;
}

static void add_members(struct btf *btf, int from, u32 offset)
{
	u32 count = btf_vlen(btf__type_by_id(btf, from));

	for (u32 i = 0; i < count; i++) {	/* what is added moves all types and names */
		const struct btf_type *t = btf__type_by_id(btf, from);
		char name[64];

		snprintf(name, sizeof(name), "%s", btf__name_by_offset(btf, btf_members(t)[i].name_off));
		btf__add_field(btf, name, btf_members(t)[i].type, btf_member_bit_offset(t, i) + 8 * offset, 0);
	}
}

/* struct request and struct request___rq_disk become one, the kernel's struct request. */
static void join_flavours(struct btf *btf)
{
	int count = btf__type_cnt(btf);

	for (int id = 1; id < count; id++) {
		const struct btf_type *t = btf__type_by_id(btf, id);
		const char *name = btf__name_by_offset(btf, t->name_off), *flavour = strstr(name, "___");
		char base[64];
		int other, joined;

		if (!btf_is_struct(t) || !flavour)
			continue;
		snprintf(base, sizeof(base), "%.*s", (int)(flavour - name), name);
		other = btf__find_by_name_kind(btf, base, BTF_KIND_STRUCT);
		if (other > 0) {
			joined = btf__type_by_id(btf, other)->size;
			btf__add_struct(btf, "", joined + btf__type_by_id(btf, id)->size);
			add_members(btf, other, 0);
			add_members(btf, id, joined);
			rename_type(btf, btf__type_cnt(btf) - 1, base);
			rename_type(btf, other, "joined");
			rename_type(btf, id, "joined");
		} else {
			rename_type(btf, id, base);
		}
	}
}

/* btf_trace_block_rq_issue and the like: as a tracepoint was declared, (void *, struct request_queue *, struct request *). */
static void add_tracepoint(struct btf *btf, const char *name)
{
	int proto, pointers[3] = {
		btf__add_ptr(btf, 0), btf__add_ptr(btf, btf__find_by_name_kind(btf, "request_queue", BTF_KIND_STRUCT)),
		btf__add_ptr(btf, btf__find_by_name_kind(btf, "request", BTF_KIND_STRUCT)),
	};

	proto = btf__add_func_proto(btf, 0);
	for (size_t i = 0; i < LENGTH(pointers); i++)
		btf__add_func_param(btf, "", pointers[i]);
	btf__add_typedef(btf, name, btf__add_ptr(btf, proto));
}

static int give_types(const struct tool *tool)
{
	const struct probe *probe = tool->probe;
	size_t size;
	void *packed = unpack(probe->begin[WAY_KPROBE], probe->end[WAY_KPROBE], &size);
	struct bpf_object *object = bpf_object__open_mem(packed, size, NULL);
	struct btf *btf = object ? bpf_object__btf(object) : NULL;
	const void *data;
	u32 bytes;
	int fd = memfd_create("types", 0);

	if (!btf || fd < 0)
		return -1;
	join_flavours(btf);
	for (const struct position *p = tool->positions; p && p->function; p++)
		add_tracepoint(btf, p->function);
	data = btf__raw_data(btf, &bytes);
	if (!data || write(fd, data, bytes) != bytes || dup2(fd, BTF_FILE) < 0)
		return -1;
	close(fd);
	bpf_object__close(object);
	free(packed);
	return 0;
}

/* --- options --- */

/* An argument for each kind of option; what is not here has to be put here. */
static const char *argument_of(const struct option_row *row)
{
	static const char *const arguments[][2] = {
		{ "PID", "1" }, { "TID", "1" }, { "UID", "1000" }, { "NAME", "a-long-name" }, { "N", "8" }, { "SECONDS", "1" },
		{ "BYTES", "64K" }, { "O_FLAG", "O_CREAT" }, { "DIR", "/" }, { "DISK", "sda" }, { "REGEX", "vfs_.*" },
	};

	if (!strcmp(row->name, "cgroup"))
		return access("/sys/fs/cgroup/cgroup.controllers", F_OK) ? NULL : "/sys/fs/cgroup";
	if (!strcmp(row->name, "cgroupmap") || !strcmp(row->name, "mntnsmap"))
		return "/sys/fs/bpf/map";
	for (size_t i = 0; i < LENGTH(arguments); i++)
		if (!strcmp(arguments[i][0], row->argument))
			return arguments[i][1];
	fprintf(stderr, "test_linux54.c does not know what to give --%s %s\n", row->name, row->argument);
	exit(1);
}

/* It says what is done with rows and when, not what is asked of the kernel; or it is given to all runs here. */
static bool is_of_no_matter(const struct option_row *row)
{
	static const char *const names[] = {
		"interval", "count", "sort", "limit", "duration", "json", "csv", "columns", "no-header", "hook", "explain",
		"strict", "meta", "btf", "verbose", "help", "version", "max-events", "keep-running",
	};

	for (size_t i = 0; i < LENGTH(names); i++)
		if (!strcmp(row->name, names[i]))
			return true;
	return !row->parse;
}

static size_t add(char **argv, const struct option_row *row)
{
	static char names[2][40];
	static int turn;
	size_t count = 0;

	if (!strcmp(row->name, "children")) {	/* of whom */
		argv[count++] = "--pid";
		argv[count++] = "1";
	}
	turn = !turn;
	snprintf(names[turn], sizeof(names[turn]), "--%s", row->name);
	argv[count++] = names[turn];
	if (row->argument)
		argv[count++] = (char *)argument_of(row);
	return count;
}

static bool exclude(const struct option_row *a, const struct option_row *b)
{
	return (a->excludes && !strcmp(a->excludes, b->name)) || (b->excludes && !strcmp(b->excludes, a->name));
}

static int runs;

/* A run of its own process, whose words are shown if it fails. */
static int run(const struct tool *tool, const struct option_row *one, const struct option_row *other)
{
	char *argv[16] = { "bpftk", "--hook", "kprobe", "--explain", "--btf", "/proc/self/fd/100" }, said[8192];
	size_t count = 6;
	int words = memfd_create("words", 0), status;
	pid_t child;

	count += one ? add(argv + count, one) : 0;
	count += other ? add(argv + count, other) : 0;
	runs++;
	child = fork();
	if (!child) {
		dup2(words, 1);
		dup2(words, 2);
		_exit(run_tool(tool, count, argv));
	}
	if (waitpid(child, &status, 0) == child && WIFEXITED(status) && !WEXITSTATUS(status)) {
		close(words);
		return 0;
	}
	said[pread(words, said, sizeof(said) - 1, 0)] = '\0';
	close(words);
	fprintf(stderr, "%s", tool->name);
	for (size_t i = 6; i < count; i++)
		fprintf(stderr, " %s", argv[i]);
	fprintf(stderr, ": %d\n%s\n", status, said);
	return 1;
}

static bool usable(const struct option_row *row)
{
	return !is_of_no_matter(row) && (!row->argument || argument_of(row));
}

/* The options of a family are those of its last one. */
static int try_tool(const struct tool *tool, bool last)
{
	struct option_rows rows;
	int failed = run(tool, NULL, NULL);

	options_of(tool, &rows);
	for (int i = 0; i < rows.count && last; i++) {
		if (!usable(rows.row[i]))
			continue;
		failed += run(tool, rows.row[i], NULL);
		for (int j = i + 1; j < rows.count && !has_tracefs; j++)	/* that is one variety more, it is enough by itself */
			if (usable(rows.row[j]) && !exclude(rows.row[i], rows.row[j]))
				failed += run(tool, rows.row[i], rows.row[j]);
	}
	return failed;
}

/* test_linux54 [TOOL] */
int main(int argc, char **argv)
{
	static const struct tool *const tools[] = {
#define TOOL(subject, name) &name##_tool,
#include "../../cmd/tools.h"
#undef TOOL
	};
	int failed = 0;

	for (size_t i = 0; i < LENGTH(tools); i++) {
		bool last = true;

		if (argc > 1 && strcmp(argv[1], tools[i]->name))
			continue;
		for (size_t j = i + 1; j < LENGTH(tools); j++)
			last &= tools[j]->probe != tools[i]->probe;
		if (give_types(tools[i]))
			return fprintf(stderr, "%s: no types\n", tools[i]->name);
		for (int n = 0; n < 2; n++) {
			has_tracefs = n;
			failed += try_tool(tools[i], last);
		}
	}
	printf("%d runs, %d failed\n", runs, failed);
	return failed || runs < (argc > 1 ? 1 : 300);
}
