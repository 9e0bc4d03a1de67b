// SPDX-License-Identifier: MIT
/* Which quotes a filter takes, in which order, and how many. For the files of db/ only. */
#pragma once

#include "db/listing.h"
#include "db/quote_plan.h"
#include "db/store.h"

/* How many quotes the filter takes is not known. */
enum { QUOTES_UNCOUNTED = -1 };

/* How many quotes the plan takes, exactly. */
DB_CHECKED enum db_status quote_list_count(
	struct db *db, const struct quote_plan *plan, const struct store_info *store, int64_t *ret_count);

/* Up to `limit` of them behind `after` (NULL: from the start), each once. `fitting`: what quote_list_count() gave;
 * `all`: how many quotes the store has. */
DB_CHECKED enum db_status quote_list_rows(struct db *db, const struct quote_plan *plan, const struct quote_sort *sort,
	const struct list_place *after, size_t limit, int64_t fitting, int64_t all, struct arena *arena,
	struct list_rows *ret_rows);
