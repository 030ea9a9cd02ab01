/* SPDX-License-Identifier: GPL-2.0-only */
/* fail.h - exit codes, and the one way to report an error: say it and return it in one expression. */
#pragma once

enum exit_code {
	EXIT_DONE = 0,
	EXIT_FAILED = 1,	/* while running */
	EXIT_USAGE = 2,		/* unknown option, bad value */
	EXIT_NOT_PERMITTED = 3,	/* this user may not */
	EXIT_UNSUPPORTED = 4,	/* this kernel cannot */
	EXIT_LOST = 5,		/* --strict, and something was lost */
	EXIT_INTERRUPTED = 128,	/* never seen: by a signal before it could begin, of which it dies */
};

void say_as(const char *tool);	/* whose name stands before each line; NULL: only ours */

/* One line on stderr. fail() returns code, which must not be EXIT_DONE. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
int fail(enum exit_code code, const char *format, ...) __attribute__((format(printf, 2, 3)));
