// SPDX-License-Identifier: MIT
/* Quotes: words worth giving out, with their places. All strings are in the arena the caller gave. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/agents.h"
#include "db/arena.h"
#include "db/bundle.h"
#include "db/db.h"
#include "db/lists.h"
#include "db/passages.h"
#include "db/reviews.h"
#include "db/search_query.h"
#include "db/works.h"

/* Quotes and mentions of one review are numbered within this many; see schema/migrations/0001_initial.sql. */
enum { ITEMS_PER_REVIEW = 1 << 20 };

/* Stands between the spans of a quote where its words are given out in one string. */
#define QUOTE_GAP " … "
enum { QUOTE_GAP_CODEPOINTS = 3 };

/* What an agent has to do with a quote; the order is that of the store. */
enum quote_role { ROLE_SPEAKER, ROLE_ADDRESSEE, ROLE_ABOUT };
enum { QUOTE_ROLES = 3 };

struct quote {
	int64_t quote_id;       /* inside this store only */
	const char *local_slug; /* the id is <review_slug>~<local_slug> */
	int64_t review_id;
	const char *review_slug;
	int64_t review_revision;
	const char *language; /* the review's; NULL unknown */
	const char *text_sha256;
	uint64_t text_bytes; /* of the review's text */
	enum quote_form form;
	enum attribution attribution;
	bool spoiler;
	struct work_ref work;
	struct agent_refs agents[QUOTE_ROLES];
	struct passage *passages; /* in the order in which they are read */
	size_t passage_count;
};

/* All given conditions must hold. */
struct quote_filter {
	const struct search_query *words;             /* NULL: any */
	struct int_list reviews, works;               /* numbers inside the store; the work is the quote's own */
	struct int_list speakers, characters, people; /* agent numbers; all three are about who speaks */
	struct int_list addressees, about;
	unsigned forms, attributions; /* a bit for each; 0: any */
	bool spoiler_given, spoiler;
	bool codepoints_given;
	int64_t min_codepoints, max_codepoints; /* length of the text as it is served, with its gaps */
	struct review_filter review;            /* of the review it stands in */
};

/* In the order in which the reviews came and in that of their bundles, unless something else is asked for; it also
 * tells apart what is equal otherwise. */
enum quote_order { QUOTE_ADDED, QUOTE_LENGTH, QUOTE_PUBLISHED, QUOTE_RANDOM, QUOTE_UPDATED };

struct quote_sort {
	enum quote_order order; /* published and updated: of the review */
	bool descending;        /* not for QUOTE_RANDOM */
	uint64_t seed;          /* of QUOTE_RANDOM */
};

/* What is read of the text: with 32 code points around each span, or not; without any words, they are empty. */
enum quote_words { QUOTE_WORDS_AROUND, QUOTE_WORDS, QUOTE_NO_WORDS };

struct quote_page {
	struct quote *items;
	size_t count;
	bool more;
	struct list_place last; /* where the next page starts behind */
	int64_t total;
};

/* By the number inside the store. DB_NOT_FOUND. */
DB_CHECKED enum db_status quote_by_id(struct db *db, int64_t quote_id, struct arena *arena, struct quote *ret_quote);

/* The words of the quote in one string; NULL when memory runs out. */
const char *quote_text(const struct quote *quote, struct arena *arena);

/* By the review and the id inside its bundle. DB_NOT_FOUND. */
DB_CHECKED enum db_status quote_get(
	struct db *db, int64_t review_id, const char *local_slug, struct arena *arena, struct quote *ret_quote);

/*
 * The words of the text from where the quote begins to where it ends, whichever of its spans that is, with up to
 * `codepoints` on either side, and where all that stands.
 */
struct quote_context {
	struct passage passage;
	struct span whole; /* with what is before and behind */
};
DB_CHECKED enum db_status quote_context(struct db *db, const struct quote *quote, size_t codepoints,
	enum offset_unit unit, struct arena *arena, struct quote_context *ret_context);

/* Behind `after`, the last of the page before; NULL for the first page. Fewer than `limit` where their words are many.
 */
DB_CHECKED enum db_status quote_list(struct db *db, const struct quote_filter *filter, const struct quote_sort *sort,
	const struct list_place *after, size_t limit, enum quote_words words, struct arena *arena,
	struct quote_page *ret_page);

/* One quote, each that fits being equally likely over all seeds. DB_NOT_FOUND: none fits. */
DB_CHECKED enum db_status quote_random(
	struct db *db, const struct quote_filter *filter, uint64_t seed, struct arena *arena, struct quote *ret_quote);

/* Gives all offsets of the quotes in `unit`. */
DB_CHECKED enum db_status quotes_convert(struct db *db, enum offset_unit unit, struct quote *quotes, size_t count);
