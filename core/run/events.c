// SPDX-License-Identifier: GPL-2.0-only
/* events.c - records of a stream. What was lost is counted on the kernel side, at the place of the loss (ledger.c). */
#include <bpf/libbpf.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include "events.h"
#include "fail.h"

#define BATCH 1024	/* records between two looks at signals and the clock, however fast they come */

static int from_ring(void *context, void *record, size_t size)
{
	struct events *events = context;

	events->take(events->context, record, size);
	return ++events->taken % BATCH ? 0 : -EAGAIN;	/* libbpf stops after this record, which is consumed */
}

static void from_perf(void *context, int cpu __attribute__((unused)), void *record, u32 size)
{
	struct events *events = context;

	events->take(events->context, record, size);
}

/* libbpf wants a power of two of pages for each CPU; all of them together are about size bytes, two pages at least. */
static size_t pages_per_cpu(u32 size)
{
	size_t wanted = size / sysconf(_SC_PAGESIZE) / libbpf_num_possible_cpus(), pages = 2;

	while (pages * 2 <= wanted)
		pages *= 2;
	return pages;
}

int events_open(struct events *events, const struct attachment *attachment, u32 size)
{
	int map = bpf_object__find_map_fd_by_name(attachment->object, "events");

	if (attachment->perf_buffer)
		events->perf = perf_buffer__new(map, pages_per_cpu(size), from_perf, NULL, events, NULL);
	else
		events->ring = ring_buffer__new(map, from_ring, events, NULL);
	if (!events->ring && !events->perf)
		return fail(EXIT_FAILED, "cannot map the event buffer: %s", strerror(errno));
	return EXIT_DONE;
}

int events_fd(const struct events *events)
{
	return events->ring ? ring_buffer__epoll_fd(events->ring) : perf_buffer__epoll_fd(events->perf);
}

bool events_read(struct events *events)
{
	if (events->ring)
		return ring_buffer__consume(events->ring) == -EAGAIN;
	perf_buffer__consume(events->perf);	/* up to where the kernel was when it began: that ends */
	return false;
}

void events_close(struct events *events)
{
	ring_buffer__free(events->ring);
	perf_buffer__free(events->perf);
	events->ring = NULL;
	events->perf = NULL;
}
