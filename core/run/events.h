/* SPDX-License-Identifier: GPL-2.0-only */
/* events.h - records of a stream, from the ring buffer or, before 5.8, from perf buffers. */
#pragma once

#include "attach/attach.h"
#include "perf.h"

struct events {
	struct ring_buffer *ring;
	struct perf perf;
	bool by_perf;
	void (*take)(void *context, const void *record, size_t size);
	void *context;
	u64 taken;
	bool all;	/* nothing is added any more, or what is there shall go */
};

int events_open(struct events *events, const struct attachment *attachment, u32 size);	/* 0 or an exit code */
int events_fd(const struct events *events);	/* readable when the kernel wants the buffer read */
bool events_read(struct events *events);	/* a batch of what is there; true: there is more */
bool events_failed(const struct events *events);	/* out of memory for one */
void events_renew(struct events *events);	/* some came from where there is no buffer */
void events_close(struct events *events);
