// SPDX-License-Identifier: GPL-2.0-only
/*
 * work-aio.c - asynchronous I/O of which every request is known. Like work.c: exactly what it is told.
 *
 *	work-aio FILE STEP...
 *
 *	r:OFFSET:SIZE[:TIMES[:STRIDE]]	submit direct reads, each by an io_submit() of its own
 *	w:OFFSET:SIZE[:TIMES[:STRIDE]]	... direct writes
 *	wait			until all submitted before are complete; failed ones count as complete
 *	fsync:TIMES		submit fsyncs
 *	osync:SIZE:TIMES	ordinary writes through a second descriptor that has O_SYNC
 *	sleep:MILLISECONDS
 *	stop			SIGSTOP to oneself, after which a test may start its tool; SIGCONT goes on
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define DEPTH 1024

static char buffer[1 << 20] __attribute__((aligned(4096)));
static struct iocb blocks[DEPTH];
static aio_context_t context;
static int direct = -1, synchronous = -1;
static int submitted;

static void need(int fine, const char *what)
{
	if (fine)
		return;
	fprintf(stderr, "work-aio: %s: %s\n", what, strerror(errno));
	_exit(1);
}

static void wait_for_all(void)
{
	struct io_event events[64];

	while (submitted) {
		int done = syscall(SYS_io_getevents, context, 1, 64, events, NULL);

		need(done > 0 || errno == EINTR, "io_getevents");
		submitted -= done > 0 ? done : 0;
	}
}

static void submit(int command, long offset, long size)
{
	struct iocb *block = &blocks[submitted++];

	need(submitted <= DEPTH, "too many at once");
	memset(block, 0, sizeof(*block));
	block->aio_lio_opcode = command;
	block->aio_fildes = direct;
	block->aio_buf = command == IOCB_CMD_FSYNC ? 0 : (unsigned long)buffer;
	block->aio_nbytes = size;
	block->aio_offset = offset;
	need(syscall(SYS_io_submit, context, 1, &block) == 1, "io_submit");
}

static void step(const char *text)
{
	long offset = 0, size = 0, times = 1, stride = 0, ms;

	if (!strcmp(text, "wait")) {
		wait_for_all();
	} else if (!strcmp(text, "stop")) {
		raise(SIGSTOP);
	} else if (sscanf(text, "sleep:%ld", &ms) == 1) {
		nanosleep(&(struct timespec){ ms / 1000, ms % 1000 * 1000000 }, NULL);
	} else if (sscanf(text, "osync:%ld:%ld", &size, &times) == 2) {
		while (times--)
			need(write(synchronous, buffer, size) == size, "write");
	} else if (sscanf(text, "%*1[rw]:%ld:%ld:%ld:%ld", &offset, &size, &times, &stride) >= 2) {
		for (long i = 0; i < times; i++)
			submit(*text == 'w' ? IOCB_CMD_PWRITE : IOCB_CMD_PREAD, offset + i * stride, size);
	} else if (sscanf(text, "fsync:%ld", &times) == 1) {
		while (times--)
			submit(IOCB_CMD_FSYNC, 0, 0);
	} else {
		errno = EINVAL;
		need(0, text);
	}
}

int main(int argc, char **argv)
{
	need(argc > 2, "usage: work-aio FILE STEP...");
	direct = open(argv[1], O_RDWR | O_DIRECT);
	need(direct >= 0, argv[1]);
	synchronous = open(argv[1], O_RDWR | O_SYNC);
	need(synchronous >= 0, argv[1]);
	need(!syscall(SYS_io_setup, DEPTH, &context), "io_setup");
	for (int i = 2; i < argc; i++)
		step(argv[i]);
	wait_for_all();
	_exit(0);
}
