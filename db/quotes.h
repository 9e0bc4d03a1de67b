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
#include "db/passages.h"
#include "db/works.h"

/* Quotes and mentions of one review are numbered within this many; see schema/migrations/0001_initial.sql. */
enum { ITEMS_PER_REVIEW = 1 << 20 };

/* Stands between the spans of a quote where its words are given out in one string. */
#define QUOTE_GAP " … "
enum { QUOTE_GAP_CODEPOINTS = 3 };

/* What an agent has to do with a quote; the order is that of the store. */
enum quote_role { ROLE_SPEAKER, ROLE_ADDRESSEE, ROLE_ABOUT };
enum { QUOTE_ROLES = 3 };

struct agent_refs {
	struct agent_ref *items;
	size_t count;
};

struct quote {
	int64_t quote_id;       /* inside this store only */
	const char *local_slug; /* the id is <review_slug>~<local_slug> */
	const char *review_slug;
	int64_t review_revision;
	const char *language; /* the review's; NULL unknown */
	const char *text_sha256;
	enum quote_form form;
	enum attribution attribution;
	bool spoiler;
	struct work_ref work;
	struct agent_refs agents[QUOTE_ROLES];
	struct passage *passages; /* in the order in which they are read */
	size_t passage_count;
};

/* Numbers of one parameter: any of them; none: no condition. */
struct int_list {
	int64_t *items;
	size_t count;
};

/* All given conditions must hold. */
struct quote_filter {
	struct int_list reviews, works;               /* numbers inside the store */
	struct int_list speakers, characters, people; /* agent numbers; all three are about who speaks */
	struct int_list addressees, about;
	struct int_list forms, attributions;
	struct string_list languages; /* canonical; `nl` takes nl-BE as well */
};

struct quote_page {
	struct quote *items;
	size_t count;
	bool more;
	int64_t total;
};

/* By the review and the id inside its bundle. DB_NOT_FOUND. */
DB_CHECKED enum db_status quote_get(
	struct db *db, int64_t review_id, const char *local_slug, struct arena *arena, struct quote *ret_quote);

/* In the order of the reviews' coming and of their bundles, after the quote with the number `after` (0 for the first
 * page). */
DB_CHECKED enum db_status quote_list(struct db *db, const struct quote_filter *filter, int64_t after, size_t limit,
	struct arena *arena, struct quote_page *ret_page);
