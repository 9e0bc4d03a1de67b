// SPDX-License-Identifier: MIT
/* Searching everything at once. All strings are in the arena the caller gave. */
#pragma once

#include "db/agents.h"
#include "db/fts.h"
#include "db/quotes.h"
#include "db/reviews.h"
#include "db/search_hits.h"
#include "db/works.h"

/* A place of a hit, in the unit that was asked for. */
struct highlight {
	uint32_t start, end;
};

/* Something that was found; `kind` says which of the four it is. */
struct search_result {
	enum search_kind kind;
	struct quote quote;
	struct review review;
	struct agent agent;
	struct work work;
	const char *field; /* what of it was found: "text", "title", "name" or "alias" */
	/* The places: of a text, in the review's text; otherwise in the title, name or alias. */
	struct highlight *highlights;
	size_t highlight_count;
	/* What shows it best, out of that text, title or name, and the places in it, in bytes. */
	const char *excerpt;
	size_t excerpt_length;
	bool cut_before, cut_behind; /* more stands before it, behind it */
	struct search_hits marks;
};

/* Where a page starts: behind the row with that score and number. */
struct search_cursor {
	int64_t score, rowid;
};

/* For the first page. */
struct search_cursor search_first(void);

struct search_page {
	struct search_result *items;
	size_t count;
	struct search_cursor last; /* the last item */
	bool more;
	int64_t total;
};

/*
 * The best first (db/fts.h says what is good); of those as good the newest first. What more rows than
 * SEARCH_RANKED_MAX have in common says little about any of them: they are not ranked, and the newest comes first.
 * `unit` is what the highlights and the spans of quotes count.
 */
enum { SEARCH_RANKED_MAX = 10000 };
DB_CHECKED enum db_status search(struct db *db, const struct search_query *query, struct search_cursor after,
	size_t limit, enum offset_unit unit, struct arena *arena, struct search_page *ret_page);
