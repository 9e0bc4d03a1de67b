// SPDX-License-Identifier: MIT
/*
 * Places in a text: between code points (what the world sees, the unit of the
 * W3C Web Annotation Data Model, section 4.2.4) and bytes (what the store cuts
 * with), and the place where quoted words stand.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Translates code points to bytes and back in constant time; made by one pass over the text, which it borrows. */
struct text_map {
	const char *text;
	size_t bytes;
	size_t codepoints;
	uint32_t *samples; /* byte offset of every TEXT_MAP_STEP-th code point */
};

/* False when memory runs out. `text` is valid UTF-8, shorter than 4 GiB, and outlives the map. */
bool text_map_init(struct text_map *map, const char *text, size_t bytes);
void text_map_deinit(struct text_map *map);

/* `codepoint` is at most map->codepoints. */
size_t text_map_to_byte(const struct text_map *map, size_t codepoint);

/* `byte` is at most map->bytes and stands at the start of a code point. */
size_t text_map_to_codepoint(const struct text_map *map, size_t byte);

/* Words to find: `exact`, with `prefix` directly before and `suffix` directly behind where they are not NULL. */
struct anchor_words {
	const char *exact, *prefix, *suffix;
	size_t exact_length, prefix_length, suffix_length; /* bytes */
};

/*
 * How often the words stand in the text: 0, 1, or 2 for "more than once"; occurrences may overlap.
 * *ret_byte is where the first `exact` starts, untouched when there is none. `exact` is not empty.
 */
unsigned anchor_find(const char *text, size_t bytes, const struct anchor_words *words, size_t *ret_byte);
