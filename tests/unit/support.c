// SPDX-License-Identifier: GPL-2.0-only
/* support.c - an output whose text a test can look at */
#define _GNU_SOURCE 1	/* memfd_create */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "support.h"

int set_time_zone(void **state)
{
	(void)state;
	setenv("TZ", "UTC", 1);
	tzset();
	return 0;
}

static char *read_all(int fd)
{
	struct stat status;
	char *text;

	assert_int_equal(fstat(fd, &status), 0);
	text = malloc(status.st_size + 1);
	assert_non_null(text);
	assert_int_equal(pread(fd, text, status.st_size, 0), status.st_size);
	text[status.st_size] = '\0';
	return text;
}

struct output *open_output(struct output_spec *spec)
{
	struct output *out;

	spec->fd = memfd_create("output", MFD_CLOEXEC);
	assert_true(spec->fd >= 0);
	assert_int_equal(output_open(&out, spec), 0);
	return out;
}

char *close_output(struct output *out, struct output_spec *spec)
{
	char *text;

	assert_int_equal(output_flush(out), 0);
	output_close(out);
	text = read_all(spec->fd);
	close(spec->fd);
	return text;
}

char *show_interval(struct output_spec *spec, struct row *rows, size_t count, u64 interval_ns)
{
	const struct moment when = { NOW_NS, interval_ns };
	struct output *out = open_output(spec);

	output_header(out);
	output_interval(out, rows, count, &when);
	return close_output(out, spec);
}

static void golden_path(char *path, size_t size, const char *name)
{
	assert_true(snprintf(path, size, "%s/%s", GOLDEN, name) < (int)size);
}

void assert_golden(const char *name, const char *text)
{
	char path[4096], *golden;
	FILE *file;

	golden_path(path, sizeof(path), name);
	if (getenv("UPDATE_GOLDEN")) {
		file = fopen(path, "w");
		assert_non_null(file);
		assert_true(fputs(text, file) >= 0);
		assert_int_equal(fclose(file), 0);
		return;
	}
	file = fopen(path, "r");
	if (!file)
		fail_msg("no %s; is this right?\n%s", path, text);
	golden = read_all(fileno(file));
	fclose(file);
	if (strcmp(golden, text))
		fail_msg("%s is\n%s\nbut this came out:\n%s", name, golden, text);
	free(golden);
}

unsigned int assert_json_lines(const char *text)
{
	unsigned int lines = 0;
	const char *end;

	for (; *text; text = end + 1, lines++) {
		cJSON *json;

		end = strchr(text, '\n');
		assert_non_null(end);
		json = cJSON_ParseWithLength(text, end - text);
		if (!cJSON_IsObject(json))
			fail_msg("not an object: %.*s", (int)(end - text), text);
		cJSON_Delete(json);
	}
	return lines;
}

char *catch_stderr(void (*function)(void *argument), void *argument)
{
	int saved = dup(STDERR_FILENO), fd = memfd_create("stderr", MFD_CLOEXEC);
	char *text;

	assert_true(saved >= 0 && fd >= 0);
	fflush(stderr);
	dup2(fd, STDERR_FILENO);
	function(argument);
	fflush(stderr);
	dup2(saved, STDERR_FILENO);
	close(saved);
	text = read_all(fd);
	close(fd);
	return text;
}
