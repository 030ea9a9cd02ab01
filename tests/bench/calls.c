// SPDX-License-Identifier: GPL-2.0-only
/*
 * calls - what one call costs. Under `tests/vm/run --icount` a nanosecond is an instruction, exactly.
 *
 *	calls WORKLOAD N FILE [RATE]     prints instructions (or ns) of CPU time per call
 *
 * RATE: calls per second, at most; in bursts of 16. Without it opens come with pauses, so that whoever shows each of them
 * can keep up: a tool that loses most of them would look cheap. 0: as fast as it goes.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static int fd;
static const char *file;
static char buffer[4096] __attribute__((aligned(4096)));

static void read1(void) { if (read(fd, buffer, 1) != 1) exit(1); }
static void pread1(void) { if (pread(fd, buffer, 1, 0) != 1) exit(1); }
static void pwrite1(void) { if (pwrite(fd, buffer, 1, 0) != 1) exit(1); }
static void pread4k(void) { if (pread(fd, buffer, 4096, 0) != 4096) exit(1); }
static void open_close(void) { int f = open(file, O_RDONLY); if (f < 0) exit(1); close(f); }

static const struct {
	const char *name;
	void (*call)(void);
	int flags;
	const char *file;
	int rate;
} workloads[] = {
	{ "read", read1, O_RDONLY, "/dev/zero" },
	{ "pread", pread1, O_RDONLY, NULL },
	{ "pwrite", pwrite1, O_RDWR, NULL },
	{ "open", open_close, O_RDONLY, NULL, 12000 },
	{ "direct", pread4k, O_RDONLY | O_DIRECT, NULL },
};

static double now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

static void run(void (*call)(void), int count, int rate)
{
	double begin = now(CLOCK_MONOTONIC), due;

	for (int n = 0; n < count; n++) {
		due = rate ? begin + n * 1e9 / rate : 0;
		while (rate && n % 16 == 0 && now(CLOCK_MONOTONIC) < due)
			nanosleep(&(struct timespec){ .tv_nsec = due - now(CLOCK_MONOTONIC) + 1 }, NULL);
		call();
	}
}

int main(int argc, char **argv)
{
	int count = argc > 3 ? atoi(argv[2]) : 0;

	for (size_t i = 0; count && i < sizeof(workloads) / sizeof(*workloads); i++) {
		double begin;

		if (strcmp(workloads[i].name, argv[1]))
			continue;
		file = workloads[i].file ? workloads[i].file : argv[3];
		fd = open(file, workloads[i].flags);
		begin = now(CLOCK_PROCESS_CPUTIME_ID);
		run(workloads[i].call, count, argc > 4 ? atoi(argv[4]) : workloads[i].rate);
		printf("%.1f\n", (now(CLOCK_PROCESS_CPUTIME_ID) - begin) / count);
		return 0;
	}
	fprintf(stderr, "usage: calls read|pread|pwrite|open|direct N FILE [RATE]\n");
	return 2;
}
