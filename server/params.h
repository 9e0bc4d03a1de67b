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
	PARAM_CHARACTER,
	PARAM_CURSOR,
	PARAM_FORM,
	PARAM_INCLUDE,
	PARAM_LANGUAGE,
	PARAM_LIMIT,
	PARAM_PERSON,
	PARAM_PRETTY,
	PARAM_REVIEW,
	PARAM_SPEAKER,
	PARAM_WORK,
};
enum { PARAMS = 14 };

/* A set of parameters. */
#define PARAM_BIT(param) ((uint64_t)1 << (param))

/* Those that choose among quotes. */
#define PARAMS_QUOTE_FILTER                                                                      \
	(PARAM_BIT(PARAM_ABOUT) | PARAM_BIT(PARAM_ADDRESSEE) | PARAM_BIT(PARAM_ATTRIBUTION) |    \
		PARAM_BIT(PARAM_CHARACTER) | PARAM_BIT(PARAM_FORM) | PARAM_BIT(PARAM_LANGUAGE) | \
		PARAM_BIT(PARAM_PERSON) | PARAM_BIT(PARAM_REVIEW) | PARAM_BIT(PARAM_SPEAKER) | PARAM_BIT(PARAM_WORK))

enum param_kind {
	PARAM_TEXT,   /* anything, not empty */
	PARAM_NUMBER, /* a whole number from 0 to `max` */
	PARAM_CHOICE, /* one of `choices` */
	PARAM_FLAG    /* 0, 1, true or false; without a value: 1 */
};

struct param_spec {
	const char *name;
	enum param_kind kind;
	bool repeats; /* may be given several times: any of the values */
	int64_t max;
	const char *const *choices; /* ends with NULL */
	const char *about;          /* what it does, for people */
};

extern const struct param_spec param_specs[PARAMS];

enum { PARAM_VALUES_MAX = 100, PARAM_VALUE_BYTES_MAX = 1024 };

struct param_values {
	const char **texts; /* as given, decoded */
	int64_t *numbers;   /* PARAM_NUMBER, PARAM_FLAG, and the index of a PARAM_CHOICE */
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
 * Reads `query` (NULL: there is none) for a path that takes the parameters in the set `takes`. Strings are in the
 * arena. False with a problem; its code is NULL when memory ran out. `utm_*`, `fbclid` and `gclid`, which others add to
 * links, are passed over.
 */
bool params_parse(const char *query, uint64_t takes, struct arena *arena, struct params *ret_params,
	struct param_problem *ret_problem);

/* The one value of a number or flag, or `otherwise`. */
int64_t param_number(const struct params *params, enum param param, int64_t otherwise);

/* The one value of a text, or NULL. */
const char *param_text(const struct params *params, enum param param);
