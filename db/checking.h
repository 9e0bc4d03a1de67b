// SPDX-License-Identifier: MIT
/* A check under way; between check.c and check_file.c only. */
#pragma once

#include "db/check.h"

struct checking {
	struct db *db;
	struct arena arena; /* for one review */
	const struct check_listener *listener;
	struct check_result result;
};

void check_found(struct checking *check, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Its structure, that nothing of the schema is missing, and that every reference leads somewhere. */
DB_CHECKED enum db_status check_file(struct checking *check);
