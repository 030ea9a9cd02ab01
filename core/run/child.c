// SPDX-License-Identifier: GPL-2.0-only
/* child.c - the process that a tool begins and ends with. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "child.h"
#include "fail.h"
#include "signals.h"

static void wait_and_exec(int gate, char **command)
{
	char go;

	signals_restore();
	if (read(gate, &go, 1) != 1)
		_exit(0);	/* the tool gave up */
	execvp(command[0], command);
	_exit(fail(errno == ENOENT ? 127 : 126, "cannot run %s: %s", command[0], strerror(errno)));
}

static int start(struct child *child, struct settings *settings)
{
	int gate[2];

	if (pipe2(gate, O_CLOEXEC))
		return fail(EXIT_FAILED, "cannot make a pipe: %s", strerror(errno));
	child->pid = fork();
	if (child->pid < 0)
		return fail(EXIT_FAILED, "cannot fork: %s", strerror(errno));
	if (!child->pid) {
		close(gate[1]);
		wait_and_exec(gate[0], settings->command);
	}
	close(gate[0]);
	child->gate = gate[1];
	settings->filter.pid = child->pid;
	return EXIT_DONE;
}

int child_start(struct child *child, struct settings *settings)
{
	child->watch = -1;
	if (settings->command)
		return start(child, settings);
	if (!settings->filter.pid)
		return EXIT_DONE;
	if (settings->foreign_ids)
		errno = ESRCH;
	else
		child->watch = syscall(SYS_pidfd_open, settings->filter.pid, 0);	/* since 5.3; it has close-on-exec */
	if (child->watch < 0 && !settings->keep_running)
		say("the tool will not end with process %u: %s", settings->filter.pid, strerror(errno));
	return EXIT_DONE;
}

void child_go(struct child *child)
{
	if (child->pid && write(child->gate, "", 1) != 1)
		say("cannot start the command: %s", strerror(errno));
}

static bool watch_ended(struct child *child)
{
	struct pollfd poll_fd = { .fd = child->watch, .events = POLLIN };

	if (child->watch < 0 || poll(&poll_fd, 1, 0) != 1)
		return false;
	close(child->watch);
	child->watch = -1;
	return true;
}

bool child_ended(struct child *child)
{
	int status;

	if (!child->pid || waitpid(child->pid, &status, WNOHANG) != child->pid)
		return watch_ended(child);
	child->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	close(child->gate);
	child->pid = 0;
	return true;
}

void child_stop(struct child *child)
{
	if (child->pid)
		close(child->gate);
	if (child->watch >= 0)
		close(child->watch);
}
