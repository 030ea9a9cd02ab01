/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * many.bpf.h - one body for many functions. Core attaches it to each and numbers them; which of them runs is known
 * from the attachment, never from the instruction pointer (that is off by one, or by five, or not at all, depending
 * on how a probe sits in its function).
 */
#pragma once

/* The number travels as the attachment's cookie (kprobe.multi, 5.18, ca74823c6e16) ... */
const volatile bool many_cookies = false;

/* ... or as a constant of the program: core loads a copy for each function, this immediate plus its number. */
#define MANY_MARK 0x5b7f0000

INLINE u32 function_number(void *ctx)
{
	u32 marked;

	if (many_cookies)
		return bpf_get_attach_cookie(ctx);
	asm volatile("%0 = %1" : "=r"(marked) : "i"(MANY_MARK));
	return marked - MANY_MARK;
}

#ifdef WAY_FENTRY
#define ENTRY_OF_MANY(name) SEC("fentry") int name(void *ctx)
#else
#define ENTRY_OF_MANY(name) SEC("kprobe") int name(void *ctx)
#endif
