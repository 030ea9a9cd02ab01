// SPDX-License-Identifier: GPL-2.0-only
/* signals.c - handlers, not a signalfd: they interrupt what waits, and are no business of a command that is run. */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include "clock.h"
#include "signals.h"

/* timeout(1) sends a signal to its child and then to the child's group: that is one wish. */
#define SECOND_AFTER (SECOND / 2)

static const int numbers[] = { SIGINT, SIGTERM, SIGHUP, SIGCHLD, SIGPIPE };

enum { NUMBERS = sizeof(numbers) / sizeof(*numbers) };

static struct sigaction found[NUMBERS];
static bool caught[NUMBERS];
static volatile sig_atomic_t asked;
static volatile u64 asked_at;
static int wake = -1;

static void take(int number)
{
	int error = errno;

	if (number == SIGINT || number == SIGTERM || number == SIGHUP) {
		u64 time = now(CLOCK_MONOTONIC);

		if (!asked) {
			asked_at = time;
			asked = number;
		} else if (time - asked_at > SECOND_AFTER) {
			signal(number, SIG_DFL);
			raise(number);	/* as soon as this function has returned */
		}
	}
	if (number != SIGPIPE)
		eventfd_write(wake, 1);
	errno = error;
}

int signals_catch(void)
{
	struct sigaction action = { .sa_handler = take };

	wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	sigfillset(&action.sa_mask);
	for (int i = 0; wake >= 0 && i < NUMBERS; i++) {
		sigaction(numbers[i], NULL, &found[i]);
		if (found[i].sa_handler == SIG_IGN && numbers[i] != SIGCHLD)
			continue;
		action.sa_flags = numbers[i] == SIGCHLD ? SA_RESTART | SA_NOCLDSTOP : 0;
		caught[i] = !sigaction(numbers[i], &action, NULL);
	}
	return wake;
}

void signals_seen(int fd)
{
	eventfd_t times;

	eventfd_read(fd, &times);
}

int signals_asked(void)
{
	return asked;
}

void signals_restore(void)
{
	for (int i = 0; i < NUMBERS; i++)
		if (caught[i])
			sigaction(numbers[i], &found[i], NULL);
}

void signals_die(void)
{
	signals_restore();
	raise(asked);
}
