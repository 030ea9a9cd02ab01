/* SPDX-License-Identifier: GPL-2.0-only */
/* sink.h - a descriptor that is written to without waiting */
#pragma once

#include <sys/types.h>

struct sink {
	enum {
		SINK_FILE,	/* is always ready */
		SINK_OWN,	/* opened once more, for us alone */
		SINK_SOCKET,
		SINK_POLLED,
	} kind;
	int fd, own;
};

void sink_open(struct sink *sink, int fd);
int sink_fd(const struct sink *sink);	/* to be polled; -1: need not be */
ssize_t sink_write(const struct sink *sink, const char *data, size_t size);	/* -EAGAIN: not now; or another -errno */
void sink_close(struct sink *sink);
