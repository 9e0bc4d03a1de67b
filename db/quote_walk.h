// SPDX-License-Identifier: MIT
/* All quotes in a random order without sorting them: db/shuffle.h over the store. For the files of db/ only. */
#pragma once

#include "db/listing.h"
#include "db/quote_plan.h"
#include "db/shuffle.h"

struct quote_walk {
	struct shuffle_walk shuffle;
	const struct list_place *after; /* NULL: from the start */
	uint64_t steps_max;             /* after which it is given up */
};

/* Up to `limit` quotes that fit the conditions of the plan. */
DB_CHECKED enum db_status quote_walk_rows(struct db *db, const struct quote_plan *plan, const struct quote_walk *walk,
	size_t limit, struct arena *arena, struct list_rows *ret_rows);
