// SPDX-License-Identifier: GPL-2.0-only
/* fsdist - latency of one file system's operations. cmd/file/fsdist.c names the functions. */
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

/*
 * A buffered read of io_uring whose page is being read from the disk asks to be woken (IOCB_WAITQ), returns EIOCBQUEUED and
 * is done again then: it is marked.
 */
INLINE int enter_transfer(u32 operation, struct kiocb *iocb)
{
	return wanted() ? start_marked(operation, READ(iocb, ki_flags) & IOCB_WAITQ) : 0;
}

INLINE int done(u32 operation, u64 ns)
{
	struct hist *hist = ns ? bpf_map_lookup_elem(&latency, &operation) : NULL;

	if (hist)
		hist_add(hist, ns);
	return 0;
}

/* EAGAIN: it would have had to wait and was told not to (RWF_NOWAIT, each first try of io_uring): nothing was done. */
INLINE int leave_transfer(u32 operation, long ret)
{
	u64 at = started(operation);

	if (!at || ret == -EAGAIN || (ret == -EIOCBQUEUED && at & 1))
		return 0;
	return ret == -EIOCBQUEUED ? lose(LOSS_ASYNC) : done(operation, elapsed(at));
}

#define TRANSFER(name, operation)							\
	TARGET_ENTRY(name) { return enter_transfer(operation, TARGET_ARGUMENT(ctx)); }	\
	TARGET_EXIT(name, 2, ret) { return leave_transfer(operation, ret); }

#define TIMED(name, operation, arguments)						\
	TARGET_ENTRY(name) { return enter(operation); }					\
	TARGET_EXIT(name, arguments, ret) { return done(operation, stop(operation)); }

/* The results of open and getattr say nothing here; getattr's arguments became five in 5.12 (549c7297717c). */
TRANSFER(read, FS_READ)
TRANSFER(write, FS_WRITE)
TIMED(open, FS_OPEN, 2)
TIMED(open_other, FS_OPEN, 2)	/* where another function opens files that do not exist yet: NFS, FUSE */
TIMED(fsync, FS_FSYNC, 4)
TIMED(fsync_dir, FS_FSYNC, 4)	/* where that of directories is another */
TIMED(getattr, FS_GETATTR, 4)
