// SPDX-License-Identifier: MIT
/*
 * The words of a text, found ahead of the index that takes them: to take a text
 * apart is a fifth of the work of indexing it, and needs no store.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/arena.h"
#include "db/text/buffer.h"
#include "db/text/word_set.h"

/* A token of db/text/fold.h. */
struct text_word {
	uint32_t start;  /* bytes of the text */
	uint32_t folded; /* where in `distinct` it stands, folded */
	uint16_t bytes;  /* of the text */
	uint16_t folded_bytes;
};

struct text_words {
	const char *text; /* borrowed */
	size_t length;
	const struct text_word *items; /* in the order of the text */
	size_t count;
	const char *distinct; /* each folded word once, one behind the other, NUL-terminated */
	size_t distinct_bytes;
};

/* What finding them needs besides, to be used for one text after the other. Zero-initialise. */
struct text_words_finder {
	struct buffer items;
	struct word_set distinct;
};

void text_words_finder_deinit(struct text_words_finder *finder);

/* The text is to live as long as the arena. NULL when memory runs out, or a word has 64 KiB. */
const struct text_words *text_words_find(
	struct text_words_finder *finder, const char *text, size_t length, struct arena *arena);

/* The words of the bytes [start,end) of the text are those from *ret_from up to *ret_to. False: a word is cut there. */
bool text_words_range(const struct text_words *words, uint32_t start, uint32_t end, size_t *ret_from, size_t *ret_to);
