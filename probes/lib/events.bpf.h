/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * events.bpf.h - records for tools that print as things happen. One ring buffer for all CPUs; before 5.8
 * (457f44363a88) core turns the map into a perf buffer per CPU and sets events_perf. A record that finds no room is
 * counted, never dropped in silence.
 */
#pragma once

const volatile bool events_perf = false;
const volatile u64 events_wake = 64 * 1024;	/* bytes waiting that wake the reader; core: a quarter of the buffer */

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4 * 64 * 1024);
} events SEC(".maps");

/* Waking the reader costs as much as five events: it looks by itself ten times a second, so only a filling buffer does. */
INLINE u64 wake_reader(void)
{
	return bpf_ringbuf_query(&events, BPF_RB_AVAIL_DATA) >= events_wake ? BPF_RB_FORCE_WAKEUP
									   : BPF_RB_NO_WAKEUP;
}

INLINE int submit(void *ctx, void *record, u64 size)
{
	long failed;

	if (events_perf) {
		failed = bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, record, size);
		if (failed == -ENOENT || failed == -EOPNOTSUPP)	/* none there; one of before the processor went and came */
			return lose(LOSS_PROCESSOR);
	} else {
		failed = bpf_ringbuf_output(&events, record, size, wake_reader());
	}
	return failed ? lose(LOSS_BUFFER) : 0;
}
