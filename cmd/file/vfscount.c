// SPDX-License-Identifier: GPL-2.0-only
/* vfscount - calls of VFS functions, or of any others. */
#include "tool.h"
#include "file/vfscount.h"

extern const struct probe vfscount_probe;

static const struct column columns[] = {
	{ .heading = "ADDR", .key = "addr", .kind = KIND_ADDRESS, .width = -16, .size = sizeof(u32), .in_key = true,
	  .help = "where the function begins" },
	KEY_COLUMN(struct function_key, function, "FUNC", KIND_FUNCTION, -26, .help = "its name"),
	COLUMN(struct function_calls, count, "COUNT", KIND_UINT, 8, .help = "calls"),
	{}
};

static const struct option_row options[] = {
	VALUE(struct settings, functions, 'r', "regex", "REGEX", parse_regex,
	      "functions to count, by whole name", .in_settings = true),
	{}
};

static const struct option_row arguments[] = {
	ARGUMENT(struct settings, duration_ns, "seconds", parse_seconds, "end after this time", .in_settings = true),
	{}
};

const struct tool vfscount_tool = {
	.name = "vfscount",
	.summary = "Count calls of VFS functions",
	.help = "Functions that are not called are not shown. One function may call another: the counts are no sum.",
	.unseen = "functions of modules that are loaded later",
	.banner = "Tracing... Ctrl-C to end.",
	.probe = &vfscount_probe,
	.table = "counts",
	.columns = columns,
	.layout = LAYOUT_FINAL,
	.options = options,
	.arguments = arguments,
	.functions = "^vfs_.*",
	.sort = "+count",
};
