// SPDX-License-Identifier: GPL-2.0-only
/* perf.c - perf buffers of processors that come and go, merged by time. */
#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>
#include "clock.h"
#include "fail.h"
#include "perf.h"

#define SETTLED (SECOND / 50)	/* a record is in its buffer at the latest so long after its time */
#define HELD 4			/* times what the buffers hold: no more is taken out of them before that is delivered */

static bool grow(void **memory, size_t *room, size_t wanted, size_t one)
{
	size_t more = *room ? *room : 64;
	void *grown;

	if (wanted <= *room)
		return true;
	while (more < wanted)
		more *= 2;
	grown = realloc(*memory, more * one);
	if (!grown)
		return false;
	*memory = grown;
	*room = more;
	return true;
}

/* What was lost (PERF_RECORD_LOST) was counted by the program. */
static enum bpf_perf_event_ret keep(void *context, int cpu __attribute__((unused)), struct perf_event_header *event)
{
	const struct {
		struct perf_event_header header;
		u32 size;
		char bytes[];
	} __attribute__((packed)) *sample = (void *)event;
	struct perf *perf = context;
	struct perf_record *record;

	if (event->type != PERF_RECORD_SAMPLE || sample->size < sizeof(u64))
		return LIBBPF_PERF_EVENT_CONT;
	if (!grow((void **)&perf->bytes, &perf->room, perf->size + sample->size, 1) ||
	    !grow((void **)&perf->records, &perf->records_room, perf->count + 1, sizeof(*record))) {
		perf->failed = true;
		return LIBBPF_PERF_EVENT_ERROR;
	}
	record = &perf->records[perf->count++];
	*record = (struct perf_record){ .offset = perf->size, .size = sample->size };
	memcpy(&record->time, sample->bytes, sizeof(record->time));
	memcpy(perf->bytes + perf->size, sample->bytes, sample->size);
	perf->size += sample->size;
	return LIBBPF_PERF_EVENT_CONT;
}

/* One that cannot be opened is not on line any more. */
static void open_buffer(struct perf *perf, int cpu)
{
	struct perf_event_attr attr = {
		.size = sizeof(attr), .type = PERF_TYPE_SOFTWARE, .config = PERF_COUNT_SW_BPF_OUTPUT,
		.sample_type = PERF_SAMPLE_RAW, .sample_period = 1, .watermark = 1,
		.wakeup_watermark = perf->pages * sysconf(_SC_PAGESIZE) / 4,	/* we look ten times a second anyway */
	};
	LIBBPF_OPTS(perf_buffer_raw_opts, options, .cpu_cnt = 1, .cpus = &cpu, .map_keys = &cpu);
	struct epoll_event event = { .events = EPOLLIN, .data.u32 = cpu };
	struct perf_buffer *buffer = perf_buffer__new_raw(perf->map, perf->pages, &attr, keep, perf, &options);

	if (buffer)
		epoll_ctl(perf->epoll, EPOLL_CTL_ADD, perf_buffer__buffer_fd(buffer, 0), &event);
	perf->buffers[cpu] = buffer;
}

static void close_buffer(struct perf *perf, int cpu)
{
	if (!perf->buffers[cpu])
		return;
	perf_buffer__consume(perf->buffers[cpu]);
	perf_buffer__free(perf->buffers[cpu]);
	perf->buffers[cpu] = NULL;
}

/* "0-3,5\n" */
static bool is_online(const struct perf *perf, int cpu)
{
	const char *text = perf->list;
	char *end;

	while (*text >= '0' && *text <= '9') {
		long first = strtol(text, &end, 10), last = first;

		if (*end == '-')
			last = strtol(end + 1, &end, 10);
		if (cpu >= first && cpu <= last)
			return true;
		text = end + (*end == ',');
	}
	return false;
}

/* Records of a processor that is gone are read first. */
static void follow_processors(struct perf *perf)
{
	char list[sizeof(perf->list)] = "";

	if (pread(perf->online, list, sizeof(list) - 1, 0) <= 0 || !strcmp(list, perf->list))
		return;
	memcpy(perf->list, list, sizeof(list));
	for (int cpu = 0; cpu < perf->cpus; cpu++) {
		bool online = is_online(perf, cpu);

		if (!online)
			close_buffer(perf, cpu);
		else if (!perf->buffers[cpu])
			open_buffer(perf, cpu);
	}
}

void perf_renew(struct perf *perf)
{
	for (int cpu = 0; cpu < perf->cpus; cpu++)
		close_buffer(perf, cpu);
	perf->list[0] = '\0';
	follow_processors(perf);
}

