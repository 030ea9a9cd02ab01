// SPDX-License-Identifier: GPL-2.0-only
/* events.c - records of a stream. What was lost is counted on the kernel side, at the place of the loss (ledger.c). */
#include <bpf/libbpf.h>
#include <errno.h>
#include <string.h>
#include "events.h"
#include "fail.h"

#define BATCH 1024	/* records between two looks at signals and the clock, however fast they come */

static int from_ring(void *context, void *record, size_t size)
{
	struct events *events = context;

	events->take(events->context, record, size);
	return ++events->taken % BATCH ? 0 : -EAGAIN;	/* libbpf stops after this record, which is consumed */
}

int events_open(struct events *events, const struct attachment *attachment, u32 size)
{
	int map = bpf_object__find_map_fd_by_name(attachment->object, "events");

	events->by_perf = attachment->perf_buffer;
	if (events->by_perf)
		return perf_open(&events->perf, map, size);
	events->ring = ring_buffer__new(map, from_ring, events, NULL);
	if (!events->ring)
		return fail(EXIT_FAILED, "cannot map the event buffer: %s", strerror(errno));
	return EXIT_DONE;
}

int events_fd(const struct events *events)
{
	return events->by_perf ? events->perf.epoll : ring_buffer__epoll_fd(events->ring);
}

bool events_read(struct events *events)
{
	if (events->by_perf)
		return perf_read(&events->perf, BATCH, events->all, events->take, events->context);
	return ring_buffer__consume(events->ring) == -EAGAIN;
}

bool events_failed(const struct events *events)
{
	return events->perf.failed;
}

void events_renew(struct events *events)
{
	if (events->by_perf)
		perf_renew(&events->perf);
}

void events_close(struct events *events)
{
	ring_buffer__free(events->ring);
	events->ring = NULL;
	perf_close(&events->perf);
}
