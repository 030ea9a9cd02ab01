// SPDX-License-Identifier: GPL-2.0-only
/* report.c - what is said beside the rows: losses, and what kind of run this was. */
#include <cjson/cJSON.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include "fail.h"
#include "run.h"

/* Fresh losses: a row each in JSON, a line each on stderr otherwise. */
void report_losses(struct run *run)
{
	struct moment when = { .realtime_ns = now(CLOCK_REALTIME) };

	ledger_read(&run->ledger, &run->attachment);
	for (int cause = 0; cause < LOSS_CAUSES; cause++) {
		if (!run->ledger.fresh[cause])
			continue;
		if (run->settings.format == FORMAT_JSON)
			output_lost(run->output, loss_causes[cause], run->ledger.fresh[cause], &when);
		else
			say("lost %llu: %s", run->ledger.fresh[cause], loss_causes[cause]);
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
