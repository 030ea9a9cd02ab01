// SPDX-License-Identifier: GPL-2.0-only
/* loop.c - one loop waits for signals, the clock and the event buffer. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>
#include "fail.h"
#include "run.h"

#define LOOK_EVERY (SECOND / 10)	/* the longest a record waits to be shown */

static void take_signal(struct run *run)
{
	struct signalfd_siginfo info;

	if (read(run->signals, &info, sizeof(info)) != sizeof(info))
		return;
	if (info.ssi_signo != SIGCHLD || child_ended(&run->child))
		run->over = true;
}

/* An interval ends when it ends, not a little later each time: ticks are counted from the beginning. */
static u64 next_tick(const struct run *run, u64 time)
{
	u64 every = run->tool->stream ? LOOK_EVERY : run->settings.interval_ns, end = ~0ULL;

	if (run->settings.duration_ns)
		end = run->begun + run->settings.duration_ns;
	if (every) {
		u64 tick = run->begun + ((time - run->begun) / every + 1) * every;

		return tick < end ? tick : end;
	}
	return end;
}

static void set_timer(struct run *run)
{
	u64 tick = next_tick(run, now(CLOCK_MONOTONIC));
	struct itimerspec when = { .it_value = { tick / SECOND, tick % SECOND } };

	if (tick != ~0ULL)
		timerfd_settime(run->timer, TFD_TIMER_ABSTIME, &when, NULL);
}

static void take_tick(struct run *run)
{
	u64 expired, time = now(CLOCK_MONOTONIC);

	if (read(run->timer, &expired, sizeof(expired)) != sizeof(expired))
		return;
	if (run->settings.duration_ns && time >= run->begun + run->settings.duration_ns)
		run->over = true;	/* the last interval is read on the way out */
	else
		rows_read(run);
	set_timer(run);
}

int loop_watch(struct run *run, int fd)
{
	struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };

	if (fd < 0 || epoll_ctl(run->epoll, EPOLL_CTL_ADD, fd, &event))
		return fail(EXIT_FAILED, "cannot set up the event loop: %s", strerror(errno));
	return EXIT_DONE;
}

int loop_prepare(struct run *run)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	run->signals = signalfd(-1, &set, SFD_CLOEXEC);
	run->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	run->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (run->signals < 0 || run->timer < 0 || run->epoll < 0)
		return fail(EXIT_FAILED, "cannot set up the event loop: %s", strerror(errno));
	return loop_watch(run, run->signals) || loop_watch(run, run->timer) ? EXIT_FAILED : EXIT_DONE;
}

void loop(struct run *run)
{
	struct epoll_event event;

	run->begun = run->last = now(CLOCK_MONOTONIC);
	set_timer(run);
	while (!run->over) {
		int ready = epoll_wait(run->epoll, &event, 1, run->more ? 0 : -1);

		if (ready > 0 && event.data.fd == run->signals)
			take_signal(run);
		else if (ready > 0 && event.data.fd == run->timer)
			take_tick(run);
		else if (ready > 0 || run->more)
			rows_read(run);
	}
}
