// SPDX-License-Identifier: MIT
/*
 * From a filter on quotes to the FROM and the conditions of a statement: which
 * index is followed and what is tested row by row. For the files of db/ only.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "db/assembly.h"
#include "db/quotes.h"
#include "db/review_filter.h"

enum quote_condition {
	QUOTE_BY_REVIEW,
	QUOTE_BY_CHARACTER,
	QUOTE_BY_PERSON,
	QUOTE_BY_SPEAKER,
	QUOTE_BY_ADDRESSEE,
	QUOTE_BY_ABOUT,
	QUOTE_BY_WORK,
	QUOTE_BY_FORM,
	QUOTE_BY_ATTRIBUTION,
	QUOTE_BY_SPOILER,
	QUOTE_BY_CODEPOINTS,
	QUOTE_BY_WORDS,
	QUOTE_BY_OF_REVIEW, /* and from here on the conditions on the review */
};
enum { QUOTE_CONDITIONS = QUOTE_BY_OF_REVIEW + REVIEW_CONDITIONS };

/* What a statement follows. */
enum quote_source {
	/* Those of one value of the condition with the same number. */
	FROM_REVIEW,
	FROM_CHARACTER,
	FROM_PERSON,
	FROM_SPEAKER,
	FROM_ADDRESSEE,
	FROM_ABOUT,
	FROM_WORK,
	FROM_REVIEWER,
	/* All that fit a condition on the review, or on form, attribution and spoiler. */
	FROM_UPDATED,
	FROM_REVIEWS,
	FROM_ALIKE,
	/* All. */
	FROM_QUOTES,
	FROM_CODEPOINTS,
	FROM_PUBLISHED,
	FROM_ALL_UPDATED,
	FROM_ALL_WORKS,
	/* Those with certain words, which stands for all that the index of words knows of a quote. */
	FROM_WORDS,
	/* The one with the number :value. */
	FROM_ONE,
	/* Those of several values at once, for counting. */
	FROM_SOME_AGENTS,
	FROM_SOME_REVIEWS,
	FROM_SOME_WORKS,
};
enum { QUOTE_SOURCES = FROM_SOME_WORKS + 1 };

/* What the rest of the statement reads besides the number of the quote. */
enum { NEEDS_QUOTE = 1, NEEDS_REVIEW = 2 };

struct quote_plan {
	struct assembly bound;    /* the arguments of all conditions, and no part */
	uint32_t given;           /* a bit for each condition */
	enum quote_source source; /* the narrowest one, or FROM_QUOTES when no condition has one */
	struct int_list values;   /* of the source, each once, one run for each; none: one run */
};

DB_CHECKED enum db_status quote_plan_make(
	struct db *db, const struct quote_filter *filter, struct arena *arena, struct quote_plan *ret_plan);

/* True when nothing else than the source may be followed: it is what costs. */
bool quote_plan_is_of_words(const struct quote_plan *plan);

/* True when the source is an agent with several values, of which a quote may have more than one. */
bool quote_plan_repeats(const struct quote_plan *plan);

/* True when it takes all quotes of one agent in one role. */
bool quote_plan_is_of_one_agent(const struct quote_plan *plan);

/* Whether some condition is one on the review, or one on the quote itself. */
bool quote_plan_is_on_reviews(const struct quote_plan *plan);
bool quote_plan_is_on_traits(const struct quote_plan *plan);

/* The source that takes in all and leaves out the most: for counting, and for keeping the first of an order. */
enum quote_source quote_plan_scan(const struct quote_plan *plan);

/* True when the quotes come review by review, each review once. */
bool quote_source_begins_with_reviews(enum quote_source source);

/*
 * Adds FROM, the joins that `needs` and the conditions want, `join`, and the conditions. The arguments are bound, but
 * for the :value of a source that has one.
 */
void quote_plan_add(const struct quote_plan *plan, enum quote_source source, unsigned needs, enum fragment_id join,
	struct assembly *assembly);

/* The same for counting: from what quote_plan_scan() chooses, with all values at once, :value bound as well. */
void quote_plan_add_all(
	const struct quote_plan *plan, unsigned needs, enum fragment_id join, struct assembly *assembly);

/*
 * True when all conditions are such that the quotes of a review can be counted together: those on the review, and on
 * form, attribution and spoiler. `needs` tells what these and the rest of the statement read.
 */
bool quote_plan_is_summed(const struct quote_plan *plan, unsigned *needs);

/* The same as quote_plan_add_all() for such a plan: sums of q.quotes with NEEDS_QUOTE, of r.quotes without it. */
void quote_plan_add_summed(const struct quote_plan *plan, unsigned needs, struct assembly *assembly);

/* The conditions alone, all of them, behind a FROM that has what they need. */
void quote_plan_add_tests(const struct quote_plan *plan, struct assembly *assembly);
