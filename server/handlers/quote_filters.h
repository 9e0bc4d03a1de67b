// SPDX-License-Identifier: MIT
/* From the parameters of a list to what the store filters by: names become numbers, and words a query. */
#pragma once

#include "db/quotes.h"
#include "server/request.h"

/*
 * Adds to `filter` what the parameters ask for. DB_OK with a status in the response: a parameter names what is not
 * in the store, or no language; the response says which and what comes near.
 */
DB_CHECKED enum db_status quote_filters_read(
	struct request *request, struct response *response, struct quote_filter *filter);

/* The words that `q` and `match` ask for; NULL without `q`. */
DB_CHECKED enum db_status words_read(struct request *request, const struct search_query **ret_words);

/* Whoever `speaker` may mean, of any kind; nobody where the store knows nobody of that name, which is no error here. */
DB_CHECKED enum db_status speakers_read(struct request *request, struct int_list *ret_speakers);
