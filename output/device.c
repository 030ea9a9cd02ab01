// SPDX-License-Identifier: GPL-2.0-only
/* device.c - names of disks: where the link /sys/dev/block/MAJOR:MINOR points to */
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "device.h"

static void look_up(struct device *device)
{
	unsigned int major = device->number >> 20, minor = device->number & 0xfffff;
	char link[64], target[4096];
	ssize_t size;

	snprintf(device->name, sizeof(device->name), "%u:%u", major, minor);
	snprintf(link, sizeof(link), "/sys/dev/block/%u:%u", major, minor);
	size = readlink(link, target, sizeof(target) - 1);
	if (size <= 0)
		return;
	target[size] = '\0';
	if (!strrchr(target, '/') || strlen(strrchr(target, '/') + 1) >= sizeof(device->name))
		return;
	strcpy(device->name, strrchr(target, '/') + 1);
	/* sysfs cannot have a slash in a name and shows cciss/c0d0 with '!'. */
	for (char *c = device->name; (c = strchr(c, '!')); )
		*c = '/';
}

const char *device_name(struct devices *devices, u32 number, u64 second)
{
	struct device *device = &devices->places[(number ^ number >> 20) % DEVICES];

	/* Numbers are used again after a disk has gone: nothing is remembered for long. */
	if (device->number != number || device->second != second) {
		device->number = number;
		device->second = second;
		look_up(device);
	}
	return device->name;
}
