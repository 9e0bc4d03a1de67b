// SPDX-License-Identifier: MIT
#include "db/text/stem.h"

#include <libstemmer.h>
#include <stdlib.h>
#include <string.h>

/* Shorter words have no ending to lose. */
enum { WITH_FORMS_MIN = 3 };

struct stemmers {
	struct sb_stemmer *of[STEM_LANGUAGES];
};

static const char *const language_tags[STEM_LANGUAGES] = {
	[STEM_DUTCH] = "nl",
	[STEM_ENGLISH] = "en",
	[STEM_GERMAN] = "de",
};

enum stem_language stem_language_of(const char *tag)
{
	for (int i = 0; tag && i < STEM_LANGUAGES; i++) {
		if (!strncmp(tag, language_tags[i], 2) && (tag[2] == '\0' || tag[2] == '-'))
			return (enum stem_language)i;
	}
	return STEM_NONE;
}

bool stem_has_forms(const char *word, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (word[i] < 'a' || word[i] > 'z')
			return false;
	}
	return length >= WITH_FORMS_MIN;
}

struct stemmers *stemmers_new(void)
{
	struct stemmers *stemmers = calloc(1, sizeof(*stemmers));
	for (int i = 0; stemmers && i < STEM_LANGUAGES; i++) {
		stemmers->of[i] = sb_stemmer_new(language_tags[i], "UTF_8");
		if (!stemmers->of[i]) {
			stemmers_free(stemmers);
			return NULL;
		}
	}
	return stemmers;
}

void stemmers_free(struct stemmers *stemmers)
{
	if (!stemmers)
		return;
	for (int i = 0; i < STEM_LANGUAGES; i++)
		sb_stemmer_delete(stemmers->of[i]);
	free(stemmers);
}

const char *stem_of(
	struct stemmers *stemmers, enum stem_language language, const char *word, size_t length, size_t *ret_length)
{
	struct sb_stemmer *stemmer = stemmers->of[language];
	const sb_symbol *stem = sb_stemmer_stem(stemmer, (const sb_symbol *)word, (int)length);
	if (stem)
		*ret_length = (size_t)sb_stemmer_length(stemmer);
	return (const char *)stem;
}
