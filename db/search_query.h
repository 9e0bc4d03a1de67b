// SPDX-License-Identifier: MIT
/* A query on its way into the index: what was typed, the forms of its words, and what FTS5 is asked. */
#pragma once

#include "db/arena.h"
#include "db/bundle.h"
#include "db/db.h"
#include "db/fts.h"
#include "db/text/buffer.h"
#include "db/text/query.h"
#include "db/text/stem.h"

struct search_query {
	struct query typed;
	/* Of the words that may have other forms, in each language; the others, and phrases, have none. */
	struct string_list forms[QUERY_TOKENS_MAX][STEM_LANGUAGES];
	const char *match;   /* for MATCH; NULL: there is nothing to look for */
	const char *weights; /* for search_score() */
};

/* `with_forms`: a word also finds its other forms in texts of a language with stems. All strings are in the arena. */
DB_CHECKED enum db_status search_query_make(
	struct db *db, const char *typed, bool with_forms, struct arena *arena, struct search_query *ret_query);

/* What MATCH is asked to find nothing. */
#define SEARCH_MATCH_NOTHING "\"\""

/* What MATCH is asked to find reviews alone; NULL when memory runs out. The query finds something. */
const char *search_match_reviews(const struct search_query *query, struct arena *arena);

/*
 * Writes what MATCH is asked to find quotes. True: with `languages` (canonical tags) it asks only for texts in them, so
 * that they need no test; false: they are not all among those with stems, and it asks for texts in any.
 */
bool search_write_quotes(struct buffer *match, const struct search_query *query, const struct string_list *languages);

/* Writes what MATCH is asked to find these tokens in a row, in texts and not in titles. */
void search_write_passage(struct buffer *match, const char (*tokens)[FOLD_TOKEN_BYTES_MAX + 1], size_t count);

/* Writes behind it that one of the labels must be there as well; nothing for none. */
void search_write_labels(struct buffer *match, enum search_label label, const int64_t *ids, size_t count);
