// SPDX-License-Identifier: GPL-2.0-only
/* values.c - how the arguments of options are read. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include "clock.h"
#include "kernel/disks.h"
#include "tool.h"

PARSER(parse_switch)
{
	*(u32 *)dst = row->value;
	return text ? "takes no argument" : NULL;
}

PARSER(parse_text)
{
	(void)row;
	*(const char **)dst = text;
	return *text ? NULL : "is empty";
}

#define A_YEAR (366 * 24 * 3600)

static const char *number(const char *text, u64 least, u64 most, u64 *value)
{
	char *end;

	errno = 0;
	*value = strtoull(text, &end, 10);
	if (!isdigit((unsigned char)*text) || *end)
		return "not a number";
	if (errno || *value > most)
		return "too large";
	return *value < least ? "must be 1 or more" : NULL;
}

/* As the row allows it. */
static const char *ranged(const char *text, u64 most, u64 *value, const struct option_row *row)
{
	static char range[64];
	const char *wrong = row->most ? number(text, 0, ULLONG_MAX, value) : number(text, 1, most, value);

	if (wrong || !row->most || (*value >= row->least && *value <= row->most))
		return wrong;
	snprintf(range, sizeof(range), "must be between %llu and %llu", row->least, row->most);
	return range;
}

static const char *small_number(const char *text, u64 least, u64 most, void *dst)
{
	u64 value;
	const char *wrong = number(text, least, most, &value);

	if (!wrong)
		*(u32 *)dst = value;
	return wrong;
}

PARSER(parse_u32)
{
	u64 value;
	const char *wrong = ranged(text, UINT_MAX, &value, row);

	if (!wrong)
		*(u32 *)dst = value;
	return wrong;
}

PARSER(parse_u64)
{
	return ranged(text, ULLONG_MAX, dst, row);
}

PARSER(parse_seconds)
{
	char *end = NULL;
	double seconds;

	(void)row;
	if (text[strspn(text, "0123456789.")])	/* strtod() takes "inf", "0x1" and more */
		return "not a number of seconds";
	seconds = strtod(text, &end);
	if (end == text || *end)
		return "not a number of seconds";
	if (seconds > A_YEAR)
		return "too large";
	if (seconds < 0.001)
		return "must be 0.001 or more";
	*(u64 *)dst = seconds * SECOND + 0.5;
	return NULL;
}

PARSER(parse_pid)
{
	(void)row;
	return small_number(text, 1, INT_MAX, dst);
}

PARSER(parse_uid)
{
	struct filter *filter = dst;
	struct passwd *user = getpwnam(text);

	(void)row;
	filter->active |= FILTER_UID;
	if (!user)
		return small_number(text, 0, UINT_MAX, &filter->uid) ? "no such user" : NULL;
	filter->uid = user->pw_uid;
	return NULL;
}

PARSER(parse_way)
{
	(void)row;
	if (strcmp(text, "fentry") && strcmp(text, "kprobe"))
		return "must be fentry or kprobe";
	*(u32 *)dst = 1 + (*text == 'f' ? WAY_FENTRY : WAY_KPROBE);
	return NULL;
}

PARSER(parse_size)
{
	char digits[16];
	size_t length = strlen(text);
	u32 shift = 0;

	(void)row;
	if (length && length < sizeof(digits) && strchr("kKmM", text[length - 1]))
		shift = tolower((unsigned char)text[--length]) == 'k' ? 10 : 20;
	if (!length || length >= sizeof(digits))
		return "not a size";
	memcpy(digits, text, length);
	digits[length] = '\0';
	if (small_number(digits, 1, (1u << 30) >> shift, dst))
		return "not a size between 1 and 1024M";
	*(u32 *)dst <<= shift;
	return NULL;
}

PARSER(parse_pages)
{
	u32 pages, page = sysconf(_SC_PAGESIZE);
	const char *wrong = small_number(text, 1, (1u << 30) / page, &pages);

	(void)row;
	if (!wrong)
		*(u32 *)dst = pages * page;
	return wrong;
}

PARSER(parse_regex)
{
	regex_t regex;

	(void)row;
	*(const char **)dst = text;
	if (regcomp(&regex, text, REG_EXTENDED | REG_NOSUB))
		return "not a regular expression";
	regfree(&regex);
	return NULL;
}

static u32 kernel_device(dev_t device)	/* as the kernel keeps it, MKDEV() */
{
	return major(device) << 20 | minor(device);
}

PARSER(parse_disk)
{
	(void)row;
	return disk_find(text, dst);
}

/* The device as mount tables show it: stat(2) gives btrfs subvolumes numbers of their own. */
static bool mounted_device(int fd, u32 *device)
{
	char path[64], line[PATH_MAX + 256];
	unsigned int id = 0, found, major_, minor_;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "mnt_id: %u", &id) == 1)
			break;
	if (file)
		fclose(file);
	file = fopen("/proc/self/mountinfo", "re");
	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "%u %*u %u:%u", &found, &major_, &minor_) == 3 && found == id) {
			*device = major_ << 20 | minor_;
			fclose(file);
			return true;
		}
	if (file)
		fclose(file);
	return false;
}

PARSER(parse_directory)
{
	struct {
		u64 inode;
		u32 device;
	} *directory = dst;
	int fd = open(text, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct stat st;

	(void)row;
	if (fd < 0 || fstat(fd, &st))
		return strerror(errno);
	directory->inode = st.st_ino;
	directory->device = kernel_device(st.st_dev);
	mounted_device(fd, &directory->device);
	close(fd);
	return NULL;
}

PARSER(parse_flag_test)
{
	struct {
		u32 mask, value;
	} *test = dst;

	for (const struct name *name = row->names; name->name; name++) {
		if (strcmp(name->name, text))
			continue;
		for (int i = 0; i < 8; i++) {
			if (test[i].mask)
				continue;
			test[i].value = name->value;
			test[i].mask = name->value <= O_ACCMODE ? O_ACCMODE : name->value;
			return NULL;
		}
		return "one too many";
	}
	return "no such flag";
}
