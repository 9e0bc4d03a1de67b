// SPDX-License-Identifier: MIT
#include "db/text/word_set.h"

#include <stdlib.h>
#include <string.h>

enum { SLOTS_FIRST = 1024 };

void word_set_deinit(struct word_set *set)
{
	buffer_deinit(&set->words);
	free(set->slots);
	*set = (struct word_set) { .count = 0 };
}

static uint32_t hash_word(const char *word, size_t length)
{
	uint32_t hash = 0x811c9dc5u;
	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (unsigned char)word[i]) * 0x01000193u;
	return hash ^ hash >> 15;
}

/* The slot where the word is, or where it would go. */
static uint32_t *find_slot(const struct word_set *set, const char *word, size_t length)
{
	size_t at = hash_word(word, length) & (set->slot_count - 1);
	while (set->slots[at]) {
		const char *there = set->words.data + set->slots[at] - 1;
		if (!strncmp(there, word, length) && !there[length])
			break;
		at = (at + 1) & (set->slot_count - 1);
	}
	return &set->slots[at];
}

static bool grow(struct word_set *set)
{
	size_t slot_count = set->slot_count ? set->slot_count * 2 : SLOTS_FIRST;
	uint32_t *slots = calloc(slot_count, sizeof(*slots));
	if (!slots)
		return false;
	struct word_set larger = { .words = set->words, .slots = slots, .slot_count = slot_count };
	for (size_t at = 0; at < set->words.length;) {
		size_t length = strlen(set->words.data + at);
		*find_slot(&larger, set->words.data + at, length) = (uint32_t)at + 1;
		at += length + 1;
	}
	free(set->slots);
	set->slots = slots;
	set->slot_count = slot_count;
	return true;
}

bool word_set_add(struct word_set *set, const char *word, size_t length, bool *ret_added)
{
	/* At most half full. */
	if (set->count >= set->slot_count / 2 && !grow(set))
		return false;
	uint32_t *slot = find_slot(set, word, length);
	*ret_added = !*slot;
	if (*slot)
		return true;
	size_t start = set->words.length;
	if (length >= UINT32_MAX - start)
		return false;
	buffer_append(&set->words, word, length);
	buffer_append_char(&set->words, '\0');
	if (set->words.failed) {
		set->words.failed = false;
		set->words.length = start;
		return false;
	}
	*slot = (uint32_t)start + 1;
	set->count++;
	return true;
}
