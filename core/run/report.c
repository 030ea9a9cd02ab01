// SPDX-License-Identifier: GPL-2.0-only
/* report.c - what is said beside the rows: losses, and what kind of run this was. */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include "fail.h"
#include "run.h"

/* What the kernel did not show to us, nobody has filtered. */
static const char *cause_of(const struct run *run, int cause)
{
	static char text[96];

	if (cause != LOSS_RECURSION || !run->settings.filter.active)
		return loss_causes[cause];
	snprintf(text, sizeof(text), "%s, of all tasks", loss_causes[cause]);
	return text;
}

/* How much was not seen cannot be said, but that it was not. */
void report_silence(struct run *run)
{
	const char *why = switches_silence(run->attachment.uses, true);

	if (why && !run->silent)
		run->result = fail(EXIT_FAILED, "nothing is seen any more: %s", why);
	else if (!why && run->silent)
		say("probes fire again");
	run->silent = why;
}

/* Fresh losses: a row each in JSON, a line each on stderr otherwise. */
void report_losses(struct run *run)
{
	struct moment when = { .realtime_ns = now(CLOCK_REALTIME) };

	if (!run->over)
		report_silence(run);
	run->ledger.unwritten = output_unwritten(run->output);
	ledger_read(&run->ledger, &run->attachment);
	for (int cause = 0; cause < LOSS_CAUSES; cause++) {
		if (!run->ledger.fresh[cause] || (output_given_up(run->output) && run->settings.format == FORMAT_JSON))
			continue;
		if (run->settings.format == FORMAT_JSON)
			output_lost(run->output, cause_of(run, cause), run->ledger.fresh[cause], &when);
		else
			say("lost %llu: %s", run->ledger.fresh[cause], cause_of(run, cause));
	}
}

void report_totals(struct run *run)
{
	if (run->settings.format != FORMAT_JSON || !output_given_up(run->output))
		return;
	report_losses(run);
	for (int cause = 0; cause < LOSS_CAUSES; cause++)
		if (run->ledger.total[cause])
			say("lost %llu in all: %s", run->ledger.total[cause], cause_of(run, cause));
}

/* The next hook of the tool's targets that has no place here: what comes there later is not seen. One for each target. */
static const struct hook *not_covered(const struct attachment *a, size_t *next)
{
	while (*next < a->hook_count) {
		const struct hook *hook = &a->hooks[(*next)++];

		if (hook->target && hook->kind == HOOK_EXIT && hook_absent(hook))
			return hook;
	}
	return NULL;
}

/* What this kernel may make us lose, once, and before anything is. */
void report_doubts(const struct run *run)
{
	const struct attachment *a = &run->attachment;
	const char *blind = run->settings.verbose || run->settings.explain ? ledger_blind(a) : NULL;
	const struct hook *hook;

	if (blind)
		say("%s", blind);

	for (size_t next = 0; (hook = not_covered(a, &next)); )
		say("not covered: %s: %s", hook->target->function, hook_absent(hook));
	if (a->skips_tasks)
		say("by %s this kernel may skip calls while a probe is preempted; what it skips is counted as lost", attached_by(a));
	if (policy_few_returns(a))
		say("no tracefs to make return probes in: a few calls at a time are seen, what is missed is counted as lost");
}

/* "not_covered": ["nfs4_atomic_open: module nfsv4 is not loaded"] */
static void add_not_covered(cJSON *object, const struct attachment *a)
{
	const struct hook *hook;
	cJSON *list = NULL;
	char text[192];

	for (size_t next = 0; (hook = not_covered(a, &next)); ) {
		list = list ? list : cJSON_AddArrayToObject(object, "not_covered");
		snprintf(text, sizeof(text), "%s: %s", hook->target->function, hook_absent(hook));
		cJSON_AddItemToArray(list, cJSON_CreateString(text));
	}
}

void report_meta(struct run *run, const char *type)
{
	cJSON *object = cJSON_CreateObject();
	struct utsname kernel;
	char *text;

	uname(&kernel);
	cJSON_AddStringToObject(object, "type", type);
	cJSON_AddStringToObject(object, "tool", run->tool->name);
	if (!strcmp(type, "start")) {
		cJSON_AddStringToObject(object, "version", BPFTK_VERSION);
		cJSON_AddStringToObject(object, "kernel", kernel.release);
		cJSON_AddStringToObject(object, "hook", attached_by(&run->attachment));
		if (run->tool->unseen)
			cJSON_AddStringToObject(object, "unseen", run->tool->unseen);
		add_not_covered(object, &run->attachment);
	} else {
		cJSON *lost = cJSON_AddObjectToObject(object, "lost");

		cJSON_AddNumberToObject(object, "rows", output_rows(run->output));
		for (int cause = 0; cause < LOSS_CAUSES; cause++)
			cJSON_AddNumberToObject(lost, loss_causes[cause], run->ledger.total[cause]);
	}
	text = cJSON_PrintUnformatted(object);
	if (text)
		output_object(run->output, text);
	cJSON_free(text);
	cJSON_Delete(object);
}
