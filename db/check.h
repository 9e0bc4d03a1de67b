// SPDX-License-Identifier: MIT
/* Whether the store is what it should be: the file, and every place against its text. */
#pragma once

#include <stdint.h>

#include "db/arena.h"
#include "db/db.h"

/*
 * For the start of a service: the outermost rows of each table and index, in a time that does not grow with the store,
 * and of a file of up to `pages_max` pages the whole structure. DB_CORRUPT with what was found in ret_error; DB_OK says
 * no more than that these looks found nothing.
 */
DB_CHECKED enum db_status check_quick(struct db *db, int64_t pages_max, struct db_error *ret_error);

/* Who is told, while a check runs; both are called on the thread that checks. */
struct check_listener {
	void (*found)(const char *what, void *context);                         /* a problem, one line for people */
	void (*progress)(int64_t reviews_done, int64_t reviews, void *context); /* may be NULL */
	void *context;
};

struct check_result {
	int64_t problems, reviews, spans, names; /* how many were found, and looked at */
};

/*
 * Everything: SQLite's own integrity check, foreign keys, each text against its hash and length, each span of a quote
 * or mention against the text in code points and bytes, the keys of all names, the counts, the index of words. Problems
 * are told to `listener`, not logged. DB_OK however many there are; a fault when the check itself could not go on.
 */
DB_CHECKED enum db_status check_store(
	struct db *db, const struct check_listener *listener, struct check_result *ret_result);
