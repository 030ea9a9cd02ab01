/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * linux54.h - bpf(2) as Linux 5.4 would answer it, without a kernel: in a program that is linked with linux54.c, libbpf and
 * core ask that. Maps are made and programs loaded by name only; what 5.4 would refuse is refused, and why is said on
 * stderr. Nothing is attached: ioctl() does nothing, perf_event_open() gives a file that is none.
 */
#pragma once

#include <linux/bpf.h>
#include <stdbool.h>
#include <stddef.h>

/* walk.c: why the verifier of 5.4 refuses this program, of a kprobe or a tracepoint; NULL: it does not. */
const char *walk(const struct bpf_insn *insns, size_t count);
bool has_helper(int number);
