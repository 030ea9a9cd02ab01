// SPDX-License-Identifier: GPL-2.0-only
/* returns.c - return probes made through tracefs (Documentation/trace/kprobetrace.rst). */
#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>
#include "kernel/kernel.h"
#include "returns.h"
#include "signals.h"

#define GROUP "bpftk"
#define PROFILE_MAX (64 * 1024)	/* of kprobe_profile; a line has 80 bytes */

static FILE *open_file(const struct returns *returns, const char *name)
{
	int fd = openat(returns->root, name, O_RDONLY | O_CLOEXEC);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");

	if (fd >= 0 && !file)
		close(fd);
	return file;
}

/* Whoever has it may be stopped: asked to end we do not wait for that, but for one that is about to give it back. */
static bool lock(int list)
{
	static int patience = PATIENCE_MS;

	for (int waited = 0; flock(list, LOCK_EX | LOCK_NB); waited += 10) {
		if (errno != EWOULDBLOCK)
			return false;
		if (signals_asked() && waited >= patience)
			return patience = 0, false;
		usleep(10 * 1000);
	}
	return true;
}

/* Locked against other runs: between making and using a probe, it looks like one that was left behind. */
static int lock_list(const struct returns *returns)
{
	int list = openat(returns->root, "kprobe_events", O_WRONLY | O_APPEND | O_CLOEXEC);

	if (list >= 0 && !lock(list)) {
		close(list);
		return -1;
	}
	return list;
}

static void forget(int list, const char *name)
{
	dprintf(list, "-:" GROUP "/%s\n", name);
}

/* What was left by runs that were killed. The kernel keeps those that are in use. */
static void sweep(const struct returns *returns, int list)
{
	FILE *file = open_file(returns, "kprobe_events");
	char line[256], name[40];

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "%*[^:]:" GROUP "/%39s", name) == 1)
			forget(list, name);
	if (file)
		fclose(file);
}

int returns_open(struct returns *returns)
{
	int list;

	*returns = (struct returns){ .root = getenv("BPFTK_FEW_RETURNS") ? -ENOENT : kernel_fs("tracefs") };
	if (returns->root < 0)
		return returns->root;
	list = lock_list(returns);
	returns->profile = openat(returns->root, "kprobe_profile", O_RDONLY | O_CLOEXEC);
	if (list < 0 || returns->profile < 0 || getrandom(&returns->mark, sizeof(returns->mark), 0) != sizeof(returns->mark)) {
		int err = -errno;

		if (list >= 0)
			close(list);
		returns_close(returns);
		return err;
	}
	sweep(returns, list);
	close(list);
	return 0;
}

static int event_number(const struct returns *returns, const char *name)
{
	char path[80];
	FILE *file;
	int number;

	snprintf(path, sizeof(path), "events/" GROUP "/%s/id", name);
	file = open_file(returns, path);
	if (!file || fscanf(file, "%d", &number) != 1)
		number = -1;
	if (file)
		fclose(file);
	return number;
}

static struct bpf_link *attach_event(const struct returns *returns, struct bpf_program *program, const char *name)
{
	struct perf_event_attr attr = { .size = sizeof(attr), .type = PERF_TYPE_TRACEPOINT };
	int number = event_number(returns, name), event;
	struct bpf_link *link;

	if (number < 0)
		return NULL;
	attr.config = number;
	event = syscall(SYS_perf_event_open, &attr, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);
	link = event < 0 ? NULL : bpf_program__attach_perf_event(program, event);	/* owns the event */
	if (event >= 0 && !link)
		close(event);
	return link;
}

struct bpf_link *returns_attach(struct returns *returns, struct bpf_program *program, const char *function, char name[32])
{
	int list = lock_list(returns), size, err;
	struct bpf_link *link = NULL;
	char command[256];

	if (list < 0)
		return NULL;
	snprintf(name, 32, "r%08x_%zu", returns->mark, returns->made++);
	size = snprintf(command, sizeof(command), "r%d:" GROUP "/%s %s\n", RETURNS_AT_A_TIME, name, function);
	if (write(list, command, size) == size)
		link = attach_event(returns, program, name);
	err = errno;
	close(list);
	if (!link)
		returns_remove(returns, name);
	errno = err;
	return link;
}

void returns_remove(const struct returns *returns, char name[32])
{
	int list = name[0] ? lock_list(returns) : -1;

	if (list >= 0) {
		forget(list, name);
		close(list);
	}
	name[0] = '\0';
}

u64 returns_missed(const struct returns *returns)
{
	struct iovec to = { .iov_len = PROFILE_MAX - 1 };
	char *text = returns->made ? malloc(PROFILE_MAX) : NULL, *line, *rest;
	unsigned long long missed, total = 0;
	ssize_t size;
	u32 mark;

	to.iov_base = text;
	size = text ? preadv(returns->profile, &to, 1, 0) : 0;	/* not a read(), which filetop would show */
	if (size > 0) {
		text[size] = '\0';
		for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
			if (sscanf(line, " r%8x_%*u %*u %llu", &mark, &missed) == 2 && mark == returns->mark)
				total += missed;
	}
	free(text);
	return total;
}

void returns_close(struct returns *returns)
{
	if (returns->root >= 0) {
		close(returns->root);
		close(returns->profile);
	}
	returns->root = -1;
}
