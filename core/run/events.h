/* SPDX-License-Identifier: GPL-2.0-only */
/* events.h - records of a stream, from the ring buffer or, before 5.8, from perf buffers. */
#pragma once

#include "attach/attach.h"

struct events {
	struct ring_buffer *ring;
	struct perf_buffer *perf;
	void (*take)(void *context, const void *record, size_t size);
	void *context;
	u64 taken;
};

int events_open(struct events *events, const struct attachment *attachment, u32 size);	/* 0 or an exit code */
int events_fd(const struct events *events);	/* readable when the kernel wants the buffer read */
bool events_read(struct events *events);	/* a batch of what is there; true: there is more */
void events_close(struct events *events);
