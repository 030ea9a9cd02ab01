/* SPDX-License-Identifier: GPL-2.0-only */
struct bio_key {	/* core cuts off what is not asked for, from the end */
	u32 operation;	/* enum req_op */
	u32 flags;	/* enum req_flag_bits */
	char disk[DISK_LEN];	/* empty: none */
};

struct biolatency_options {
	struct disk_pattern disk;	/* only these */
	u32 queued;
	u32 by_disk;
	u32 by_flags;
	u32 stacked;
	u32 request_at;	/* position of the request among the arguments of block_rq_issue and block_rq_insert */
	u32 unused;
};
