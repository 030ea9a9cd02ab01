/* SPDX-License-Identifier: GPL-2.0-only */
struct bio_key {
	u32 disk;	/* major << 20 | minor; 0 unless asked for */
	u32 flags;	/* enum req_flag_bits; 0 unless asked for */
	u32 operation;	/* enum req_op; 0 unless asked for */
};

struct biolatency_options {
	u32 queued;
	u32 by_disk;
	u32 by_flags;
	u32 disk;	/* only this one; 0: all */
	u32 request_at;	/* position of the request among the arguments of block_rq_issue and block_rq_insert */
};
