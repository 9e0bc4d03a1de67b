// SPDX-License-Identifier: MIT
/*
 * Finds names in a text: all of them in one pass (Aho and Corasick, 1975).
 *
 * Case as written, whole words (no letter, digit, mark or underscore on either
 * side), the longest match first, no two overlap. The genitive of Dutch and
 * German counts: an `s` or `'s` (or with U+2019) behind the name is taken along and
 * the match includes it (`Bonds`); a bare apostrophe behind a name that ends in
 * s, x or z as well (`Klaus'`).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct finder;

/* NULL when memory runs out. */
struct finder *finder_new(void);
void finder_free(struct finder *finder);

/*
 * Adds a name (valid UTF-8) that stands for `owner`. The same name may be added for several owners, once each.
 * An empty name, or one without a letter or digit, is ignored. False when memory runs out.
 */
bool finder_add(struct finder *finder, const char *name, size_t length, uint32_t owner);

struct finder_match {
	size_t start, end;      /* bytes, genitive included */
	const uint32_t *owners; /* ascending; valid as long as the finder */
	size_t owner_count;
};

/* Calls `found` for each match in the order of the text; stops and returns false when memory runs out or `found`
 * returns false. */
bool finder_run(struct finder *finder, const char *text, size_t length,
	bool (*found)(const struct finder_match *match, void *context), void *context);
