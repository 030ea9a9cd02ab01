/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * scratch.bpf.h - room for what is too large for the stack, one for each processor, and where programs are preempted more
 * than one: who comes between finds another. Who finds none gets NULL, and has to lose() what it wanted to show.
 */
#pragma once

#define SCRATCH_ROOMS 4

/*
 * A room is whose addition makes 1 of its count. Two that add at once may both see 2: then neither has it. No exchange
 * of values (5.12) is needed.
 */
INLINE bool scratch_claim(u64 *users)
{
	__sync_fetch_and_add(users, 1);
	if (*(volatile u64 *)users == 1)
		return true;
	__sync_fetch_and_add(users, -1);
	return false;
}

#define SCRATCH(room_)								\
	struct scratch_room {							\
		u64 users;							\
		room_ room;							\
	};									\
	struct {								\
		__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);			\
		__uint(max_entries, SCRATCH_ROOMS);				\
		__type(key, u32);						\
		__type(value, struct scratch_room);				\
	} scratch SEC(".maps");							\
	INLINE room_ *scratch_take(void)						\
	{									\
		struct scratch_room *it = only_entry(&scratch);			\
										\
		if (!preemptible)						\
			return it ? &it->room : NULL;				\
		_Pragma("unroll") for (u32 i = 0; i < SCRATCH_ROOMS; i++) {	\
			u32 number = i;						\
										\
			it = bpf_map_lookup_elem(&scratch, &number);		\
			if (it && scratch_claim(&it->users))			\
				return &it->room;				\
		}								\
		return NULL;							\
	}

INLINE void scratch_give(void *room)
{
	if (preemptible)
		__sync_fetch_and_add((u64 *)room - 1, -1);
}
