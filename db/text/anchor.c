// SPDX-License-Identifier: MIT
#include "db/text/anchor.h"

#include <stdlib.h>
#include <string.h>

#include "db/text/utf8.h"

/* One sample of four bytes for 64 code points: a sixteenth of an ASCII text, and at most 63 steps to walk. */
enum { TEXT_MAP_STEP = 64 };

bool text_map_init(struct text_map *map, const char *text, size_t bytes)
{
	size_t codepoints = utf8_count(text, bytes);
	uint32_t *samples = NULL;
	/* In a text that is all ASCII both offsets are the same number. */
	if (codepoints != bytes) {
		samples = malloc((codepoints / TEXT_MAP_STEP + 1) * sizeof(*samples));
		if (!samples)
			return false;
		size_t byte = 0;
		for (size_t i = 0; i <= codepoints / TEXT_MAP_STEP; i++) {
			samples[i] = (uint32_t)byte;
			byte = utf8_forward(text, bytes, byte, TEXT_MAP_STEP);
		}
	}
	*map = (struct text_map) { .text = text, .bytes = bytes, .codepoints = codepoints, .samples = samples };
	return true;
}

void text_map_deinit(struct text_map *map)
{
	free(map->samples);
	*map = (struct text_map) { 0 };
}

size_t text_map_to_byte(const struct text_map *map, size_t codepoint)
{
	if (!map->samples)
		return codepoint;
	size_t from = map->samples[codepoint / TEXT_MAP_STEP];
	return utf8_forward(map->text, map->bytes, from, codepoint % TEXT_MAP_STEP);
}

size_t text_map_to_codepoint(const struct text_map *map, size_t byte)
{
	if (!map->samples)
		return byte;
	/*
	 * The last sample at or before the byte. A code point has one to four bytes, so it lies between the byte's
	 * 256th and its 64th part; a few halvings find it.
	 */
	size_t low = byte / ((size_t)TEXT_MAP_STEP * 4);
	size_t high = byte / TEXT_MAP_STEP;
	size_t last = map->codepoints / TEXT_MAP_STEP;
	if (high > last)
		high = last;
	while (low < high) {
		size_t middle = high - (high - low) / 2;
		if (map->samples[middle] <= byte)
			low = middle;
		else
			high = middle - 1;
	}
	size_t from = map->samples[low];
	return low * TEXT_MAP_STEP + utf8_count(map->text + from, byte - from);
}

static unsigned find_twice(const char *text, size_t bytes, const char *needle, size_t length, size_t *ret_byte)
{
	const char *first = memmem(text, bytes, needle, length);
	if (!first)
		return 0;
	*ret_byte = (size_t)(first - text);
	const char *behind = first + 1;
	return memmem(behind, bytes - (size_t)(behind - text), needle, length) ? 2 : 1;
}

static bool stands_between(const char *text, size_t bytes, const struct anchor_words *words, size_t start)
{
	size_t end = start + words->exact_length;
	if (words->prefix && words->prefix_length) {
		size_t length = words->prefix_length;
		if (length > start || memcmp(text + start - length, words->prefix, length) != 0)
			return false;
	}
	if (words->suffix && words->suffix_length) {
		size_t length = words->suffix_length;
		if (length > bytes - end || memcmp(text + end, words->suffix, length) != 0)
			return false;
	}
	return true;
}

/* Without extra memory: every `exact` is looked at in turn, which is slow where it is frequent. */
static unsigned find_piecewise(const char *text, size_t bytes, const struct anchor_words *words, size_t *ret_byte)
{
	unsigned count = 0;
	for (size_t from = 0; from < bytes && count < 2;) {
		const char *at = memmem(text + from, bytes - from, words->exact, words->exact_length);
		if (!at)
			break;
		size_t start = (size_t)(at - text);
		if (stands_between(text, bytes, words, start) && ++count == 1)
			*ret_byte = start;
		from = start + 1;
	}
	return count;
}

unsigned anchor_find(const char *text, size_t bytes, const struct anchor_words *words, size_t *ret_byte)
{
	size_t before = words->prefix ? words->prefix_length : 0;
	size_t behind = words->suffix ? words->suffix_length : 0;
	if (!before && !behind)
		return find_twice(text, bytes, words->exact, words->exact_length, ret_byte);
	if (words->exact_length > bytes || before > bytes - words->exact_length ||
		behind > bytes - words->exact_length - before)
		return 0;

	/* As one string, the words are found in two linear searches however often `exact` alone occurs. */
	size_t length = before + words->exact_length + behind;
	char *needle = malloc(length);
	if (!needle)
		return find_piecewise(text, bytes, words, ret_byte);
	if (before)
		memcpy(needle, words->prefix, before);
	memcpy(needle + before, words->exact, words->exact_length);
	if (behind)
		memcpy(needle + before + words->exact_length, words->suffix, behind);
	size_t start;
	unsigned count = find_twice(text, bytes, needle, length, &start);
	free(needle);
	if (count)
		*ret_byte = start + before;
	return count;
}
