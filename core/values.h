/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * values.h - how the arguments of options are read. Each returns NULL, or what is wrong with text, to be put after
 * "--option TEXT: ".
 */
#pragma once

struct option_row;

#define PARSER(name) const char *name(const char *text, void *dst, const struct option_row *row)

PARSER(parse_switch);		/* u32 = row->value */
PARSER(parse_text);		/* const char * */
PARSER(parse_u32);		/* from row->least to row->most; where that is 0, from 1 */
PARSER(parse_u64);		/* likewise */
PARSER(parse_seconds);		/* u64 ns: "2", "0.25"; from 0.001, at most a year */
PARSER(parse_pid);		/* u32: the number of a process or thread */
PARSER(parse_uid);		/* struct filter's uid, and that it is wanted; a number or a name */
PARSER(parse_way);		/* u32: 1 + enum way */
PARSER(parse_size);		/* u32 bytes; a suffix K or M */
PARSER(parse_pages);		/* u32 bytes, given in pages */
PARSER(parse_regex);		/* const char *, a valid extended regular expression */
PARSER(parse_disk);		/* struct disk_pattern, of a disk that has requests */
PARSER(parse_directory);	/* struct { u64 inode; u32 device; } */
PARSER(parse_flag_test);	/* into the first free of eight struct { u32 mask, value; }, from row->names */
