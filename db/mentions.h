// SPDX-License-Identifier: MIT
/* Mentions: spans that name agents or a work. All strings are in the arena the caller gave. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/agents.h"
#include "db/arena.h"
#include "db/db.h"
#include "db/passages.h"
#include "db/quotes.h"
#include "db/works.h"

struct mention {
	int64_t mention_id; /* inside this store only */
	const char *review_slug;
	struct passage passage;
	struct agent_refs agents; /* none when it names a work */
	struct work_ref work;     /* the slug is NULL when it names agents */
};

struct mention_page {
	struct mention *items;
	size_t count;
	bool more;
	int64_t total;
};

/* In the order of the bundle, after the mention with the number `after` (0 for the first page). */
DB_CHECKED enum db_status mention_list_by_review(struct db *db, int64_t review_id, int64_t after, size_t limit,
	struct arena *arena, struct mention_page *ret_page);

/* Of one agent, in the order of the reviews' coming and of their bundles. */
DB_CHECKED enum db_status mention_list_by_agent(struct db *db, int64_t agent_id, int64_t after, size_t limit,
	struct arena *arena, struct mention_page *ret_page);

/* Gives all offsets of the mentions in `unit`. */
DB_CHECKED enum db_status mentions_convert(
	struct db *db, enum offset_unit unit, struct mention *mentions, size_t count);
