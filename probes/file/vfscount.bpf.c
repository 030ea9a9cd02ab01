// SPDX-License-Identifier: GPL-2.0-only
/* vfscount - count calls of many functions. */
#include "probe.bpf.h"
#include "filter.bpf.h"
#include "many.bpf.h"
#include "vfscount.h"

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);	/* core: one for each function */
	__type(key, u32);
	__type(value, struct function_calls);
} counts SEC(".maps");

ENTRY_OF_MANY(count)
{
	u32 number = function_number(ctx);
	struct function_calls *calls = wanted() ? bpf_map_lookup_elem(&counts, &number) : NULL;

	if (calls)
		calls->count++;
	return 0;
}
