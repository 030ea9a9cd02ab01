// SPDX-License-Identifier: GPL-2.0-only
/* filter.c - names of tasks and cgroups. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statfs.h>
#include <unistd.h>
#include "fail.h"
#include "filter.h"

#define CGROUP2_MAGIC 0x63677270	/* CGROUP2_SUPER_MAGIC, include/uapi/linux/magic.h */

/* How deep path lies below the mount point of its cgroup file system. */
static u32 cgroup_level(const char *path)
{
	char parent[PATH_MAX];
	struct statfs fs;
	u32 level = 0;
	char *slash;

	snprintf(parent, sizeof(parent), "%s", path);
	while ((slash = strrchr(parent, '/')) && slash != parent) {
		*slash = '\0';
		if (statfs(parent, &fs) || fs.f_type != CGROUP2_MAGIC)
			break;
		level++;
	}
	return level;
}

static int resolve_cgroup(struct settings *settings)
{
	struct {
		struct file_handle handle;
		u64 id;	/* kernfs: its only content */
	} group = { .handle.handle_bytes = sizeof(u64) };
	char path[PATH_MAX];
	struct statfs fs;
	int mount;

	if (!realpath(settings->cgroup, path) || statfs(path, &fs))
		return fail(EXIT_USAGE, "--cgroup %s: %s", settings->cgroup, strerror(errno));
	if (fs.f_type != CGROUP2_MAGIC)
		return fail(EXIT_USAGE, "--cgroup %s: not a cgroup (version 2)", settings->cgroup);
	if (name_to_handle_at(AT_FDCWD, path, &group.handle, &mount, 0))
		return fail(EXIT_FAILED, "--cgroup %s: %s", settings->cgroup, strerror(errno));
	memcpy(&settings->filter.cgroup, group.handle.f_handle, sizeof(u64));
	settings->filter.cgroup_level = cgroup_level(path);
	return EXIT_DONE;
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

	return f->active | (f->pid ? FILTER_PID : 0) | (f->tid ? FILTER_TID : 0) | (f->ppid ? FILTER_PPID : 0) |
	       (settings->comm ? FILTER_COMM : 0) | (settings->cgroup ? FILTER_CGROUP : 0) |
	       (settings->cgroup_map ? FILTER_CGROUP_MAP : 0) | (settings->mount_ns_map ? FILTER_MOUNT_NS_MAP : 0);
}

int filter_resolve(struct settings *settings)
{
	int err = check_map("cgroupmap", settings->cgroup_map);

	err = err ? err : check_map("mntnsmap", settings->mount_ns_map);
	if (settings->comm) {
		memcpy(settings->filter.comm, settings->comm, strlen(settings->comm));
		memset(settings->filter.comm_mask, 0xff, strlen(settings->comm));
	}
	settings->filter.active = active_parts(settings);
	return err || !settings->cgroup ? err : resolve_cgroup(settings);
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

int filter_maps(struct bpf_object *object, const struct settings *settings)
{
	int err = use_map(object, "cgroup_map", settings->cgroup_map);

	return err ? err : use_map(object, "mount_ns_map", settings->mount_ns_map);
}
