// SPDX-License-Identifier: MIT
/* Whether a passage stands in the store, and who says it. All strings are in the arena the caller gave. */
#pragma once

#include <stdbool.h>

#include "db/quotes.h"

enum verdict {
	VERDICT_EXACT,         /* as it was given */
	VERDICT_NORMALISED,    /* but for case, accents, punctuation and white space */
	VERDICT_MISATTRIBUTED, /* either, but not said by who is claimed to */
	VERDICT_ABSENT
};
enum { VERDICTS = 4 };

/* The words used outside for the verdicts, in their order. */
extern const char *const verdict_names[VERDICTS];

/* A place where the passage stands. */
struct verify_match {
	bool exact;
	bool claimed;       /* said by who is claimed to */
	struct quote quote; /* that the place is part of; its review_slug is NULL for none */
	int64_t review_id;  /* inside this store only */
	const char *review_slug;
	struct span words;      /* from its first word to its last */
	struct passage passage; /* the same; where it is exact, with what it has before and behind */
};

struct verification {
	enum verdict verdict;
	struct verify_match
		*matches; /* those that are claimed first, then exact ones, then in the order of the store */
	size_t count;
};

/* More places are not told, and more than VERIFY_PLACES_MAX not compared. */
enum { VERIFY_MATCHES_MAX = 20, VERIFY_PLACES_MAX = 100 };

/*
 * `claimed`: who is said to speak; NULL for nobody in particular, empty for somebody the store does not know.
 * DB_INVALID: the passage has no words.
 */
DB_CHECKED enum db_status verify(struct db *db, const char *text, const struct int_list *claimed, struct arena *arena,
	struct verification *ret_verification);

/* Gives the offsets of all places, and of the spans of their quotes, in `unit`. */
DB_CHECKED enum db_status verification_convert(struct db *db, enum offset_unit unit, struct verification *verification);
