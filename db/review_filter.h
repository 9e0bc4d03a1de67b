// SPDX-License-Identifier: MIT
/* The conditions of a struct review_filter as parts of a statement. For the files of db/ only. */
#pragma once

#include "db/assembly.h"
#include "db/reviews.h"

enum review_condition { REVIEW_BY_REVIEWER, REVIEW_BY_UPDATED, REVIEW_BY_LANGUAGE, REVIEW_BY_PUBLISHED };
enum { REVIEW_CONDITIONS = 4 };

/* Binds what the given conditions want; *ret_given has a bit for each of them. */
DB_CHECKED enum db_status review_filter_bind(struct db *db, const struct review_filter *filter, struct arena *arena,
	struct assembly *assembly, unsigned *ret_given);

/* The fragments that test each of them, in the order of enum review_condition. */
extern const enum fragment_id review_condition_fragments[REVIEW_CONDITIONS];

/* Binds all that is given and adds the tests. */
DB_CHECKED enum db_status review_filter_add(
	struct db *db, const struct review_filter *filter, struct arena *arena, struct assembly *assembly);
