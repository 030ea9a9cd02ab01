// SPDX-License-Identifier: GPL-2.0-only
/* fail.c - messages on stderr. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "fail.h"
#include "output.h"

static const char *speaker;

void say_as(const char *tool)
{
	speaker = tool;
}

static void say_line(const char *format, va_list args)
{
	char line[1024], safe[4 * sizeof(line) + 1];

	vsnprintf(line, sizeof(line), format, args);
	safe_text(safe, line, strlen(line));	/* a message may quote what the user or a file gave us */
	fprintf(stderr, "bpftk%s%s: %s\n", speaker ? " " : "", speaker ? speaker : "", safe);
}

void say(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say_line(format, args);
	va_end(args);
}

int fail(enum exit_code code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say_line(format, args);
	va_end(args);
	return code;
}
