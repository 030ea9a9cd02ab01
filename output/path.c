// SPDX-License-Identifier: GPL-2.0-only
/* path.c - the parts of struct path_text, joined; a record brings them: its size is not believed */
#define _GNU_SOURCE 1	/* memrchr */
#include <string.h>
#include "internal.h"

u16 path_marks(const char *bytes)
{
	struct path_text path;

	memcpy(&path, bytes, sizeof(path));
	return path.marks;
}

/* What stands before the outermost directory. Only a path that is whole begins with a slash. */
static const char *beginning(u16 marks, bool dots)
{
	bool deep = marks & PATH_DEEP, unreachable = marks & PATH_UNREACHABLE;

	if (dots && deep)
		return unreachable ? "(unreachable).../" : ".../";
	if (dots && unreachable)
		return "(unreachable)/";
	return deep || unreachable ? "" : "/";
}

const char *path_name(const char *bytes, size_t size, size_t *length)
{
	const char *parts = bytes + sizeof(struct path_text);
	struct path_text path;
	size_t end;

	memcpy(&path, bytes, sizeof(path));
	size -= sizeof(path);
	end = path.size < size ? path.size : size;
	*length = strnlen(parts, end);
	return !path.marks && *length + 1 >= end ? parts : NULL;
}

/* To the kernel the directory is the root: neither a slash nor .. leads anywhere from there. */
static const char *in_root(const char *name, const char *end)
{
	while (name < end) {
		const char *slash = memchr(name, '/', end - name);
		size_t length = (slash ? slash : end) - name;

		if (length > 2 || memcmp(name, "..", length))
			break;
		name += length + !!slash;
	}
	return name;
}

void text_path(struct text *text, const char *bytes, size_t size, bool dots)
{
	const char *parts = bytes + sizeof(struct path_text), *end, *stop;
	struct path_text path;

	memcpy(&path, bytes, sizeof(path));
	size -= sizeof(path);
	end = parts + (path.size < size ? path.size : size);
	if (end > parts && !end[-1])
		end--;

	if (path.marks & (PATH_FULL | PATH_DEEP | PATH_UNREACHABLE))
		text_string(text, beginning(path.marks, dots));
	/* From the end, where the outermost directory is, to the first part, the name. */
	for (; (stop = memrchr(parts, '\0', end - parts)); end = stop) {
		text_bytes(text, stop + 1, end - stop - 1);
		text_char(text, '/');
	}
	if (path.marks & PATH_IN_ROOT && path.marks & (PATH_FULL | PATH_DEEP))
		parts = in_root(parts, end);
	text_bytes(text, parts, end - parts);
	if (dots && path.marks & PATH_CUT)
		text_string(text, "...");
}
