// SPDX-License-Identifier: GPL-2.0-only
/* test_flush.c - writing: to ends that are closed, full or slow; lost rows and objects */
#define _GNU_SOURCE 1	/* pipe2, F_SETPIPE_SZ */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
#include "internal.h"
#include "support.h"

static const struct column columns[] = {
	{ .heading = "N", .key = "n", .kind = KIND_UINT, .size = sizeof(u64) }, {}
};

static const struct moment now = { .realtime_ns = NOW_NS };

static struct output *open_on(struct output_spec *spec, enum format format, int fd)
{
	struct output *out;

	*spec = (struct output_spec){
		.tool = "test", .columns = columns, .format = format, .fd = fd,
	};
	assert_int_equal(output_open(&out, spec), 0);
	return out;
}

static void put(struct output *out, u64 number)
{
	output_row(out, &(struct row){ .value = &number, .size = sizeof(number) }, &now);
}

static void test_closed_pipe(void **state)
{
	struct output_spec spec;
	struct output *out;
	int ends[2];

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	out = open_on(&spec, FORMAT_TABLE, ends[1]);
	put(out, 7);
	assert_int_equal(output_flush(out), 0);
	close(ends[0]);
	assert_int_equal(output_flush(out), 0);	/* nothing to write */
	put(out, 11);
	assert_int_equal(output_flush(out), -EPIPE);
	assert_int_equal(output_flush(out), 0);	/* what could not be written is gone */
	assert_int_equal(output_rows(out), 2);
	output_close(out);
	close(ends[1]);
}

static void test_full_disk(void **state)
{
	struct output_spec spec;
	struct output *out;
	int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);

	(void)state;
	assert_true(fd >= 0);
	out = open_on(&spec, FORMAT_JSON, fd);
	put(out, 13);
	assert_int_equal(output_flush(out), -ENOSPC);
	assert_int_equal(output_flush(out), 0);
	output_close(out);
	close(fd);
}

struct reader {
	int fd;
	size_t size, newlines;
};

static void *read_slowly(void *argument)
{
	struct reader *reader = argument;
	char bytes[997];
	ssize_t size;

	usleep(20011);	/* so that the pipe is full first */
	while ((size = read(reader->fd, bytes, sizeof(bytes))) > 0) {
		reader->size += size;
		for (ssize_t i = 0; i < size; i++)
			reader->newlines += bytes[i] == '\n';
	}
	return NULL;
}

static void flush_all(struct output *out)
{
	while (output_flush(out) == -EAGAIN) {
		struct pollfd writable = { .fd = output_fd(out), .events = POLLOUT };

		assert_true(output_waits(out));
		assert_int_equal(poll(&writable, 1, 10000), 1);
	}
	assert_false(output_waits(out));
}

/* A pipe of one page: every write is short or refused, and nothing is lost. */
static void test_small_pipe(void **state)
{
	const u64 rows = 50021;
	struct reader reader = {};
	struct output_spec spec;
	struct output *out;
	pthread_t thread;
	int ends[2];

	(void)state;
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	assert_true(fcntl(ends[1], F_SETPIPE_SZ, 4096) > 0);
	reader.fd = ends[0];
	assert_int_equal(pthread_create(&thread, NULL, read_slowly, &reader), 0);
	out = open_on(&spec, FORMAT_TABLE, ends[1]);
	for (u64 i = 0; i < rows; i++)
		put(out, 1000003);
	flush_all(out);
	assert_int_equal(fcntl(ends[1], F_GETFL) & O_NONBLOCK, 0);	/* which others write to, too */
	assert_int_equal(output_rows(out), rows);
	assert_int_equal(output_unwritten(out), 0);
	output_close(out);
	close(ends[1]);
	pthread_join(thread, NULL);
	close(ends[0]);
	assert_int_equal(reader.newlines, rows);
	assert_int_equal(reader.size, rows * strlen("1000003\n"));
}

