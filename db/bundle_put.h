// SPDX-License-Identifier: MIT
/*
 * Puts a bundle into the store: the review replaces the one with its id, agents
 * and works are added or brought up to date.
 */
#pragma once

#include <stdint.h>

#include "db/arena.h"
#include "db/bundle.h"
#include "db/db.h"
#include "db/reviews.h"

enum put_outcome { PUT_ADDED, PUT_CHANGED, PUT_UNCHANGED };

struct bundle_put_result {
	enum put_outcome outcome; /* of the review */
	int64_t revision;         /* of the store, after */
	struct review review;     /* as it is then; partly in the bundle, partly in the arena */
	const char *pointer; /* DB_INVALID: the place in the bundle (RFC 6901) and what is wrong there; in the arena */
	const char *reason;
};

/*
 * Between db_begin_write() and db_commit(). The store's revision rises by one if the bundle brings anything new, and
 * stays if it brings nothing.
 * The bundle has its digest (db/review_digest.h).
 * DB_INVALID: the bundle leaves something out that the store does not know either; ret_result tells the place, and
 * nothing was put. After a fault the caller rolls back.
 */
DB_CHECKED enum db_status bundle_put(
	struct db *db, const struct bundle *bundle, struct arena *arena, struct bundle_put_result *ret_result);

/* Indexes the review that was put last, if it was added, rather than with the commit: for who puts many. */
DB_CHECKED enum db_status bundle_index(
	struct db *db, const struct bundle *bundle, const struct bundle_put_result *result);

/* The same with the agents and works of the bundle alone; the outcome is theirs, PUT_CHANGED also for a new one. */
DB_CHECKED enum db_status subjects_put(
	struct db *db, const struct bundle *bundle, struct arena *arena, struct bundle_put_result *ret_result);
