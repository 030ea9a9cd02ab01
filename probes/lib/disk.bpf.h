/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * disk.bpf.h - the disk of a request, by the name that the kernel has for it. Its number may name nothing (the paths of an
 * NVMe disk with several have none) and, by the time it is looked up, another one.
 */
#pragma once

/*
 * Of block_rq_issue and its like: (rq), or (queue, rq) before a54895fa057c (5.11, 5.10.137). Of two loads compilers would
 * make one, from ctx plus 0 or 8; verifiers take a load at ctx + 8, but none from a register that holds that sum.
 */
INLINE struct request *request_at(u64 *args, u32 position)
{
	struct request *rq;

	if (position == 1)
		asm volatile("%0 = *(u64 *)(%1 + 8)" : "=r"(rq) : "r"(args) : "memory");
	else
		asm volatile("%0 = *(u64 *)(%1 + 0)" : "=r"(rq) : "r"(args) : "memory");
	return rq;
}

INLINE struct gendisk *disk_of(struct request *rq)	/* NULL: of a controller, not of a disk */
{
	struct request___rq_disk *old = (void *)rq;
	struct request_queue___disk *queue;

	if (bpf_core_field_exists(old->rq_disk))
		return READ(old, rq_disk);
	queue = (void *)READ(rq, q);
	return READ(queue, disk);
}

/* All of name is written: what a kernel has behind the end of a name is not always zero. */
INLINE void disk_name(char name[DISK_LEN], struct request *rq)
{
	__builtin_memset(name, 0, DISK_LEN);
	bpf_probe_read_kernel_str(name, DISK_LEN, disk_of(rq)->disk_name);
}

INLINE u64 disk_word(struct gendisk *disk, u32 at)
{
#ifdef WAY_FENTRY
	return *(u64 *)(disk->disk_name + at);
#else
	u64 word = 0;

	bpf_probe_read_kernel(&word, sizeof(word), disk->disk_name + at);
	return word;
#endif
}

/* pattern: a constant, so that only the words are read that it has. */
INLINE bool disk_matches(struct request *rq, const volatile struct disk_pattern *pattern)
{
	struct gendisk *disk = disk_of(rq);
	u64 rest = 0;

	_Pragma("unroll") for (u32 i = 0; i < DISK_LEN / sizeof(u64); i++)
		if (pattern->mask[i] && (disk_word(disk, i * sizeof(u64)) ^ pattern->name[i]) & pattern->mask[i])
			return false;
	if (!pattern->digits_at)
		return true;
	bpf_probe_read_kernel(&rest, sizeof(rest), disk->disk_name + pattern->digits_at);
	_Pragma("unroll") for (u32 i = 0; i < DISK_DIGITS; i++)
		if ((u8)rest >= '0' && (u8)rest <= '9')
			rest >>= 8;
	return !((rest ^ pattern->rest) & pattern->rest_mask);
}
