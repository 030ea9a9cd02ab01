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
