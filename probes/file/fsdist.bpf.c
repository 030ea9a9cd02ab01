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

#define TIMED(name, operation, arguments)					\
	TARGET_ENTRY(name) { return enter(operation); }				\
	TARGET_EXIT(name, arguments, ret) { return leave(operation, ret); }

/* The results of open and getattr say nothing here; getattr's arguments became five in 5.12 (549c7297717c). */
TIMED(read, FS_READ, 2)
TIMED(write, FS_WRITE, 2)
TIMED(open, FS_OPEN, 2)
TIMED(open_other, FS_OPEN, 2)	/* where another function opens files that do not exist yet: NFS, FUSE */
TIMED(fsync, FS_FSYNC, 4)
TIMED(getattr, FS_GETATTR, 4)
