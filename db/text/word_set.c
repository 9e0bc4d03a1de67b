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

void word_set_clear(struct word_set *set)
{
	buffer_clear(&set->words);
	if (set->count)
		memset(set->slots, 0, set->slot_count * sizeof(*set->slots));
	set->count = 0;
}

/* Eight bytes at a time, for it is asked about every word of every text. */
static uint32_t hash_word(const char *word, size_t length)
{
	static const uint64_t odd = UINT64_C(0x9e3779b97f4a7c15);
	uint64_t hash = length * odd, bytes;
	for (; length >= sizeof(bytes); length -= sizeof(bytes), word += sizeof(bytes)) {
		memcpy(&bytes, word, sizeof(bytes));
		hash = (hash ^ bytes) * odd;
		hash ^= hash >> 32;
	}
	bytes = 0;
	for (size_t i = 0; i < length; i++)
		bytes = bytes << 8 | (unsigned char)word[i];
	hash = (hash ^ bytes) * odd;
	return (uint32_t)(hash >> 32);
}

static bool is_at(const struct word_set *set, size_t start, const char *word, size_t length)
{
	const char *there = set->words.data + start;
	return length < set->words.length - start && !memcmp(there, word, length) && !there[length];
}

/* The slot where the word is, or where it would go. */
static struct word_slot *find_slot(const struct word_set *set, uint32_t hash, const char *word, size_t length)
{
	size_t at = hash & (set->slot_count - 1);
	while (set->slots[at].start &&
		(set->slots[at].hash != hash || !is_at(set, set->slots[at].start - 1, word, length)))
		at = (at + 1) & (set->slot_count - 1);
	return &set->slots[at];
}

static bool grow(struct word_set *set)
{
	size_t slot_count = set->slot_count ? set->slot_count * 2 : SLOTS_FIRST;
	struct word_slot *slots = calloc(slot_count, sizeof(*slots));
	if (!slots)
		return false;
	for (size_t i = 0; i < set->slot_count; i++) {
		size_t at = set->slots[i].hash & (slot_count - 1);
		while (slots[at].start)
			at = (at + 1) & (slot_count - 1);
		slots[at] = set->slots[i].start ? set->slots[i] : slots[at];
	}
	free(set->slots);
	set->slots = slots;
	set->slot_count = slot_count;
	return true;
}

bool word_set_add(struct word_set *set, const char *word, size_t length, uint32_t *ret_start, bool *ret_added)
{
	/* At most half full. */
	if (set->count >= set->slot_count / 2 && !grow(set))
		return false;
	uint32_t hash = hash_word(word, length);
	struct word_slot *slot = find_slot(set, hash, word, length);
	*ret_added = !slot->start;
	*ret_start = slot->start - 1;
	if (slot->start)
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
	*ret_start = (uint32_t)start;
	*slot = (struct word_slot) { .start = (uint32_t)start + 1, .hash = hash };
	set->count++;
	return true;
}
