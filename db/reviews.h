// SPDX-License-Identifier: MIT
/* Reviews and their texts. All strings are in the arena the caller gave. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/arena.h"
#include "db/bundle.h"
#include "db/db.h"
#include "db/lists.h"
#include "db/search_query.h"
#include "db/works.h"

struct review {
	int64_t review_id; /* inside this store only */
	const char *slug;
	const char *title, *language, *reviewer, *published, *source, *licence; /* NULL: unknown */
	struct bundle_rating rating;
	struct work_ref work;
	const char *text_sha256; /* lower-case hex */
	size_t text_bytes, text_codepoints;
	const char *digest;     /* of all the bundle said of it (db/bundle_put.h) */
	int64_t revision;       /* of this review */
	const char *updated_at; /* RFC 3339, UTC */
};

/* Conditions on reviews, for lists of reviews and of what stands in them. All given ones must hold. */
struct review_filter {
	struct string_list languages; /* canonical; `nl` takes nl-BE as well */
	struct string_list reviewers; /* keys of their names (db/text/key.h) */
	bool published_given;
	int64_t published_from, published_to; /* days since 1970-01-01; a review that may be of one of them fits */
	const char *updated_since;            /* as the store writes times; NULL: any */
};

/* Which reviews a list has. All given conditions must hold. */
struct review_query {
	const struct search_query *words;           /* in the text or title; NULL: any */
	struct int_list works;                      /* numbers inside the store, of the work that is reviewed */
	struct int_list agents, characters, people; /* agent numbers; all three are about who stands there */
	bool codepoints_given;
	int64_t min_codepoints, max_codepoints; /* length of the text */
	struct review_filter filter;
};

/* What is equal otherwise is told apart by the order in which the reviews came. */
enum review_order { REVIEW_ADDED, REVIEW_ID, REVIEW_PUBLISHED, REVIEW_REVIEWER, REVIEW_TITLE, REVIEW_UPDATED };

struct review_page {
	struct review *items;
	size_t count;
	bool more;
	struct list_place *places; /* of each; behind that of the last starts the next page */
	int64_t total;
};

/* DB_NOT_FOUND: no review has this id. */
DB_CHECKED enum db_status review_get(struct db *db, const char *slug, struct arena *arena, struct review *ret_review);
DB_CHECKED enum db_status review_by_id(
	struct db *db, int64_t review_id, struct arena *arena, struct review *ret_review);

/* Behind `after`, the last of the page before; NULL for the first page. */
DB_CHECKED enum db_status review_list(struct db *db, const struct review_query *query, enum review_order order,
	bool descending, const struct list_place *after, size_t limit, struct arena *arena,
	struct review_page *ret_page);

/* The whole text, NUL-terminated; its length is review.text_bytes. */
DB_CHECKED enum db_status review_text_get(
	struct db *db, int64_t review_id, struct arena *arena, const char **ret_text, size_t *ret_bytes);
