/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * signals.h - SIGINT, SIGTERM and SIGHUP ask the tool to end. Whatever waits, be it in attaching, is interrupted; a second
 * one ends the process at once, and the kernel takes all away. What was ignored when the tool began stays ignored (nohup).
 */
#pragma once

#define PATIENCE_MS 2000	/* with a reader that takes nothing, once a signal has asked us to end */

int signals_catch(void);	/* a descriptor, readable after one of them or SIGCHLD; or -1 */
void signals_seen(int fd);	/* not readable any more */
int signals_asked(void);	/* the number of the signal that asked to end; 0: none yet */
void signals_restore(void);	/* all as the tool found it; also in a child, for its command */
void signals_die(void);		/* by the signal that asked: nothing was done that could be called done */
