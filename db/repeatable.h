// SPDX-License-Identifier: MIT
/* What a request with an Idempotency-Key did, for a day: the same one again is answered alike and does nothing more. */
#pragma once

#include <stdint.h>

#include "db/arena.h"
#include "db/db.h"

struct repeatable {
	const char *token, *key;    /* a key belongs to whose token it came with */
	const char *request_sha256; /* of the request, in lower-case hex */
	const char *review_slug;
	int64_t store_revision;
	const char *answer;
};

/*
 * By `token` and `key`; strings are in the arena. DB_NOT_FOUND: this key is new, or older than a day.
 */
DB_CHECKED enum db_status repeatable_get(
	struct db *db, const char *token, const char *key, struct arena *arena, struct repeatable *ret_repeatable);

/* In the transaction of what was done, behind repeatable_get(). What is older than a day is forgotten. */
DB_CHECKED enum db_status repeatable_put(struct db *db, const struct repeatable *repeatable);
