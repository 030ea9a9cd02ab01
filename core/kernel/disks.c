// SPDX-License-Identifier: GPL-2.0-only
/* disks.c - what /sys/block tells */
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
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
