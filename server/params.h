// SPDX-License-Identifier: MIT
/*
 * The parameters of a query: one vocabulary for all paths; a row of the route
 * table says which of them its path takes.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/arena.h"

/* In the order of their names. */
enum param {
	PARAM_ABOUT,
	PARAM_ADDRESSEE,
	PARAM_ATTRIBUTION,
	PARAM_BY,
	PARAM_CHARACTER,
	PARAM_CHARS,
	PARAM_CURSOR,
	PARAM_DATE,
	PARAM_DRY_RUN,
	PARAM_FIELDS,
	PARAM_FORM,
	PARAM_INCLUDE,
	PARAM_LANGUAGE,
	PARAM_LIMIT,
	PARAM_MATCH,
	PARAM_MAX_LENGTH,
	PARAM_MIN_LENGTH,
	PARAM_OFFSETS,
	PARAM_PERSON,
	PARAM_PRETTY,
	PARAM_PUBLISHED_FROM,
	PARAM_PUBLISHED_TO,
	PARAM_Q,
	PARAM_REVIEW,
	PARAM_REVIEWER,
	PARAM_SEED,
	PARAM_SINCE,
	PARAM_SORT,
	PARAM_SPEAKER,
	PARAM_SPOILER,
	PARAM_PASSAGE, /* "text" */
	PARAM_UPDATED_SINCE,
	PARAM_WAIT,
	PARAM_WORK,
};
enum { PARAMS = PARAM_WORK + 1 };

/* A set of parameters. */
#define PARAM_BIT(param) ((uint64_t)1 << (param))

/* Those that choose among reviews by what is said of them, and among what stands in reviews. */
#define PARAMS_REVIEW_FILTER                                                                           \
	(PARAM_BIT(PARAM_LANGUAGE) | PARAM_BIT(PARAM_PUBLISHED_FROM) | PARAM_BIT(PARAM_PUBLISHED_TO) | \
		PARAM_BIT(PARAM_REVIEWER) | PARAM_BIT(PARAM_UPDATED_SINCE))

/* Those that choose among texts by their lengths. */
#define PARAMS_LENGTH (PARAM_BIT(PARAM_MAX_LENGTH) | PARAM_BIT(PARAM_MIN_LENGTH))

/* Those that choose by words. */
#define PARAMS_WORDS (PARAM_BIT(PARAM_MATCH) | PARAM_BIT(PARAM_Q))

/* Those that choose among quotes. */
#define PARAMS_QUOTE_FILTER                                                                           \
	(PARAMS_REVIEW_FILTER | PARAMS_LENGTH | PARAM_BIT(PARAM_ABOUT) | PARAM_BIT(PARAM_ADDRESSEE) | \
		PARAM_BIT(PARAM_ATTRIBUTION) | PARAM_BIT(PARAM_CHARACTER) | PARAM_BIT(PARAM_FORM) |   \
		PARAM_BIT(PARAM_PERSON) | PARAM_BIT(PARAM_REVIEW) | PARAM_BIT(PARAM_SPEAKER) |        \
		PARAM_BIT(PARAM_SPOILER) | PARAM_BIT(PARAM_WORK) | PARAMS_WORDS)

enum param_kind {
	PARAM_TEXT,   /* anything, not empty */
	PARAM_NUMBER, /* a whole number from 0 to `max` */
	PARAM_CHOICE, /* one of `choices` */
	PARAM_FLAG,   /* 0, 1, true or false; without a value: 1 */
	PARAM_NAMES,  /* names separated by commas, each of which becomes a value */
	PARAM_EDTF,   /* a date as db/text/date.h reads it */
	PARAM_TIME,   /* a moment as db/text/time.h reads it: seconds since 1970 */
	PARAM_DAY     /* 2026-11-25 */
};

/* What `include` adds; in the order of the words. */
enum include { INCLUDE_REVIEW, INCLUDE_TEXT, INCLUDE_WORK };

/* What lists are sorted by; in the order of the words. With SORT_DESCENDING it is turned around. */
enum sort_key {
	SORT_ADDED,
	SORT_ID,
	SORT_LENGTH,
	SORT_NAME,
	SORT_PUBLISHED,
	SORT_RANDOM,
	SORT_REVIEWER,
	SORT_TITLE,
	SORT_UPDATED,
};
enum { SORT_DESCENDING = 1 << 8 };

/* What facets count by; in the order of the words. */
enum facet_by {
	BY_ABOUT,
	BY_ADDRESSEE,
	BY_ATTRIBUTION,
	BY_CHARACTER,
	BY_FORM,
	BY_LANGUAGE,
	BY_PERSON,
	BY_REVIEW,
	BY_REVIEWER,
	BY_SPEAKER,
	BY_SPOILER,
	BY_WORK,
};

#define CHOICE_BIT(choice) (1u << (choice))

struct param_spec {
	const char *name;
	enum param_kind kind;
	bool repeats; /* may be given several times: any of the values */
	bool turns;   /* a choice with `-` in front of it is the same the other way around */
	int64_t max;
	int64_t otherwise;          /* what holds when it is not given; PARAM_ABSENT: nothing; of a choice its index */
	const char *const *choices; /* all there are; ends with NULL */
	const char *about;          /* what it does, for people */
	const char *example;        /* a value that means something to the seed review */
};

/* A parameter that has no value of its own. */
enum { PARAM_ABSENT = -1 };

/* What one path takes. */
struct param_scope {
	uint64_t takes;            /* PARAM_BIT() of each */
	unsigned includes, sorts;  /* CHOICE_BIT() of the choices that `include` and `sort` have here */
	const char *const *fields; /* the names that `fields` may have here; ends with NULL */
};

extern const struct param_spec param_specs[PARAMS];

/* Whether the path has the choice, and whether it may have a `-` in front. */
bool param_has_choice(const struct param_scope *scope, const struct param_spec *spec, size_t choice);
bool param_turns_choice(const struct param_spec *spec, size_t choice);

enum { PARAM_VALUES_MAX = 100, PARAM_VALUE_BYTES_MAX = 1024 };

struct param_values {
	const char **texts; /* as given, decoded */
	int64_t *numbers;   /* PARAM_NUMBER, PARAM_FLAG, PARAM_TIME, and the index of a PARAM_CHOICE */
	size_t count;
};

struct params {
	struct param_values values[PARAMS];
};

/* What is wrong with a query, and with which parameter. */
struct param_problem {
	const char *code;      /* stable, for programs */
	const char *parameter; /* as given */
	const char *detail;    /* a sentence for people */
	const char *nearest;   /* a valid name or value that may have been meant; NULL for none */
};

/*
 * Reads `query` (NULL: there is none) for a path that takes what is in `scope`. Strings are in the arena. False with a
 * problem; its code is NULL when memory ran out. `utm_*`, `fbclid` and `gclid`, which others add to links, are passed
 * over.
 */
bool params_parse(const char *query, const struct param_scope *scope, struct arena *arena, struct params *ret_params,
	struct param_problem *ret_problem);

/* The one value of a number or flag, or `otherwise`. */
int64_t param_number(const struct params *params, enum param param, int64_t otherwise);

/* The one value of a text, or NULL. */
const char *param_text(const struct params *params, enum param param);

/* The choices given, one bit each; 0: none. */
unsigned param_choices(const struct params *params, enum param param);

/* What `sort` asks for, or `otherwise`, and whether it is turned around. */
enum sort_key param_sort(const struct params *params, enum sort_key otherwise, bool *ret_descending);

/* Gives a parameter a value that was not sent; from now on it is as if it had been. False: no memory. */
bool param_set(struct params *params, enum param param, const char *value, struct arena *arena);
