/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * flight.bpf.h - what is under way in a thread, from the entry of a call to its return, by place in the probe. It lies in
 * the task, where it costs little and ends with it; where the kernel's task storage does not do, in a hash by thread.
 */
#pragma once

#ifdef WAY_FENTRY

#define in_task true

#else

const volatile bool in_task = false;	/* set by core: task storage is for kprobes as well */

/* Set by core: the kernel counts the returns that it did not show us. */
const volatile bool returns_counted = false;

INLINE u64 thread_key(u32 place)
{
	return (u64)place << 32 | (u32)bpf_get_current_pid_tgid();
}

INLINE int thread_keep(void *map, u32 place, const void *value)
{
	u64 key = thread_key(place);

	if (!returns_counted && !bpf_map_update_elem(map, &key, value, BPF_NOEXIST))
		return 0;
	if (bpf_map_update_elem(map, &key, value, BPF_ANY))
		return lose(LOSS_MAP);
	return returns_counted ? 0 : lose(LOSS_UNPAIRED);	/* kretprobes are a limited pool */
}

INLINE void *thread_kept(void *map, u32 place)
{
	u64 key = thread_key(place);

	return bpf_map_lookup_elem(map, &key);
}

INLINE void thread_forget(void *map, u32 place)
{
	u64 key = thread_key(place);

	bpf_map_delete_elem(map, &key);
}

#endif

/* Places of this type, which begins with a u64 that is not 0 while a call is under way. Core makes one of the maps. */
#define IN_TASK_(name, value_, places)						\
	struct name##_task {							\
		value_ place[places];						\
	};									\
	struct {								\
		__uint(type, BPF_MAP_TYPE_TASK_STORAGE);			\
		__uint(map_flags, BPF_F_NO_PREALLOC);				\
		__type(key, int);						\
		__type(value, struct name##_task);				\
	} name##_in_task SEC(".maps");						\
	INLINE value_ *name##_place(u32 place, u64 flags)				\
	{									\
		struct name##_task *task = bpf_task_storage_get(&name##_in_task, bpf_get_current_task_btf(), NULL, flags); \
										\
		if (!task || place >= (places))					\
			return NULL;						\
		barrier_var(task);	/* the verifier wants the question before the sum */ \
		return &task->place[place];					\
	}

#ifdef WAY_FENTRY

#define IN_FLIGHT(name, value_, places) IN_TASK_(name, value_, places)

#else

#define IN_FLIGHT(name, value_, places)						\
	IN_TASK_(name, value_, places)						\
	struct {								\
		__uint(type, BPF_MAP_TYPE_HASH);				\
		__uint(max_entries, 16384);					\
		__type(key, u64);						\
		__type(value, value_);						\
	} name##_by_thread SEC(".maps");					\
	/* A call whose return was missed is kept until the thread's next one, or its end. */ \
	SEC("raw_tp/sched_process_exit") int name##_of_exited(void *ctx)	\
	{									\
		for (u32 place = 0; place < (places); place++)			\
			thread_forget(&name##_by_thread, place);		\
		return 0;							\
	}

#endif
