// SPDX-License-Identifier: GPL-2.0-only
/*
 * starts - what it costs to start a tool. Runs it on a terminal of its own (so that nothing waits in a buffer) until
 * it prints something, lets it settle for two seconds, then ends it.
 *
 *	starts COMMAND...     prints: CPU until the first output (ns), wall time until then (ns), peak and steady memory (KiB)
 *
 * Under `tests/vm/run --icount` a nanosecond of CPU is an instruction, exactly.
 */
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

/* First number of a file of the process, or the number behind key. */
static long proc(pid_t pid, const char *name, const char *key)
{
	char path[64], line[256];
	long value = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	file = fopen(path, "re");
	while (file && value < 0 && fgets(line, sizeof(line), file))
		if (!key)
			value = atol(line);
		else if (!strncmp(line, key, strlen(key)))
			value = atol(line + strlen(key));
	if (file)
		fclose(file);
	return value;
}

int main(int argc, char **argv)
{
	double begin = now(), wall;
	long cpu, peak, steady;
	char buffer[4096];
	int terminal;
	pid_t pid = argc > 1 ? forkpty(&terminal, NULL, NULL, NULL) : -1;

	if (pid < 0)
		return fprintf(stderr, "usage: starts COMMAND...\n"), 2;
	if (!pid) {
		/* banners go to stderr before anything is attached, in some peers */
		if (!freopen("/dev/null", "w", stderr))
			_exit(127);
		execvp(argv[1], argv + 1);
		_exit(127);
	}
	if (read(terminal, buffer, sizeof(buffer)) < 1)
		return fprintf(stderr, "starts: %s printed nothing\n", argv[1]), 1;
	wall = now() - begin;
	cpu = proc(pid, "schedstat", NULL);
	peak = proc(pid, "status", "VmHWM:");
	sleep(2);
	steady = proc(pid, "status", "VmRSS:");
	kill(pid, SIGINT);
	while (read(terminal, buffer, sizeof(buffer)) > 0)
		;
	waitpid(pid, NULL, 0);
	printf("%ld %.0f %ld %ld\n", cpu, wall, peak, steady);
	return 0;
}
