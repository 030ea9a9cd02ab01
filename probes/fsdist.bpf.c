// SPDX-License-Identifier: GPL-2.0-only
/* fsdist - latency of one file system's operations. cmd/fsdist.c names the functions. */
#include "probe.bpf.h"
#include "filter.bpf.h"
#include "latency.bpf.h"
#include "hist.bpf.h"
#include "fsdist.h"

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, FS_OPERATIONS);
	__type(key, u32);
	__type(value, struct hist);
} latency SEC(".maps");

INLINE int enter(u32 operation)
{
	return wanted() ? start(operation) : 0;
}

INLINE int leave(u32 operation, long ret)
{
	u64 ns = stop(operation);
	struct hist *hist;

	if (!ns)
		return 0;
	if (ret == -EIOCBQUEUED)
		return lose(LOSS_ASYNC);
	hist = bpf_map_lookup_elem(&latency, &operation);
	if (hist)
		hist_add(hist, ns);
	return 0;
}

/* read and write take (kiocb, iov_iter), so their result is the third value; the others' does not matter here. */
#ifdef WAY_FENTRY
#define TIMED(name, operation, ret)						\
	SEC("?fentry") int enter_##name(u64 *ctx) { return enter(operation); }	\
	SEC("?fexit") int leave_##name(u64 *ctx) { return leave(operation, ret); }
#define RESULT_OF_TWO ctx[2]
#else
#define TIMED(name, operation, ret)							\
	SEC("?kprobe") int enter_##name(struct pt_regs *ctx) { return enter(operation); } \
	SEC("?kretprobe") int leave_##name(struct pt_regs *ctx) { return leave(operation, ret); }
#define RESULT_OF_TWO PT_REGS_RC(ctx)
#endif

TIMED(read, FS_READ, RESULT_OF_TWO)
TIMED(write, FS_WRITE, RESULT_OF_TWO)
TIMED(open, FS_OPEN, 0)
TIMED(open_other, FS_OPEN, 0)	/* where two functions open files: NFS 4 and older */
TIMED(fsync, FS_FSYNC, 0)
TIMED(getattr, FS_GETATTR, 0)
