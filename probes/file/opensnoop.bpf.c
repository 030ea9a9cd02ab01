// SPDX-License-Identifier: GPL-2.0-only
/* opensnoop - one record for each open, openat, openat2 and creat as it returns. */
#include "probe.bpf.h"
#include "filter.bpf.h"
#include "events.bpf.h"
#include "path.bpf.h"
#include "scratch.bpf.h"
#include "opensnoop.h"

#define O_CREAT 0100
#define O_TMPFILE_BIT 020000000	/* O_TMPFILE without O_DIRECTORY, include/uapi/asm-generic/fcntl.h */
#define ENAMETOOLONG 36

const volatile struct opensnoop_options options = {};

struct event_room {
	struct open_event event;
	char parts[PATH_ROOM + PATH_SPARE];
};

SCRATCH(struct event_room)

INLINE bool flags_wanted(u32 flags)
{
	if (!options.flags[0].mask)
		return true;
	for (int i = 0; i < FLAG_TESTS; i++)
		if (options.flags[i].mask && (flags & options.flags[i].mask) == options.flags[i].value)
			return true;
	return false;
}

/* in_root: absolute names begin at dfd, too */
INLINE int opened_below(void *ctx, int dfd, unsigned long name, u32 flags, u32 mode, bool in_root, long ret)
{
	struct event_room *room;
	struct open_event *e;
	u64 size, ids;

	if ((options.failed && ret >= 0) || !flags_wanted(flags))
		return 0;
	room = scratch_take();
	if (!room)
		return lose(LOSS_MAP);
	e = &room->event;
	e->time_ns = bpf_ktime_get_ns();
	ids = current_ids();
	e->pid = ids >> 32;
	e->tid = ids;
	e->uid = bpf_get_current_uid_gid();
	e->fd = ret < 0 ? -1 : ret;
	e->err = ret < 0 ? -ret : 0;
	e->flags = flags;
	e->mode = flags & (O_CREAT | O_TMPFILE_BIT) ? mode : NO_MODE;
	bpf_get_current_comm(e->comm, sizeof(e->comm));
	path_from_user(&e->path, (const char *)name);
	if (e->err == ENAMETOOLONG)
		e->path.marks |= PATH_CUT;
	if (in_root)
		e->path.marks |= PATH_IN_ROOT;
	if (options.full_path && (in_root || e->path.parts[0] != '/'))
		path_climb(&e->path, dfd);
	size = e->path.size;
	if (size > PATH_ROOM)	/* for the verifier */
		size = PATH_ROOM;
	submit(ctx, e, sizeof(*e) + size);
	scratch_give(room);
	return 0;
}

INLINE int opened(void *ctx, int dfd, unsigned long name, u32 flags, u32 mode, long ret)
{
	return opened_below(ctx, dfd, name, flags, mode, false, ret);
}

/*
 * Of the flags in how.resolve one changes where a name begins: RESOLVE_IN_ROOT (path_init, fs/namei.c). To RESOLVE_BENEATH
 * an absolute name is an error. A structure that is too short the kernel does not read (openat2, fs/open.c).
 */
INLINE int opened_how(void *ctx, int dfd, unsigned long name, unsigned long user_how, u64 size, long ret)
{
	struct open_how how = {};

	bpf_probe_read_user(&how, sizeof(how), (void *)user_how);
	return opened_below(ctx, dfd, name, how.flags, how.mode,
			    size >= sizeof(how) && how.resolve & RESOLVE_IN_ROOT, ret);
}

EXIT(SYSCALL_openat, wanted_call, struct pt_regs *regs, long ret)
{
	return opened(ctx, SYSCALL_ARG(regs, 1), SYSCALL_ARG(regs, 2), SYSCALL_ARG(regs, 3), SYSCALL_ARG(regs, 4), ret);
}

OPTIONAL_EXIT(SYSCALL_openat2, wanted_call, struct pt_regs *regs, long ret)
{
	return opened_how(ctx, SYSCALL_ARG(regs, 1), SYSCALL_ARG(regs, 2), SYSCALL_ARG(regs, 3), SYSCALL_ARG(regs, 4), ret);
}

OPTIONAL_EXIT(SYSCALL_open, wanted_call, struct pt_regs *regs, long ret)
{
	return opened(ctx, AT_FDCWD, SYSCALL_ARG(regs, 1), SYSCALL_ARG(regs, 2), SYSCALL_ARG(regs, 3), ret);
}

/* creat(name, mode) is open with these flags, fs/open.c */
#define CREAT_FLAGS (O_CREAT | 01 /* O_WRONLY */ | 01000 /* O_TRUNC */)

OPTIONAL_EXIT(SYSCALL_creat, wanted_call, struct pt_regs *regs, long ret)
{
	return opened(ctx, AT_FDCWD, SYSCALL_ARG(regs, 1), CREAT_FLAGS, SYSCALL_ARG(regs, 2), ret);
}

/* 32-bit programs on a 64-bit kernel, where they have functions of their own */
OPTIONAL_EXIT(COMPAT_openat, wanted_call, struct pt_regs *regs, long ret)
{
	return opened(ctx, COMPAT_ARG(regs, 1), COMPAT_ARG(regs, 2), COMPAT_ARG(regs, 3), COMPAT_ARG(regs, 4), ret);
}

OPTIONAL_EXIT(COMPAT_openat2, wanted_call, struct pt_regs *regs, long ret)
{
	return opened_how(ctx, COMPAT_ARG(regs, 1), COMPAT_ARG(regs, 2), COMPAT_ARG(regs, 3), COMPAT_ARG(regs, 4), ret);
}

OPTIONAL_EXIT(COMPAT_open, wanted_call, struct pt_regs *regs, long ret)
{
	return opened(ctx, AT_FDCWD, COMPAT_ARG(regs, 1), COMPAT_ARG(regs, 2), COMPAT_ARG(regs, 3), ret);
}

OPTIONAL_EXIT(COMPAT_creat, wanted_call, struct pt_regs *regs, long ret)
{
	return opened(ctx, AT_FDCWD, COMPAT_ARG(regs, 1), CREAT_FLAGS, COMPAT_ARG(regs, 2), ret);
}
