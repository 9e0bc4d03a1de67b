// SPDX-License-Identifier: MIT
/* How the quotes that a filter takes are spread: how many each agent, work, language and so on has. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "db/arena.h"
#include "db/db.h"
#include "db/quotes.h"

/* What is counted by, in the order of the words for it. */
enum quote_facet {
	FACET_ABOUT,
	FACET_ADDRESSEE,
	FACET_ATTRIBUTION,
	FACET_CHARACTER, /* who speaks, of this kind */
	FACET_FORM,
	FACET_LANGUAGE, /* this and the next two are of the review */
	FACET_PERSON,   /* who speaks, of this kind */
	FACET_REVIEW,
	FACET_REVIEWER,
	FACET_SPEAKER,
	FACET_SPOILER,
	FACET_WORK,
};

struct facet_value {
	const char *id;   /* what the parameter of that name takes */
	const char *name; /* NULL: it has none, or the id says all */
	int64_t quotes;
};

struct facet_values {
	struct facet_value *items;
	size_t count;
};

/* The `limit` values with the most quotes, then by id; quotes of which it is not known are not counted. */
DB_CHECKED enum db_status quote_facet_values(struct db *db, const struct quote_filter *filter, enum quote_facet facet,
	size_t limit, struct arena *arena, struct facet_values *ret_values);
