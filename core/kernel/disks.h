/* SPDX-License-Identifier: GPL-2.0-only */
/* disks.h - the disks of this machine */
#pragma once

#include "shared.h"

/*
 * How many block requests can be under way here, from their insertion into a queue to their completion: nr_requests of each
 * queue of each disk in /sys/block (a queue has as many struct request, block/blk-mq.c), and one for a flush. Between
 * DISK_REQUESTS_LEAST, for disks that are yet to come, and DISK_REQUESTS_MOST.
 */
#define DISK_REQUESTS_LEAST 8192
#define DISK_REQUESTS_MOST (1 << 18)

u32 disk_requests(void);

/*
 * The disk that text means: a name in /sys/block, or a path of a block device. Of an NVMe disk with several paths, which
 * has no requests of its own, all its paths, also those that are yet to come. Returns NULL, or what is wrong with text.
 */
const char *disk_find(const char *text, struct disk_pattern *pattern);
