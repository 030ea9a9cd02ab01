/* SPDX-License-Identifier: GPL-2.0-only */
/* device.h - names of disks */
#pragma once

#include "shared.h"

#define DEVICES 16

struct device {
	u32 number;	/* as the kernel keeps it: major << 20 | minor; 0: this place is free */
	u64 second;	/* when it was looked up */
	char name[32];	/* DISK_NAME_LEN, include/linux/blkdev.h */
};

struct devices {
	struct device places[DEVICES];
};

/* The disk's name, or MAJOR:MINOR when there is none now. Lasts until the next call. */
const char *device_name(struct devices *devices, u32 number, u64 second);
