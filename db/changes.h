// SPDX-License-Identifier: MIT
/*
 * The log of changes: the last thing that happened to each review, agent and work,
 * in the order in which it happened. Whoever follows it has what the store has.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/arena.h"
#include "db/bundle.h"
#include "db/db.h"
#include "db/store.h"

struct change {
	int64_t revision; /* the store's */
	enum noun noun;
	const char *slug;
	bool deleted;
	const char *at;       /* RFC 3339, UTC */
	enum agent_kind kind; /* of an agent that is not deleted */
};

/* A place in the log; there is one change of each thing, and all of one write have the same revision. */
struct change_place {
	int64_t revision;
	int noun;
	const char *slug;
};

struct change_page {
	struct change *items;
	size_t count;
	bool more;
	int64_t total;
};

/* Behind `after`; the total is that of all behind the revision `since`. */
DB_CHECKED enum db_status change_list(struct db *db, int64_t since, const struct change_place *after, size_t limit,
	struct arena *arena, struct change_page *ret_page);
