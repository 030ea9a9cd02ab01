// SPDX-License-Identifier: GPL-2.0-only
/* rows.c - renders rows of opensnoop to /dev/null, for tests/bench/rows to count: rows FORMAT COLUMNS N */
#include <stdlib.h>
#include <string.h>
#include "../../cmd/file/opensnoop.c"

#define BATCH 64	/* rows to a flush */

const struct probe opensnoop_probe;

static const struct {
	struct open_event head;
	const char *path;
} recorded[] = {
	{ { .pid = 1, .tid = 1, .fd = 9, .flags = O_CLOEXEC, .mode = NO_MODE, .comm = "systemd" }, "/proc/1/cgroup" },
	{ { .pid = 48213, .tid = 48213, .uid = 1000, .fd = -1, .err = 2, .flags = O_CLOEXEC, .mode = NO_MODE,
	    .comm = "bash" }, "/usr/lib/x86_64-linux-gnu/glibc-hwcaps/libtinfo.so.6" },
	{ { .pid = 48217, .tid = 48221, .uid = 1000, .fd = 5, .flags = O_WRONLY | O_CREAT | O_TRUNC, .mode = 0644,
	    .comm = "cc1plus" }, "build/output/CMakeFiles/main.c.o" },
	{ { .pid = 977, .tid = 977, .uid = 33, .fd = 14, .flags = O_NONBLOCK | O_CLOEXEC | O_DIRECTORY, .mode = NO_MODE,
	    .comm = "nginx: worker" }, "/var/www/html" },
};

#define RECORDED (sizeof(recorded) / sizeof(recorded[0]))

static struct row record(size_t which)
{
	size_t size = strlen(recorded[which].path) + 1, parts = offsetof(struct open_event, path.parts);
	struct open_event *event = calloc(1, parts + size);

	if (!event)
		exit(1);
	memcpy(event, &recorded[which].head, sizeof(*event));
	event->time_ns = 86399 * 1000000000ULL + which * 1234567;
	event->path.size = size;
	memcpy((char *)event + parts, recorded[which].path, size);
	return (struct row){ .value = event, .size = parts + size };
}

int main(int argc, char **argv)
{
	struct output_spec spec = { .tool = "rows", .columns = columns, .layout = LAYOUT_LINES };
	struct row rows[RECORDED];
	struct output *out;
	int count;

	if (argc != 4)
		return 2;
	spec.format = argv[1][0] == 'j' ? FORMAT_JSON : argv[1][0] == 'c' ? FORMAT_CSV : FORMAT_TABLE;
	spec.wanted = *argv[2] ? argv[2] : NULL;
	count = atoi(argv[3]);
	spec.fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (spec.fd < 0 || output_open(&out, &spec))
		return 1;
	for (size_t i = 0; i < RECORDED; i++)
		rows[i] = record(i);
	output_header(out);
	for (int i = 0; i < count; i++) {
		struct moment when = { .realtime_ns = 1790000000123456789 + i * 50000ULL };

		output_row(out, &rows[i % RECORDED], &when);
		if (i % BATCH == 0 && output_flush(out))
			return 1;
	}
	if (output_flush(out))
		return 1;
	output_close(out);
	for (size_t i = 0; i < RECORDED; i++)
		free((void *)rows[i].value);
	return 0;
}
