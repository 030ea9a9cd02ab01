// SPDX-License-Identifier: GPL-2.0-only
/* child.c - the command of --exec. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
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

int child_start(struct child *child, struct settings *settings)
{
	int gate[2];

	if (!settings->command)
		return EXIT_DONE;
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

void child_go(struct child *child)
{
	if (child->pid && write(child->gate, "", 1) != 1)
		say("cannot start the command: %s", strerror(errno));
}

bool child_ended(struct child *child)
{
	if (!child->pid || waitpid(child->pid, NULL, WNOHANG) != child->pid)
		return false;
	close(child->gate);
	child->pid = 0;
	return true;
}

void child_stop(struct child *child)
{
	if (child->pid)
		close(child->gate);
}
