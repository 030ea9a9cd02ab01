// SPDX-License-Identifier: GPL-2.0-only
/*
 * calls - what one call costs. Under `tests/vm/run --icount` a nanosecond is an instruction, exactly.
 *
 *	calls WORKLOAD N [FILE]     prints instructions (or ns) of CPU time per call
 *
 * Opens come in bursts with pauses, so that whoever shows each of them can keep up: a tool that loses most of them
 * would look cheap.
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
	int burst;	/* calls between two pauses; 0: no pause */
} workloads[] = {
	{ "read", read1, O_RDONLY, "/dev/zero" },
	{ "pread", pread1, O_RDONLY, NULL },
	{ "pwrite", pwrite1, O_RDWR, NULL },
	{ "open", open_close, O_RDONLY, NULL, 16 },
	{ "direct", pread4k, O_RDONLY | O_DIRECT, NULL },
};

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

static void run(int which, int count)
{
	for (int n = 1; n <= count; n++) {
		workloads[which].call();
		if (workloads[which].burst && n % workloads[which].burst == 0)
			nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
	}
}

int main(int argc, char **argv)
{
	int count = argc > 2 ? atoi(argv[2]) : 0;

	for (size_t i = 0; count && i < sizeof(workloads) / sizeof(*workloads); i++) {
		double begin;

		if (strcmp(workloads[i].name, argv[1]))
			continue;
		file = workloads[i].file ? workloads[i].file : argc > 3 ? argv[3] : argv[0];
		fd = open(file, workloads[i].flags);
		begin = now();
		run(i, count);
		printf("%.1f\n", (now() - begin) / count);
		return 0;
	}
	fprintf(stderr, "usage: calls read|pread|pwrite|open|direct N [FILE]\n");
	return 2;
}
