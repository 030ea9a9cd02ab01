// SPDX-License-Identifier: GPL-2.0-only
/* disks.c - what /sys/block tells */
#include <dirent.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include "disks.h"

/* Directory entries other than . and .. */
static bool next_name(DIR *directory, const char **name)
{
	struct dirent *entry;

	do {
		entry = directory ? readdir(directory) : NULL;
		*name = entry ? entry->d_name : NULL;
	} while (entry && entry->d_name[0] == '.');
	return entry;
}

static u64 queues_of(const char *disk)
{
	char path[300];
	const char *name;
	u64 queues = 0;
	DIR *mq;

	snprintf(path, sizeof(path), "/sys/block/%s/mq", disk);	/* none: it has no requests of its own */
	mq = opendir(path);
	while (next_name(mq, &name))
		queues++;
	if (mq)
		closedir(mq);
	return queues;
}

static u64 requests_of_queue(const char *disk)
{
	unsigned int requests = 0;
	char path[300];
	FILE *file;

	snprintf(path, sizeof(path), "/sys/block/%s/queue/nr_requests", disk);
	file = fopen(path, "re");
	if (!file)
		return 0;
	if (fscanf(file, "%u", &requests) != 1)
		requests = 0;
	fclose(file);
	return requests + 1;
}

u32 disk_requests(void)
{
	DIR *block = opendir("/sys/block");
	u64 requests = 0, queues;
	const char *disk;

	while (next_name(block, &disk)) {
		queues = queues_of(disk);
		requests += queues ? queues * requests_of_queue(disk) : 0;
	}
	if (block)
		closedir(block);
	if (requests < DISK_REQUESTS_LEAST)
		return DISK_REQUESTS_LEAST;
	return requests < DISK_REQUESTS_MOST ? requests : DISK_REQUESTS_MOST;
}

static void swap_letters(char *text, char from, char to)
{
	for (; (text = strchr(text, from)); text++)
		*text = to;
}

static bool exists(const char *directory, const char *file)
{
	char path[PATH_MAX];

	return snprintf(path, sizeof(path), "%s/%s", directory, file) < PATH_MAX && !access(path, F_OK);
}

/* sysfs cannot have a slash in a name and shows cciss/c0d0 with '!'. Disks that are hidden are there, and not in /dev. */
static bool by_name(const char *text, char *real)
{
	char name[NAME_MAX], path[NAME_MAX + 32];

	if (!strncmp(text, "/dev/", 5))
		text += 5;
	if (strlen(text) >= sizeof(name))
		return false;
	swap_letters(strcpy(name, text), '/', '!');
	snprintf(path, sizeof(path), "/sys/class/block/%s", name);
	return exists(path, "size") && realpath(path, real);	/* that ".." has not */
}

static bool by_node(const char *text, char *real)
{
	char path[PATH_MAX];
	struct stat st;

	snprintf(path, sizeof(path), "%s%s", strchr(text, '/') ? "" : "/dev/", text);
	if (stat(path, &st) || !S_ISBLK(st.st_mode))
		return false;
	snprintf(path, sizeof(path), "/sys/dev/block/%u:%u", major(st.st_rdev), minor(st.st_rdev));
	return realpath(path, real);
}

static void match(u64 *mask, u64 *name, const char *text, size_t size)
{
	memset(mask, 0xff, size);
	memcpy(name, text, size);
}

/* The paths of nvme0n1 are nvme0c0n1, nvme0c1n1, ...: nvme_ns_set_disk_name(), drivers/nvme/host/ */
static bool match_paths(struct disk_pattern *pattern, const char *name)
{
	unsigned int system, space;
	char before[DISK_LEN], rest[sizeof(u64)];
	int end = 0;

	if (sscanf(name, "nvme%3un%3u%n", &system, &space, &end) != 2 || name[end])
		return false;
	pattern->digits_at = snprintf(before, sizeof(before), "nvme%uc", system);
	match(pattern->mask, pattern->name, before, pattern->digits_at);
	match(&pattern->rest_mask, &pattern->rest, rest, snprintf(rest, sizeof(rest), "n%u", space) + 1);
	return true;
}

const char *disk_find(const char *text, struct disk_pattern *pattern)
{
	char real[PATH_MAX], *name;

	if (strchr(text, '/') ? !by_node(text, real) && !by_name(text, real) : !by_name(text, real) && !by_node(text, real))
		return "no such disk";
	if (exists(real, "partition"))
		return "a partition; requests belong to the whole disk: name that one";
	name = strrchr(real, '/') + 1;
	*pattern = (struct disk_pattern){};
	if (exists(real, "mq")) {
		swap_letters(name, '!', '/');
		if (strlen(name) >= DISK_LEN)
			return "no such disk";
		match(pattern->mask, pattern->name, name, strlen(name) + 1);
		return NULL;
	}
	return match_paths(pattern, name) ? NULL : "has no requests of its own; name the disks below it";
}
