// SPDX-License-Identifier: MIT
/* Stems: what the forms of a word have in common, in the languages that are known (Snowball, through libstemmer). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* The order is that of the columns of the full-text index (schema/migrations/0002_search.sql). */
enum stem_language { STEM_DUTCH, STEM_ENGLISH, STEM_GERMAN, STEM_NONE };
enum { STEM_LANGUAGES = STEM_NONE };

/* By the first part of a language tag (BCP 47); STEM_NONE for NULL and for every other language. */
enum stem_language stem_language_of(const char *tag);

/* True for words that can have forms: three letters or more, and letters a to z alone. */
bool stem_has_forms(const char *word, size_t length);

/* The stemmers of one thread. */
struct stemmers;

/* NULL when memory runs out. */
struct stemmers *stemmers_new(void);
void stemmers_free(struct stemmers *stemmers);

/* The stem of a folded word, valid until the next call; not NUL-terminated. NULL when memory runs out. */
const char *stem_of(
	struct stemmers *stemmers, enum stem_language language, const char *word, size_t length, size_t *ret_length);
