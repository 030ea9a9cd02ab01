// SPDX-License-Identifier: GPL-2.0-only
/* biolatency - block request latency, from issue (or insertion into a queue) to completion. */
#include "probe.bpf.h"
#include "disk.bpf.h"
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
	__uint(key_size, sizeof(struct bio_key));	/* at most */
	__uint(value_size, sizeof(struct hist));
} latency SEC(".maps");

/* Does the kernel count those that it does not show us? Since 6.1 it does not show all (05b24ff9b2cf). */
INLINE bool completions_counted(void)
{
	return bpf_core_field_exists(((struct bpf_prog_stats___misses *)0)->misses);
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

	if (options.disk.mask[0] && !disk_matches(rq, &options.disk))
		return 0;
	old = bpf_map_lookup_elem(&pending, &key);
	if (old && old->at && old->keep >= (queued ? REQUEUED : QUEUED))
		return 0;	/* else an insertion: the request that was queued there was merged into another */
	now = bpf_ktime_get_ns();
	if (!old)
		return insert(key, now, queued);
	if (!queued && old->at && !completions_counted())	/* its completion was not seen */
		lose(LOSS_UNPAIRED);
	old->at = now;
	old->keep = queued;
	return 0;
}

INLINE struct hist *hist_of(struct request *rq)
{
	struct bio_key key;

	key.operation = key.flags = 0;
	if (options.by_disk)
		disk_name(key.disk, rq);
	if (options.by_flags) {
		key.operation = READ(rq, cmd_flags) & ((1 << REQ_OP_BITS) - 1);
		key.flags = READ(rq, cmd_flags) & ~((1 << REQ_OP_BITS) - 1);
	}
	return hist_find(&latency, &key);
}

/* First, as programs are attached in this order: of a request that began before, there is no pending. */
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

OPTIONAL_TASK_TRACE(block_rq_insert, void *first)
{
	return options.queued ? begin(request_at(ctx, options.request_at), true) : 0;
}

TASK_TRACE(block_rq_issue, void *first)
{
	return begin(request_at(ctx, options.request_at), false);
}

TRACE(block_rq_requeue, void *first)
{
	u64 key = (u64)request_at(ctx, options.request_at);
	struct pending *old = bpf_map_lookup_elem(&pending, &key);

	if (old)
		old->keep = REQUEUED;
	return 0;
}

INLINE void forget(u64 key)
{
	struct pending *old = bpf_map_lookup_elem(&pending, &key);

	if (old)
		old->at = 0;
}

/*
 * dm-multipath hands on a clone of its request, issued and completed as well: one of the two counts, and where disks are
 * told apart each does. Its end_io_data is dm's part of the request, which lies right behind that (setup_clone(),
 * drivers/md/dm-rq.c; blk_mq_rq_to_pdu()). A clone that the disk refused was given back without a word.
 */
OPTIONAL_TASK_TRACE(block_rq_remap, void *first)
{
	struct request *clone = request_at(ctx, options.request_at);

	forget((u64)clone);
	if (!options.by_disk && !options.disk.mask[0] && !options.stacked)
		forget((u64)READ(clone, end_io_data) - bpf_core_type_size(struct request));
	return 0;
}
