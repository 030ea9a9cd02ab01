// SPDX-License-Identifier: GPL-2.0-only
/* sink.c - where the text goes: as much as the other end takes now. Whoever reads there may be slow, or stopped. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include "sink.h"

/*
 * O_NONBLOCK belongs to the open file, which others write to, too. Pipes and terminals can be opened once more. Where that
 * is not allowed (another user's), what poll() calls writable takes PIPE_BUF bytes, if nobody else was quicker.
 */
void sink_open(struct sink *sink, int fd)
{
	char path[32];
	struct stat st;

	*sink = (struct sink){ .fd = fd, .own = -1 };
	if (fstat(fd, &st) || S_ISREG(st.st_mode) || S_ISBLK(st.st_mode))
		return;
	sink->kind = S_ISSOCK(st.st_mode) ? SINK_SOCKET : SINK_POLLED;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (S_ISFIFO(st.st_mode) || (S_ISCHR(st.st_mode) && isatty(fd)))
		sink->own = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (sink->own >= 0)
		sink->kind = SINK_OWN;
}

int sink_fd(const struct sink *sink)
{
	return sink->kind == SINK_FILE ? -1 : sink->kind == SINK_OWN ? sink->own : sink->fd;
}

static ssize_t write_polled(int fd, const char *data, size_t size)
{
	struct pollfd writable = { .fd = fd, .events = POLLOUT };

	if (poll(&writable, 1, 0) == 0) {
		errno = EAGAIN;
		return -1;
	}
	return write(fd, data, size < PIPE_BUF ? size : PIPE_BUF);
}

ssize_t sink_write(const struct sink *sink, const char *data, size_t size)
{
	ssize_t written = -1;

	switch (sink->kind) {
	case SINK_FILE:
		written = write(sink->fd, data, size);
		break;
	case SINK_OWN:
		written = write(sink->own, data, size);
		break;
	case SINK_SOCKET:
		written = send(sink->fd, data, size, MSG_DONTWAIT | MSG_NOSIGNAL);
		break;
	case SINK_POLLED:
		written = write_polled(sink->fd, data, size);
		break;
	}
	if (written >= 0)
		return written;
	return errno == EINTR && sink->kind != SINK_FILE ? -EAGAIN : -errno;
}

void sink_close(struct sink *sink)
{
	if (sink->own >= 0)
		close(sink->own);
	sink->own = -1;
}
