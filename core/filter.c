// SPDX-License-Identifier: GPL-2.0-only
/* filter.c - names of tasks and cgroups. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statfs.h>
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

int filter_resolve(struct settings *settings)
{
	if (settings->comm) {
		settings->filter.comm_len = strlen(settings->comm);
		memcpy(settings->filter.comm, settings->comm, settings->filter.comm_len);
	}
	return settings->cgroup ? resolve_cgroup(settings) : EXIT_DONE;
}
