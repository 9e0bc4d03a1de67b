// SPDX-License-Identifier: MIT
/* Mentions: spans that name agents or a work. All strings are in the arena the caller gave. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/agents.h"
#include "db/arena.h"
#include "db/db.h"
#include "db/lists.h"
#include "db/passages.h"
#include "db/quotes.h"
#include "db/reviews.h"
#include "db/works.h"

struct mention {
	int64_t mention_id; /* inside this store only */
	const char *review_slug;
	struct passage passage;
	struct agent_refs agents; /* none when it names a work */
	struct work_ref work;     /* the slug is NULL when it names agents */
};

/* Which mentions a list has: those in one review, or those of one agent. All given conditions must hold. */
struct mention_query {
	int64_t review_id, agent_id;        /* numbers inside the store; one of the two is not 0 */
	struct int_list reviews;            /* of an agent's: where they stand */
	struct review_filter filter;        /* of an agent's: where they stand */
	struct int_list works;              /* of an agent's: what the review is of; of a review's: what is named */
	struct int_list characters, people; /* of a review's: who is named */
};

struct mention_page {
	struct mention *items;
	size_t count;
	bool more;
	struct list_place last; /* where the next page starts behind */
	int64_t total;
};

/* In the order in which the reviews came and in that of their bundles, behind `after`, the last of the page before;
 * NULL for the first page. */
DB_CHECKED enum db_status mention_list(struct db *db, const struct mention_query *query, const struct list_place *after,
	size_t limit, struct arena *arena, struct mention_page *ret_page);

/* Gives all offsets of the mentions in `unit`. */
DB_CHECKED enum db_status mentions_convert(
	struct db *db, enum offset_unit unit, struct mention *mentions, size_t count);
