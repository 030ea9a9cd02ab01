// SPDX-License-Identifier: GPL-2.0-only
/* loop.c - one loop waits for signals, the clock and the event buffer. */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>
#include "attach/filter.h"
#include "fail.h"
#include "run.h"
#include "signals.h"

#define LOOK_EVERY (SECOND / 10)	/* the longest a record waits to be shown */

/* Of the process of --exec or --pid, perhaps. */
static void take_end(struct run *run)
{
	if (!child_ended(&run->child))
		return;
	filter_ended(run->attachment.object);
	run->over |= !run->settings.keep_running;
}

static void take_signal(struct run *run)
{
	signals_seen(run->signals);
	take_end(run);
	if (signals_asked())
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

static int watch(struct run *run, int fd, u32 events)
{
	struct epoll_event event = { .events = events, .data.fd = fd };

	if (fd < 0 || (epoll_ctl(run->epoll, EPOLL_CTL_ADD, fd, &event) && errno != EPERM))	/* EPERM: is always ready */
		return fail(EXIT_FAILED, "cannot set up the event loop: %s", strerror(errno));
	return EXIT_DONE;
}

int loop_watch(struct run *run, int fd)
{
	return watch(run, fd, EPOLLIN);
}

int loop_prepare(struct run *run)
{
	int err, out = output_fd(run->output);

	run->signals = signals_catch();
	run->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	run->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (run->signals < 0 || run->timer < 0 || run->epoll < 0)
		return fail(EXIT_FAILED, "cannot set up the event loop: %s", strerror(errno));
	err = loop_watch(run, run->signals);
	err = err ? err : loop_watch(run, run->timer);
	return err || out < 0 ? err : watch(run, out, 0);	/* nothing but that its reader is gone */
}

/* While the reader is slow, records stay where the kernel counts those that find no room. */
static void follow_reader(struct run *run)
{
	bool waits = output_waits(run->output);
	struct epoll_event out = { .events = waits ? EPOLLOUT : 0, .data.fd = output_fd(run->output) };
	struct epoll_event rows = { .events = waits ? 0 : EPOLLIN, .data.fd = rows_fd(run) };

	if (waits == run->waits)
		return;
	run->waits = waits;
	epoll_ctl(run->epoll, EPOLL_CTL_MOD, out.data.fd, &out);
	if (rows.data.fd >= 0)
		epoll_ctl(run->epoll, EPOLL_CTL_MOD, rows.data.fd, &rows);
}

static void take_ready(struct run *run, const struct epoll_event *event)
{
	if (event->data.fd == run->signals)
		take_signal(run);
	else if (event->data.fd == run->timer)
		take_tick(run);
	else if (event->data.fd == run->child.watch)
		take_end(run);
	else if (event->data.fd != output_fd(run->output))
		rows_read(run);
	else if (event->events & (EPOLLERR | EPOLLHUP))	/* as a write would tell, but a quiet tool has nothing to write */
		run->over = true;
	else
		rows_flush(run);
}

void loop(struct run *run)
{
	struct epoll_event event;

	run->begun = run->last = now(CLOCK_MONOTONIC);
	set_timer(run);
	while (!run->over) {
		bool more;
		int ready;

		follow_reader(run);
		more = run->more && !run->waits;
		ready = epoll_wait(run->epoll, &event, 1, more ? 0 : -1);
		if (ready > 0)
			take_ready(run, &event);
		else if (more)
			rows_read(run);
	}
}

/* Who was asked to end waits no longer for a reader that takes nothing; who was not, as long as it lasts. */
void loop_drain(struct run *run)
{
	struct pollfd wait[] = { { .fd = output_fd(run->output), .events = POLLOUT }, { .fd = run->signals, .events = POLLIN } };

	for (rows_flush(run); output_waits(run->output); rows_flush(run)) {
		int ready = poll(wait, 2, signals_asked() ? PATIENCE_MS : -1);

		if (wait[1].revents)
			signals_seen(run->signals);
		if (!ready && signals_asked())
			output_give_up(run->output);
	}
}
