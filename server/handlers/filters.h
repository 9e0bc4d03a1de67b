// SPDX-License-Identifier: MIT
/*
 * From the parameters of a list to what the store chooses by: names become
 * numbers, dates become days. What names something that is not there is an
 * answer, since a filter by it would take nothing, and more likely it is a
 * typing error.
 */
#pragma once

#include "db/agents.h"
#include "db/quotes.h"
#include "db/reviews.h"
#include "db/works.h"
#include "server/request.h"

/* Read one after the other: after a fault, or when the response has its status, the others do nothing. */
struct filters {
	struct request *request;
	struct response *response;
	enum db_status status;
};

/* Whether all has been read well. If not, the handler returns the status: a fault, or DB_OK with an answer. */
bool filters_hold(const struct filters *filters);

/* All agents of the kind (-1: any) that have one of these ids, names or aliases. */
void filters_agents(struct filters *filters, enum param param, int kind, struct int_list *list);

/* Those who are claimed to speak, of whom nobody need be known. */
void filters_claimed(struct filters *filters, struct int_list *list);

void filters_characters(struct filters *filters, struct int_list *list);
void filters_people(struct filters *filters, struct int_list *list);

void filters_works(struct filters *filters, struct int_list *list);
void filters_reviews(struct filters *filters, struct int_list *list);
void filters_languages(struct filters *filters, struct string_list *list);

/* The words of `q`, as `match` has them; NULL without. */
void filters_words(struct filters *filters, const struct search_query **ret_words);

/* From published_from and published_to the first and the last day. */
void filters_published(struct filters *filters, bool *given, int64_t *from, int64_t *to);

/* From min_length and max_length. */
void filters_length(struct filters *filters, bool *given, int64_t *min, int64_t *max);

/* All that PARAMS_REVIEW_FILTER has. */
void filters_of_review(struct filters *filters, struct review_filter *filter);

/* All that PARAMS_QUOTE_FILTER has, added to what the path asks for. */
void filters_of_quote(struct filters *filters, struct quote_filter *filter);
