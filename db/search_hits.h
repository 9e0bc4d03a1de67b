// SPDX-License-Identifier: MIT
/* Where in a text the words of a query stand, and the part of the text that shows it best. */
#pragma once

#include "db/search_query.h"

struct search_hit {
	size_t start, end; /* bytes of the text */
	size_t term;       /* of the query */
};

struct search_hits {
	struct search_hit *items;
	size_t count;
};

/* More places in one text are not told. */
enum { SEARCH_HITS_MAX = 1000 };

/*
 * The places in the order of their ends: words as the index finds them in a text of that language, other forms
 * included. Excluded words have none.
 */
DB_CHECKED enum db_status search_hits_find(const struct search_query *query, enum stem_language language,
	const char *text, size_t length, struct arena *arena, struct search_hits *ret_hits);

/* Puts hits that overlap or touch into one, in the order of the text; the term of such a one says nothing. */
void search_hits_merge(struct search_hits *hits);

/* Code points of a text that is shown whole, and about how many of a longer one. */
enum { EXCERPT_CODEPOINTS = 240 };

/* A part of a text: bytes [start,end). */
struct excerpt {
	size_t start, end;
};

/* Where most of the query's words stand close together; the beginning when there are no hits. Before merging. */
struct excerpt excerpt_choose(const struct search_hits *hits, const char *text, size_t length);