/* How many whole lines are in what was written to the other end of a pipe or socket. */
static u64 lines_at(int fd)
{
	char bytes[4096];
	u64 lines = 0;
	ssize_t size;

	assert_int_equal(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
	while ((size = read(fd, bytes, sizeof(bytes))) > 0)
		for (ssize_t i = 0; i < size; i++)
			lines += bytes[i] == '\n';
	return lines;
}

enum { PIPE, SOCKET, POLLED, KINDS };

/* Nobody reads: what is written and what is given up are all rows, whatever else stands between them. */
static void check_stuck(int kind, enum format format, u64 others)
{
	const u64 rows = 100003;
	struct output_spec spec;
	struct output *out;
	int ends[2];
	u64 lines;

	if (kind == SOCKET)
		assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	else
		assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	out = open_on(&spec, format, ends[1]);
	if (kind == POLLED) {	/* as where it may not be opened once more */
		sink_close(&out->sink);
		out->sink.kind = SINK_POLLED;
	}
	output_header(out);
	output_lost(out, "cause", 3, &now);
	for (u64 i = 0; i < rows; i++)
		put(out, i);
	output_lost(out, "cause", 5, &now);
	assert_int_equal(output_flush(out), -EAGAIN);
	assert_int_equal(output_flush(out), -EAGAIN);
	assert_true(output_waits(out));
	output_give_up(out);
	assert_false(output_waits(out));
	lines = lines_at(ends[0]) - others;
	assert_true(lines > 0);
	assert_int_equal(lines + output_unwritten(out), rows);
	put(out, 7);
	assert_int_equal(output_flush(out), 0);
	assert_int_equal(lines + output_unwritten(out), rows + 1);
	output_close(out);
	close(ends[0]);
	close(ends[1]);
}

static void test_stuck(void **state)
{
	(void)state;
	for (int kind = 0; kind < KINDS; kind++) {
		check_stuck(kind, FORMAT_TABLE, 1);
		check_stuck(kind, FORMAT_CSV, 1);
		check_stuck(kind, FORMAT_JSON, 1);
	}
}

/* Of a screenful that is not taken the rows count, not the lines. */
static void test_stuck_interval(void **state)
{
	struct output_spec spec = { .tool = "test", .columns = columns, .layout = LAYOUT_TOP };
	u64 values[] = { 2, 3, 5 };
	struct row rows[COUNT(values)];
	struct output *out;
	int ends[2];

	(void)state;
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	spec.fd = ends[1];
	assert_int_equal(output_open(&out, &spec), 0);
	for (int i = 0; output_flush(out) != -EAGAIN; i++) {
		for (size_t j = 0; j < COUNT(values); j++)
			rows[j] = (struct row){ .value = &values[j], .size = sizeof(values[j]) };
		output_interval(out, rows, COUNT(values), &now);
		assert_true(i < 100000);
	}
	output_give_up(out);
	assert_in_range(output_unwritten(out), 0, 3);
	rows[0] = (struct row){ .value = &values[0], .size = sizeof(values[0]) };
	output_interval(out, rows, 1, &now);
	assert_int_equal(output_flush(out), 0);
	assert_in_range(output_unwritten(out), 1, 4);
	output_close(out);
	close(ends[0]);
	close(ends[1]);
}

/* Nothing is written before flush. */
static void test_gathers(void **state)
{
	struct output_spec spec;
	struct output *out;
	int ends[2];
	char byte;

	(void)state;
	assert_int_equal(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
	out = open_on(&spec, FORMAT_TABLE, ends[1]);
	output_header(out);
	put(out, 17);
	assert_int_equal(read(ends[0], &byte, 1), -1);
	assert_int_equal(output_flush(out), 0);
	assert_int_equal(read(ends[0], &byte, 1), 1);
	assert_int_equal(byte, 'N');
	output_close(out);
	close(ends[0]);
	close(ends[1]);
}

/* Out of memory: said once, and then it goes on. */
static void test_failed(void **state)
{
	struct output_spec spec;
	struct output *out;
	int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);

	(void)state;
	out = open_on(&spec, FORMAT_JSON, fd);
	put(out, 19);
	out->text.failed = true;
	put(out, 23);
	assert_int_equal(output_flush(out), -ENOMEM);
	put(out, 29);
	assert_true(out->text.size > 0);
	assert_int_equal(output_flush(out), 0);
	output_close(out);
	close(fd);
}

static void check_extra(enum format format, const char *expected)
{
	struct output_spec spec = { .tool = "test", .columns = columns, .format = format };
	struct output *out = open_output(&spec);
	char *text;

	output_object(out, "{\"type\":\"start\"}");
	output_lost(out, "no room in the \"buffer\"", 18446744073709551557ULL, &now);
	assert_int_equal(output_rows(out), 0);
	text = close_output(out, &spec);
	assert_string_equal(text, expected);
	free(text);
}

static void test_lost(void **state)
{
	(void)state;
	check_extra(FORMAT_TABLE, "");
	check_extra(FORMAT_CSV, "");
	check_extra(FORMAT_JSON, "{\"type\":\"start\"}\n"
		    "{\"ts\":\"2026-03-01T12:34:56.000000789Z\",\"type\":\"lost\","
		    "\"cause\":\"no room in the \\\"buffer\\\"\","
		    "\"count\":18446744073709551557}\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_closed_pipe),
		cmocka_unit_test(test_full_disk),
		cmocka_unit_test(test_small_pipe),
		cmocka_unit_test(test_stuck),
		cmocka_unit_test(test_stuck_interval),
		cmocka_unit_test(test_gathers),
		cmocka_unit_test(test_failed),
		cmocka_unit_test(test_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
