// SPDX-License-Identifier: MIT
/* The command line: flags before environment before defaults. */
#pragma once

#include <stdbool.h>

#include "server/reviewd.h"

enum command {
	COMMAND_SERVE,
	COMMAND_IMPORT,
	COMMAND_EXPORT,
	COMMAND_CHECK,
	COMMAND_BACKUP,
	COMMAND_OPENAPI,
	COMMAND_TOKEN,
	COMMAND_VERSION,
	COMMAND_HELP
};

/* How often --author and --character may be given. */
enum { OPTION_NAMES_MAX = 256 };

enum token_action { TOKEN_ADD, TOKEN_LIST, TOKEN_REVOKE };

/* Strings are those of argv and the environment. */
struct options {
	enum command command;
	struct reviewd_options
		serve; /* .db and .listen also hold REVIEWD_DB and REVIEWD_LISTEN; .db is for every command */
	bool dry_run, atomic, force, no_index;
	struct reviewd_text text; /* of import, without its lists; .file is NULL without --text */
	const char *authors[OPTION_NAMES_MAX], *characters[OPTION_NAMES_MAX]; /* the lists */
	const char *review;
	const char *const *files;
	int file_count;
	enum token_action token_action;
	const char *token_name; /* NULL for TOKEN_LIST */
	const char *help;       /* the text that COMMAND_HELP is about */
};

/* REVIEWD_USAGE: what is wrong has been written to standard error. May reorder argv. */
REVIEWD_CHECKED enum reviewd_status options_read(int argc, char **argv, struct options *ret_options);
