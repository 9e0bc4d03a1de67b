// SPDX-License-Identifier: MIT
/* Which quotes a filter takes, and how many: statements put together from the fragments of schema/queries/quotes.sql.
 */
#pragma once

#include "db/quotes.h"

/* Numbers of up to `limit` quotes after `after`, ascending, each once. */
DB_CHECKED enum db_status quote_list_ids(struct db *db, const struct quote_filter *filter, int64_t after, size_t limit,
	struct arena *arena, struct int_list *ret_ids);

/* Both for a filter with words: up to `limit` numbers after `after`, and how many quotes it takes, exactly. */
DB_CHECKED enum db_status quote_list_words(struct db *db, const struct quote_filter *filter, int64_t after,
	size_t limit, struct arena *arena, struct int_list *ret_ids, int64_t *ret_total);

/* How many quotes the filter takes, exactly. */
DB_CHECKED enum db_status quote_list_count(
	struct db *db, const struct quote_filter *filter, struct arena *arena, int64_t *ret_count);
