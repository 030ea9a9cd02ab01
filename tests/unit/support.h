/* SPDX-License-Identifier: GPL-2.0-only */
/* support.h - an output whose text a test can look at; the including file has cmocka */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "output.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* 2026-03-01 12:34:56.000000789 UTC, a Sunday. */
#define NOW_NS 1772368496000000789ULL
#define SECOND_NS 1000000000ULL

/* The clock of tables is local time: group setup of every test that shows one. */
int set_time_zone(void **state);

/* Into memory: sets spec->fd. The spec has to last. */
struct output *open_output(struct output_spec *spec);
/* What it has written; malloc'ed. Closes it. */
char *close_output(struct output *out, struct output_spec *spec);

/* One interval that ended at NOW_NS, its heading before it. */
char *show_interval(struct output_spec *spec, struct row *rows, size_t count, u64 interval_ns);

/* Byte for byte. UPDATE_GOLDEN=1 in the environment writes the file instead. */
void assert_golden(const char *name, const char *text);
/* Every line is a whole JSON object; returns how many there are. */
unsigned int assert_json_lines(const char *text);
/* What a function writes to stderr; malloc'ed. */
char *catch_stderr(void (*function)(void *argument), void *argument);
