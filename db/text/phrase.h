// SPDX-License-Identifier: MIT
/* A passage that is looked for in other texts, word by word as they are folded (db/text/fold.h). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "db/text/fold.h"

struct phrase {
	const char *text; /* borrowed; without the white space and quotation marks around it */
	size_t length;
	char (*tokens)[FOLD_TOKEN_BYTES_MAX + 1];
	size_t count;
	size_t lead, tail; /* bytes of `text` before the first token and behind the last */
	size_t *failure;   /* for each token, how many before it are again a beginning of the phrase (Knuth, Morris,
			      Pratt) */
};

/* False when memory runs out. A passage without words has a count of 0 and is found nowhere. */
bool phrase_init(struct phrase *phrase, const char *text, size_t length);
void phrase_deinit(struct phrase *phrase);

/* From the first word to the last, in bytes. */
struct phrase_place {
	size_t start, end;
};

/* Puts up to `max` places, which may overlap, into `places`, in the order of the text. False when memory runs out. */
bool phrase_find(const struct phrase *phrase, const char *text, size_t length, struct phrase_place *places, size_t max,
	size_t *ret_count);

/* True when the passage stands at that place of the text byte for byte, with what is before its first word and behind
 * its last. */
bool phrase_is_exact(const struct phrase *phrase, const char *text, size_t length, struct phrase_place place);
