/* SPDX-License-Identifier: GPL-2.0-only */
#define NO_MODE ((u32)-1)

struct open_event {
	u64 time_ns;
	u32 pid, tid, uid;
	s32 fd;		/* -1 when the call failed */
	s32 err;	/* 0 when it did not */
	u32 flags;
	u32 mode;	/* NO_MODE: the call had none to give */
	char comm[COMM_LEN];
	struct path_text path;
};

struct flag_test {	/* met when (flags & mask) == value; mask 0: no test */
	u32 mask, value;
};

#define FLAG_TESTS 8

struct opensnoop_options {
	u32 failed;
	u32 full_path;
	struct flag_test flags[FLAG_TESTS];	/* any of them */
};
