// SPDX-License-Identifier: MIT
/*
 * What people type to find something, taken apart. Nothing that can be typed is
 * an error.
 *
 *   word       that word, folded (db/text/fold.h)
 *   "a phrase" these words in a row; straight and curly quotes alike
 *   begin*     words that begin so, from three letters on
 *   -word      not that word, -"a phrase" not that phrase
 *
 * Words that are written without a space between them belong together: `don't`
 * is the phrase `don t`. Only the first QUERY_TOKENS_MAX words count.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "db/text/fold.h"

enum { QUERY_TOKENS_MAX = 16, QUERY_PREFIX_MIN = 3 };

/* One or more tokens in a row. */
struct query_term {
	size_t first, count; /* which of the query's tokens */
	bool excluded;       /* must not be there */
	bool quoted;
	bool prefix; /* the last token is the beginning of a word */
};

struct query {
	char tokens[QUERY_TOKENS_MAX][FOLD_TOKEN_BYTES_MAX + 1];
	size_t token_count;
	struct query_term terms[QUERY_TOKENS_MAX];
	size_t term_count;
};

/* `text` is valid UTF-8. */
void query_parse(const char *text, size_t length, struct query *ret_query);

/* False when there is nothing to look for: no words, or only such as must not be there. */
bool query_finds(const struct query *query);
