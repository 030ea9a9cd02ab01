/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * swap.bpf.h - a hash that is read and emptied every interval without losing an update: there are two, and core puts
 * the empty one in place of the full one. That update waits for all programs that run (1ae80cf31938), so when core
 * reads a map nobody writes to it any more.
 */
#pragma once

#define SWAPPED_HASH(name, entries, key_type, value_type)	\
	struct name##_half {					\
		__uint(type, BPF_MAP_TYPE_HASH);		\
		__uint(max_entries, entries);			\
		__type(key, key_type);				\
		__type(value, value_type);			\
	} name##_a SEC(".maps"), name##_b SEC(".maps");		\
	struct {						\
		__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);	\
		__uint(max_entries, 1);				\
		__type(key, u32);				\
		__array(values, struct name##_half);		\
	} name SEC(".maps") = { .values = { &name##_a } }