/* libbpf wants a power of two of pages for each CPU; all of them together are about size bytes, two pages at least. */
static size_t pages_per_cpu(u32 size, int cpus)
{
	size_t wanted = size / sysconf(_SC_PAGESIZE) / cpus, pages = 2;

	while (pages * 2 <= wanted)
		pages *= 2;
	return pages;
}

int perf_open(struct perf *perf, int map, u32 size)
{
	*perf = (struct perf){ .map = map, .cpus = libbpf_num_possible_cpus() };
	perf->pages = pages_per_cpu(size, perf->cpus);
	perf->most = perf->cpus * perf->pages * sysconf(_SC_PAGESIZE);
	perf->buffers = calloc(perf->cpus, sizeof(*perf->buffers));
	perf->epoll = epoll_create1(EPOLL_CLOEXEC);
	perf->online = open("/sys/devices/system/cpu/online", O_RDONLY | O_CLOEXEC);
	if (!perf->buffers || perf->epoll < 0 || perf->online < 0)
		return fail(EXIT_FAILED, "cannot find the processors: %s", strerror(errno));
	follow_processors(perf);
	for (int cpu = 0; cpu < perf->cpus; cpu++)
		if (perf->buffers[cpu])
			return EXIT_DONE;
	return fail(EXIT_FAILED, "cannot map the event buffers: %s", strerror(errno));
}

static int by_time(const void *a, const void *b)
{
	const struct perf_record *left = a, *right = b;

	if (left->time != right->time)
		return left->time < right->time ? -1 : 1;
	return left->offset < right->offset ? -1 : 1;	/* as they were in their buffer */
}

/* What was delivered makes room. */
static void compact(struct perf *perf)
{
	size_t left = perf->count - perf->next, size = 0;
	char *bytes = left ? malloc(perf->room) : NULL;

	if (left && !bytes)
		return;
	for (size_t i = 0; i < left; i++) {
		struct perf_record *record = &perf->records[i];

		*record = perf->records[perf->next + i];
		memcpy(bytes + size, perf->bytes + record->offset, record->size);
		record->offset = size;
		size += record->size;
	}
	if (left) {
		free(perf->bytes);
		perf->bytes = bytes;
	}
	perf->size = size;
	perf->count = left;
	perf->next = 0;
}

/* Buffers of which the kernel says that nothing will come any more: their processor went, and may be back already. */
static void renew_dead(struct perf *perf)
{
	struct epoll_event ready[16];
	int count = epoll_wait(perf->epoll, ready, 16, 0);

	for (int i = 0; i < count; i++)
		if (ready[i].events & (EPOLLHUP | EPOLLERR)) {
			close_buffer(perf, ready[i].data.u32);
			open_buffer(perf, ready[i].data.u32);
		}
}

/* False: there is too much already. */
static bool look(struct perf *perf)
{
	follow_processors(perf);
	renew_dead(perf);
	compact(perf);
	if (perf->size > HELD * perf->most)
		return false;
	for (int cpu = 0; cpu < perf->cpus; cpu++)
		if (perf->buffers[cpu])
			perf_buffer__consume(perf->buffers[cpu]);	/* up to where the kernel was when it began: that ends */
	qsort(perf->records, perf->count, sizeof(*perf->records), by_time);
	return true;
}

bool perf_read(struct perf *perf, size_t most, bool all, void (*take)(void *context, const void *record, size_t size),
	       void *context)
{
	bool looked = false;

	if (perf->next >= perf->settled) {
		u64 until = now(CLOCK_MONOTONIC) - SETTLED;	/* of each processor all that is older will have been seen */

		looked = look(perf);
		for (perf->settled = 0; perf->settled < perf->count; perf->settled++)
			if (!all && perf->records[perf->settled].time > until)
				break;
	}
	for (; most && perf->next < perf->settled; most--) {
		const struct perf_record *record = &perf->records[perf->next++];

		take(context, perf->bytes + record->offset, record->size);
	}
	return perf->next < perf->settled || (all && !looked);	/* what came since the last look is part of all */
}

void perf_close(struct perf *perf)
{
	for (int cpu = 0; perf->buffers && cpu < perf->cpus; cpu++)
		perf_buffer__free(perf->buffers[cpu]);
	if (perf->buffers && perf->epoll >= 0)
		close(perf->epoll);
	if (perf->buffers && perf->online >= 0)
		close(perf->online);
	free(perf->buffers);
	free(perf->bytes);
	free(perf->records);
	*perf = (struct perf){};
}
