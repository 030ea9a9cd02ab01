/* SPDX-License-Identifier: GPL-2.0-only */
struct function_key {
	u32 function;	/* number that core gave to it when attaching */
};

struct function_calls {
	u64 count;
};
