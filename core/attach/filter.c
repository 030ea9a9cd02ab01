// SPDX-License-Identifier: GPL-2.0-only
/* filter.c - names of tasks and cgroups. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <string.h>
#include <sys/statfs.h>
#include <unistd.h>
#include "fail.h"
#include "filter.h"
#include "hooks.h"
#include "task.h"

#define CGROUP2_MAGIC 0x63677270	/* CGROUP2_SUPER_MAGIC, include/uapi/linux/magic.h */

static int check_cgroup(const char *path)
{
	struct statfs fs;

	if (!path)
		return EXIT_DONE;
	if (statfs(path, &fs))
		return fail(EXIT_USAGE, "--cgroup %s: %s", path, strerror(errno));
	return fs.f_type == CGROUP2_MAGIC ? EXIT_DONE : fail(EXIT_USAGE, "--cgroup %s: not a cgroup (version 2)", path);
}

static int check_map(const char *option, const char *path)
{
	struct bpf_map_info info = {};
	u32 size = sizeof(info);
	int fd = path ? bpf_obj_get(path) : -1, err;

	if (!path)
		return EXIT_DONE;
	err = fd < 0 ? -errno : bpf_obj_get_info_by_fd(fd, &info, &size);
	if (fd >= 0)
		close(fd);
	if (err)
		return fail(EXIT_USAGE, "--%s %s: %s", option, path, strerror(-err));
	if (info.type != BPF_MAP_TYPE_HASH || info.key_size != sizeof(u64))
		return fail(EXIT_USAGE, "--%s %s: not a hash map with keys of 8 bytes", option, path);
	return EXIT_DONE;
}

/* Bits of what was asked for; parse_uid() has set its own, 0 is a uid. */
static u32 active_parts(const struct settings *settings)
{
	const struct filter *f = &settings->filter;

	return f->active | (!f->pid ? 0 : settings->children ? FILTER_CHILDREN : FILTER_PID) | (f->tid ? FILTER_TID : 0) | (f->ppid ? FILTER_PPID : 0) |
	       (settings->comm ? FILTER_COMM : 0) | (settings->cgroup ? FILTER_CGROUP : 0) |
	       (settings->cgroup_map ? FILTER_CGROUP_MAP : 0) | (settings->mount_ns_map ? FILTER_MOUNT_NS_MAP : 0);
}

/* What --exec starts has a number of ours, whatever is typed and shown. */
int filter_tasks(struct settings *settings)
{
	u32 own;
	int err = task_own_namespace(&own);

	if (err)
		return err;
	settings->shown_pid_ns = settings->host_ids ? 0 : own;
	settings->filter.pid_ns = settings->host_ids && !settings->command ? 0 : own;
	settings->foreign_ids = settings->host_ids && own;
	if (settings->foreign_ids)
		return EXIT_DONE;
	err = settings->command ? EXIT_DONE : task_check("pid", settings->filter.pid, true);
	err = err ? err : task_check("ppid", settings->filter.ppid, true);
	return err ? err : task_check("tid", settings->filter.tid, false);
}

int filter_resolve(struct settings *settings)
{
	int err = check_map("cgroupmap", settings->cgroup_map);

	err = err ? err : check_map("mntnsmap", settings->mount_ns_map);
	err = err ? err : check_cgroup(settings->cgroup);
	if (settings->comm) {
		memcpy(settings->filter.comm, settings->comm, strlen(settings->comm));
		memset(settings->filter.comm_mask, 0xff, strlen(settings->comm));
	}
	settings->filter.active = active_parts(settings);
	return err;
}

void filter_hooks(struct attachment *a, const struct settings *settings)
{
	if (!settings->children)
		hooks_leave_out(a, "_follow_");
}

/* Put the user's map in place of the probe's, or leave that out. */
static int use_map(struct bpf_object *object, const char *name, const char *path)
{
	struct bpf_map *map = bpf_object__find_map_by_name(object, name);
	int fd, err;

	if (!map)
		return 0;
	if (!path)
		return bpf_map__set_autocreate(map, false);
	fd = bpf_obj_get(path);
	err = fd < 0 ? -errno : bpf_map__reuse_fd(map, fd);
	if (fd >= 0)
		close(fd);
	return err;
}

/* What follows children, and what knows the cgroup, where nobody asks for it. */
static int leave_out(struct bpf_object *object, const char *name, bool wanted)
{
	struct bpf_map *map = bpf_object__find_map_by_name(object, name);

	return map ? bpf_map__set_autocreate(map, wanted) : 0;
}

int filter_maps(struct bpf_object *object, const struct settings *settings)
{
	int err = use_map(object, "cgroup_map", settings->cgroup_map);

	err = err ? err : use_map(object, "mount_ns_map", settings->mount_ns_map);
	err = err ? err : leave_out(object, "cgroup_wanted", settings->cgroup);
	err = err ? err : leave_out(object, "followed", settings->children);
	return err ? err : leave_out(object, "followed_first", settings->children);
}

static int put(struct bpf_object *object, const char *name, u32 value)
{
	int map = bpf_object__find_map_fd_by_name(object, name);
	u32 zero = 0;

	return bpf_map_update_elem(map, &zero, &value, BPF_ANY) ? -errno : 0;
}

int filter_fill(struct bpf_object *object, const struct settings *settings)
{
	int err = settings->children ? put(object, "followed_first", settings->filter.pid) : 0;
	int cgroup = err || !settings->cgroup ? -1 : open(settings->cgroup, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (err || !settings->cgroup)
		return err;
	err = cgroup < 0 ? -errno : put(object, "cgroup_wanted", cgroup);	/* the kernel keeps the cgroup, not our fd */
	if (cgroup >= 0)
		close(cgroup);
	return err;
}

void filter_ended(struct bpf_object *object)
{
	put(object, "followed_first", 0);	/* where there is one */
}
