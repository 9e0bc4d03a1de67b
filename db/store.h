// SPDX-License-Identifier: MIT
/* The store as a whole: its revision, its counts, what was deleted, and which ids are near a mistyped one. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/arena.h"
#include "db/bundle.h"
#include "db/db.h"

enum { STORE_UUID_LENGTH = 32 };

struct store_info {
	const char *uuid; /* of this file */
	int64_t revision;
	int64_t reviews, works, quotes, mentions;
	int64_t agents[AGENT_KINDS];
};

/* What a change, a deletion or a mistyped id can be of. */
enum noun { NOUN_REVIEW, NOUN_AGENT, NOUN_WORK };
enum { NOUNS = 3 };
extern const char *const noun_names[NOUNS];

DB_CHECKED enum db_status store_get(struct db *db, struct arena *arena, struct store_info *ret_info);

/*
 * Between db_begin_write() and db_commit(), after store_get(): from now on it is this, but for the uuid. Many writes of
 * one transaction become one of the row: store_write() writes it, before the commit and before a savepoint.
 */
void store_set(struct db *db, const struct store_info *info);
DB_CHECKED enum db_status store_write(struct db *db);

/* Raises the revision, unless this write has done so: for what changes no thing, but what is answered. */
DB_CHECKED enum db_status store_raise(struct db *db);

/* True when the thing once was and has been deleted. */
DB_CHECKED enum db_status store_was_deleted(struct db *db, enum noun noun, const char *slug, bool *ret_deleted);

/*
 * Ids close to `slug`, closest first, at most NEAREST_MAX; of agents those of one kind, or of any for -1. Looks at the
 * 200 ids on both sides in the order of the ids, however large the store is: a typing error in the first letters of a
 * large store may find nothing.
 */
DB_CHECKED enum db_status store_nearest(
	struct db *db, enum noun noun, int kind, const char *slug, struct arena *arena, struct string_list *ret_list);

/* Whether somebody whose name has this key has reviewed anything; if not, the names of reviewers near it. */
DB_CHECKED enum db_status store_find_reviewer(
	struct db *db, const char *key, struct arena *arena, bool *ret_found, struct string_list *ret_nearest);

/* The same as store_nearest() among the quotes of one review. */
DB_CHECKED enum db_status store_nearest_quote(
	struct db *db, int64_t review_id, const char *local_slug, struct arena *arena, struct string_list *ret_list);
