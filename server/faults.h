// SPDX-License-Identifier: MIT
/* What a fault of the store means to whoever runs the program. */
#pragma once

#include "db/db.h"
#include "server/reviewd.h"

enum { PATH_SHOWN = 200 };

extern const char default_store[];

/* Opening `path` went wrong: fills ret_error from `fault`, which db_open() gave, and returns what the status means. */
enum reviewd_status fault_of_opening(const char *path, enum db_mode mode, enum db_status status,
	const struct db_error *fault, struct reviewd_error *ret_error);

/* `doing` ("importing") went wrong with the store open. */
enum reviewd_status fault_of_doing(
	const char *doing, struct db *db, enum db_status status, struct reviewd_error *ret_error);
