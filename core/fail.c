// SPDX-License-Identifier: GPL-2.0-only
/* fail.c - messages on stderr. */
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "fail.h"
#include "output.h"
#include "signals.h"

static const char *speaker;

void say_as(const char *tool)
{
	speaker = tool;
}

/* False: we were asked to end, and who reads stderr does not take a line, which may be the full pipe that stdout is. */
static bool heard(void)
{
	static bool deaf;
	struct pollfd err = { .fd = STDERR_FILENO, .events = POLLOUT };

	for (;;) {
		bool asked = signals_asked();
		int ready = poll(&err, 1, asked && deaf ? 0 : PATIENCE_MS);

		if (ready > 0 || (ready < 0 && errno != EINTR))
			return true;
		if (!ready && asked)
			return deaf = true, false;
	}
}

static void say_line(const char *format, va_list args)
{
	char line[1024], safe[4 * sizeof(line) + 1];

	if (vsnprintf(line, sizeof(line), format, args) >= (int)sizeof(line))
		strcpy(line + sizeof(line) - sizeof("..."), "...");
	if (!heard())
		return;
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
