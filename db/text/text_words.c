// SPDX-License-Identifier: MIT
#include "db/text/text_words.h"

#include "db/text/fold.h"

void text_words_finder_deinit(struct text_words_finder *finder)
{
	buffer_deinit(&finder->items);
	word_set_deinit(&finder->distinct);
}

/* In the finder, until the next text. */
static bool find_words(struct text_words_finder *finder, const char *text, size_t length)
{
	struct fold fold;
	struct fold_token token;
	bool added;
	buffer_clear(&finder->items);
	word_set_clear(&finder->distinct);
	fold_init(&fold, text, length);
	while (fold_next_token(&fold, &token)) {
		struct text_word word = {
			.start = (uint32_t)token.start,
			.bytes = (uint16_t)(token.end - token.start),
			.folded_bytes = (uint16_t)token.length,
		};
		if (token.end - token.start > UINT16_MAX ||
			!word_set_add(&finder->distinct, token.bytes, token.length, &word.folded, &added))
			return false;
		buffer_append(&finder->items, (const char *)&word, sizeof(word));
	}
	return !finder->items.failed;
}

const struct text_words *text_words_find(
	struct text_words_finder *finder, const char *text, size_t length, struct arena *arena)
{
	if (!find_words(finder, text, length))
		return NULL;
	const struct buffer *items = &finder->items, *distinct = &finder->distinct.words;
	struct text_words *words = arena_alloc(arena, sizeof(*words));
	struct text_word *items_copy = arena_reserve(arena, items->length);
	char *distinct_copy = arena_reserve(arena, distinct->length);
	if (!words || !items_copy || !distinct_copy)
		return NULL;
	if (items->length) {
		memcpy(items_copy, items->data, items->length);
		memcpy(distinct_copy, distinct->data, distinct->length);
	}
	*words = (struct text_words) {
		.text = text,
		.length = length,
		.items = items_copy,
		.count = items->length / sizeof(*items_copy),
		.distinct = distinct_copy,
		.distinct_bytes = distinct->length,
	};
	return words;
}

/* How many words begin before that byte; false: one of them has not ended there. */
static bool count_before(const struct text_words *words, uint32_t at, size_t *ret_count)
{
	size_t low = 0, high = words->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (words->items[middle].start < at)
			low = middle + 1;
		else
			high = middle;
	}
	*ret_count = low;
	return low == 0 || words->items[low - 1].start + words->items[low - 1].bytes <= at;
}

bool text_words_range(const struct text_words *words, uint32_t start, uint32_t end, size_t *ret_from, size_t *ret_to)
{
	return count_before(words, start, ret_from) && count_before(words, end, ret_to);
}
