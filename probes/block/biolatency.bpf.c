// SPDX-License-Identifier: GPL-2.0-only
/* biolatency - block request latency, from issue (or insertion into a queue) to completion. */
#include "probe.bpf.h"
#include "hist.bpf.h"
#include "biolatency.h"

#define REQ_OP_BITS 8	/* include/linux/blk_types.h */

const volatile struct biolatency_options options = {};

/*
 * Requests live in a fixed set of memory slots per queue, so an entry stays when its request completes (at = 0) and is
 * found again by the next request there: no insertion, no deletion per I/O. So many may stay; those beyond go with their
 * request, as queues come and go.
 */
#define STAY 8192

enum { QUEUED = 1, REQUEUED };

struct pending {
	u64 at;		/* 0: none */
	u32 keep;	/* the next issue goes on, it does not begin; after REQUEUED neither does the next insertion */
	u32 leaves;	/* with its request */
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u64);
} staying SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, STAY);	/* core adds what the queues here can have under way */
	__type(key, u64);
	__type(value, struct pending);
} pending SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 512);
	__type(key, struct bio_key);
	__type(value, struct hist);
} latency SEC(".maps");

INLINE u32 disk_of(struct request *rq)
{
	struct request___rq_disk *old = (void *)rq;
	struct request_queue___disk *queue;
	struct gendisk *disk;

	if (bpf_core_field_exists(old->rq_disk)) {
		disk = READ(old, rq_disk);
	} else {
		queue = (void *)READ(rq, q);
		disk = READ(queue, disk);
	}
	return disk ? READ(disk, major) << 20 | READ(disk, first_minor) : 0;
}

/*
 * (rq), or (queue, rq) before a54895fa057c (5.11, 5.10.137). Of two loads compilers would make one, from ctx plus 0 or 8;
 * verifiers take a load at ctx + 8, but none from a register that holds that sum.
 */
INLINE struct request *request_at(u64 *args)
{
	struct request *rq;

	if (options.request_at == 1)
		asm volatile("%0 = *(u64 *)(%1 + 8)" : "=r"(rq) : "r"(args) : "memory");
	else
		asm volatile("%0 = *(u64 *)(%1 + 0)" : "=r"(rq) : "r"(args) : "memory");
	return rq;
}

INLINE int insert(u64 key, u64 now, bool queued)
{
	u64 *count = only_entry(&staying);
	struct pending new = { .at = now, .keep = queued };

	if (!count)	/* the verifier's question: it is there */
		return 0;
	new.leaves = *count >= STAY;
	if (bpf_map_update_elem(&pending, &key, &new, BPF_ANY))
		return lose(LOSS_MAP);
	if (!new.leaves)
		__sync_fetch_and_add(count, 1);
	return 0;
}

INLINE int begin(struct request *rq, bool queued)
{
	u64 key = (u64)rq, now;
	struct pending *old;

	if (options.disk && options.disk != disk_of(rq))
		return 0;
	old = bpf_map_lookup_elem(&pending, &key);
	if (old && old->at && old->keep >= (queued ? REQUEUED : QUEUED))
		return 0;	/* else an insertion: the request that was queued there was merged into another */
	now = bpf_ktime_get_ns();
	if (!old)
		return insert(key, now, queued);
	if (!queued && old->at)	/* its completion was not seen */
		lose(LOSS_UNPAIRED);
	old->at = now;
	old->keep = queued;
	return 0;
}

OPTIONAL_TASK_TRACE(block_rq_insert, void *first)
{
	return options.queued ? begin(request_at(ctx), true) : 0;
}

TASK_TRACE(block_rq_issue, void *first)
{
	return begin(request_at(ctx), false);
}

TRACE(block_rq_requeue, void *first)
{
	u64 key = (u64)request_at(ctx);
	struct pending *old = bpf_map_lookup_elem(&pending, &key);

	if (old)
		old->keep = REQUEUED;
	return 0;
}

INLINE struct hist *hist_of(struct request *rq)
{
	static const struct hist zero;
	struct bio_key key = {};
	struct hist *hist;

	if (options.by_disk)
		key.disk = disk_of(rq);
	if (options.by_flags) {
		key.operation = READ(rq, cmd_flags) & ((1 << REQ_OP_BITS) - 1);
		key.flags = READ(rq, cmd_flags) & ~((1 << REQ_OP_BITS) - 1);
	}
	hist = bpf_map_lookup_elem(&latency, &key);
	if (hist)
		return hist;
	bpf_map_update_elem(&latency, &key, &zero, BPF_NOEXIST);
	return bpf_map_lookup_elem(&latency, &key);
}

TRACE(block_rq_complete, struct request *rq, int error, unsigned int bytes)
{
	u64 key = (u64)rq, at, ns;
	struct pending *old = bpf_map_lookup_elem(&pending, &key);
	struct hist *hist;

	at = old ? old->at : 0;
	if (!at || bytes < READ(rq, __data_len))	/* a part of it; the rest is still to come */
		return 0;
	old->at = 0;
	if (old->leaves)
		bpf_map_delete_elem(&pending, &key);
	ns = elapsed(at);
	hist = hist_of(rq);
	if (!hist)
		return lose(LOSS_MAP);
	hist_add(hist, ns);
	return 0;
}
