// SPDX-License-Identifier: MIT
/* A set of words, each of which stands in one place. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/text/buffer.h"

struct word_slot {
	uint32_t start; /* where in `words` it begins, plus 1; 0: free */
	uint32_t hash;
};

/* Zero-initialise. */
struct word_set {
	struct buffer words; /* one behind the other, NUL-terminated */
	struct word_slot *slots;
	size_t slot_count; /* a power of two, or 0 */
	size_t count;
};

/* Frees the words; the set is empty and usable again. */
void word_set_deinit(struct word_set *set);

/* Forgets the words, keeps the memory. */
void word_set_clear(struct word_set *set);

/* *ret_start: where in `words` it begins. *ret_added: it was not in the set before. Words have no NUL. False when
 * memory runs out or the words fill 4 GiB; the set is as it was. */
bool word_set_add(struct word_set *set, const char *word, size_t length, uint32_t *ret_start, bool *ret_added);
