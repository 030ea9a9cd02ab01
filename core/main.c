// SPDX-License-Identifier: GPL-2.0-only
/* main.c - find the tool by the name we were called, or by the first argument. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "fail.h"
#include "options.h"
#include "tool.h"

static const struct {
	const char *subject;	/* where it lies in cmd/, probes/ and tests/tools/ */
	const struct tool *tool;
} tools[] = {
#define TOOL(subject, name) { #subject, &name##_tool },
#include "../cmd/tools.h"
#undef TOOL
};

#define TOOLS (sizeof(tools) / sizeof(*tools))

static const struct tool *find(const char *name)
{
	for (size_t i = 0; i < TOOLS; i++)
		if (!strcmp(tools[i].tool->name, name))
			return tools[i].tool;
	return NULL;
}

static size_t least(size_t a, size_t b, size_t c)
{
	return a < b ? (a < c ? a : c) : (b < c ? b : c);
}

/* Letters to change, add or leave out between two words (Levenshtein). */
static size_t distance(const char *a, const char *b)
{
	size_t length = strlen(b), row[32];

	if (length >= sizeof(row) / sizeof(*row))
		return ~0UL;
	for (size_t j = 0; j <= length; j++)
		row[j] = j;
	for (; *a; a++) {
		size_t corner = row[0]++;	/* of the row above, one to the left */

		for (size_t j = 1; j <= length; j++) {
			size_t above = row[j];

			row[j] = least(row[j - 1] + 1, above + 1, corner + (*a != b[j - 1]));
			corner = above;
		}
	}
	return row[length];
}

/* EXIT_USAGE, after a line with the nearest name there is, if it is near. */
static int no_tool(const char *name)
{
	const char *nearest = NULL;
	size_t best = 3;

	for (size_t i = 0; i < TOOLS; i++) {
		size_t far = distance(name, tools[i].tool->name);

		if (far < best) {
			best = far;
			nearest = tools[i].tool->name;
		}
	}
	if (nearest)
		return fail(EXIT_USAGE, "no tool '%s'; did you mean %s?", name, nearest);
	return fail(EXIT_USAGE, "no tool '%s'; see bpftk list", name);
}

static int list(int argc, char **argv)
{
	const char *subject = argc > 1 ? argv[1] : NULL;
	bool listed = false;

	if (argc > 2)
		return fail(EXIT_USAGE, "list takes one subject at most");
	for (size_t i = 0; i < TOOLS; i++)
		if (!subject || !strcmp(tools[i].subject, subject)) {
			printf("%-14s %-8s %s\n", tools[i].tool->name, tools[i].subject, tools[i].tool->summary);
			listed = true;
		}
	return listed ? EXIT_DONE : fail(EXIT_USAGE, "no tools of subject '%s'; see bpftk list", subject);
}

static int usage(FILE *stream)
{
	fputs("bpftk - what is this Linux machine doing?\n\n"
	      "Usage: bpftk TOOL [options]     or a symlink named TOOL\n"
	      "       bpftk list [SUBJECT]     all tools, or those of file, block, ...; one a line\n"
	      "       bpftk help TOOL          what it shows, options, columns\n"
	      "       bpftk schema TOOL        its fields, as a JSON document\n"
	      "       bpftk --install DIR      a symlink in DIR for each tool\n"
	      "       bpftk --version\n\n"
	      "Try: bpftk vfsstat 1           bpftk opensnoop --json | jq\n", stream);
	return stream == stdout ? EXIT_DONE : EXIT_USAGE;
}

static const struct tool *named(int argc, char **argv)
{
	const struct tool *tool = argc == 2 ? find(argv[1]) : NULL;

	if (argc != 2)
		fail(EXIT_USAGE, "%s needs the name of a tool; see bpftk list", argv[0]);
	else if (!tool)
		no_tool(argv[1]);
	return tool;
}

static int help(int argc, char **argv)
{
	const struct tool *tool = argc > 1 ? named(argc, argv) : NULL;

	if (argc == 1)
		return usage(stdout);
	if (!tool)
		return EXIT_USAGE;
	options_help(tool);
	return EXIT_DONE;
}

static int schema(int argc, char **argv)
{
	const struct tool *tool = named(argc, argv);
	char *text = tool ? output_schema(tool->name, tool->summary, tool->columns, !tool->stream) : NULL;

	if (!tool)
		return EXIT_USAGE;
	if (!text)
		return fail(EXIT_FAILED, "out of memory");
	puts(text);
	free(text);
	return EXIT_DONE;
}

/* A symlink for each tool. One that is there already and leads here is fine; anything else stays untouched. */
static int install(int argc, char **argv)
{
	char self[PATH_MAX] = "", path[PATH_MAX], there[PATH_MAX];

	if (argc != 2)
		return fail(EXIT_USAGE, "--install needs a directory");
	if (readlink("/proc/self/exe", self, sizeof(self) - 1) < 0)
		return fail(EXIT_FAILED, "cannot find this program's own file: %s", strerror(errno));
	for (size_t i = 0; i < TOOLS; i++) {
		if (snprintf(path, sizeof(path), "%s/%s", argv[1], tools[i].tool->name) >= (int)sizeof(path))
			return fail(EXIT_USAGE, "%s: name too long", argv[1]);
		if (!symlink(self, path))
			continue;
		if (errno != EEXIST || !realpath(path, there) || strcmp(there, self))
			return fail(EXIT_FAILED, "cannot make %s: %s", path, strerror(errno));
	}
	return EXIT_DONE;
}

static int version(int argc, char **argv)
{
	(void)argc, (void)argv;
	printf("bpftk %s\n", BPFTK_VERSION);
	return EXIT_DONE;
}

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
} commands[] = {
	{ "list", list },	{ "help", help },	{ "schema", schema },	{ "--install", install },
	{ "--help", help },	{ "-h", help },		{ "--version", version }, { "-V", version },
};

static int dispatch(int argc, char **argv)
{
	const char *slash = argc ? strrchr(argv[0], '/') : NULL;
	const struct tool *tool = argc ? find(slash ? slash + 1 : argv[0]) : NULL;

	if (tool)
		return run_tool(tool, argc, argv);
	if (argc < 2)
		return usage(stderr);
	tool = find(argv[1]);
	if (tool)
		return run_tool(tool, argc - 1, argv + 1);
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		if (!strcmp(argv[1], commands[i].name))
			return commands[i].run(argc - 1, argv + 1);
	return no_tool(argv[1]);
}

/* A closed standard descriptor would be given to the next file that is opened, and rows or messages go there. */
static int check_descriptors(void)
{
	if (fcntl(STDOUT_FILENO, F_GETFD) < 0)
		return fail(EXIT_FAILED, "standard output is closed");
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) != fd)
			return EXIT_FAILED;
	return EXIT_DONE;
}

int main(int argc, char **argv)
{
	int code = check_descriptors();

	code = code ? code : dispatch(argc, argv);

	/* list, help and schema print through stdio: a full disk must not pass for success */
	if (fflush(stdout) && errno != EPIPE && !code)
		code = fail(EXIT_FAILED, "cannot write to standard output: %s", strerror(errno));
	return code;
}
