// SPDX-License-Identifier: MIT
/* Places in the text: spans, the words that prove them, and spans from words alone. */
#include "server/json/bundle_reading.h"

#include <inttypes.h>
#include <string.h>

#include "db/text/utf8.h"

static const char exact_name[] = "exact", prefix_name[] = "prefix", suffix_name[] = "suffix";

static bool read_position(struct bundle_reading *reading, const struct place *parent, json_t *pair, size_t index,
	json_int_t *ret_position)
{
	struct place place = place_item(parent, index);
	json_t *value = json_array_get(pair, index);
	if (!json_is_integer(value)) {
		wrong_type(reading, &place, "an integer", value);
		return false;
	}
	json_int_t position = json_integer_value(value);
	if (position < 0) {
		problem(reading, &place, "%" JSON_INTEGER_FORMAT " is before the start of the text", position);
		return false;
	}
	if (reading->text_known && (uint64_t)position > reading->map.codepoints) {
		problem(reading, &place,
			"%" JSON_INTEGER_FORMAT " is behind the end of the text, which has %zu code points", position,
			reading->map.codepoints);
		return false;
	}
	*ret_position = position;
	return true;
}

bool read_span(struct bundle_reading *reading, const struct place *place, json_t *pair, struct span *ret_span)
{
	json_int_t start, end;
	if (!json_is_array(pair) || json_array_size(pair) != 2) {
		problem(reading, place, "[start, end] is wanted, two integers");
		return false;
	}
	/* Both are looked at, so that both can be told. */
	bool start_sound = read_position(reading, place, pair, 0, &start);
	bool end_sound = read_position(reading, place, pair, 1, &end);
	if (!start_sound || !end_sound)
		return false;
	if (start >= end) {
		problem(reading, place, "the start must be before the end");
		return false;
	}
	if (!reading->text_known)
		return false;
	*ret_span = (struct span) {
		.start = (uint32_t)start,
		.end = (uint32_t)end,
		.byte_start = (uint32_t)text_map_to_byte(&reading->map, (size_t)start),
		.byte_end = (uint32_t)text_map_to_byte(&reading->map, (size_t)end),
	};
	return true;
}

/* One of the words, a string being a list of one; NULL for none. */
static json_t *word_at(json_t *list, size_t index)
{
	json_t *word = json_is_array(list) ? json_array_get(list, index) : list;
	return is_given(word) ? word : NULL;
}

/* How a list names one of its words: the list itself when it is a string. */
struct word_place {
	struct place list, item;
};

static const struct place *place_word(
	struct word_place *place, const struct place *parent, const char *name, json_t *list, size_t index)
{
	place->list = place_key(parent, name);
	place->item = place_item(&place->list, index);
	return json_is_array(list) ? &place->item : &place->list;
}

/* As many strings as there are spans, none empty. */
static bool list_is_sound(struct bundle_reading *reading, const struct place *parent, const char *name, json_t *list,
	size_t spans, bool may_be_null)
{
	struct place place = place_key(parent, name);
	if (!is_given(list))
		return true;
	if (!json_is_string(list) && !json_is_array(list)) {
		wrong_type(reading, &place, "a string or an array of strings", list);
		return false;
	}
	size_t count = json_is_array(list) ? json_array_size(list) : 1;
	if (count != spans) {
		problem(reading, &place, "%zu given, but there are %zu spans", count, spans);
		return false;
	}
	bool sound = true;
	for (size_t i = 0; i < count; i++) {
		struct word_place at;
		const struct place *where = place_word(&at, parent, name, list, i);
		json_t *word = json_is_array(list) ? json_array_get(list, i) : list;
		if (json_is_string(word) && json_string_length(word))
			continue;
		if (json_is_null(word) && may_be_null)
			continue;
		if (json_is_string(word))
			problem(reading, where, "an empty string");
		else
			wrong_type(reading, where, "a string", word);
		sound = false;
	}
	return sound;
}

static bool words_are_sound(
	struct bundle_reading *reading, const struct place *parent, const struct span_words *words, size_t spans)
{
	bool exact = list_is_sound(reading, parent, exact_name, words->exact, spans, false);
	bool prefix = list_is_sound(reading, parent, prefix_name, words->prefix, spans, true);
	bool suffix = list_is_sound(reading, parent, suffix_name, words->suffix, spans, true);
	return exact && prefix && suffix;
}

static bool check_exact(
	struct bundle_reading *reading, const struct place *place, json_t *word, const struct span *span)
{
	const char *slice = reading->map.text + span->byte_start;
	size_t length = span->byte_end - span->byte_start;
	if (!word || (json_string_length(word) == length && memcmp(json_string_value(word), slice, length) == 0))
		return true;
	problem(reading, place, "does not stand at [%" PRIu32 ",%" PRIu32 "]; there stands \"%s\"", span->start,
		span->end, shown(reading, slice, length));
	return false;
}

static bool check_prefix(struct bundle_reading *reading, const struct place *place, json_t *word, size_t byte_start)
{
	size_t length = word ? json_string_length(word) : 0;
	const char *text = reading->map.text;
	if (!word || (length <= byte_start && memcmp(text + byte_start - length, json_string_value(word), length) == 0))
		return true;
	size_t from = utf8_backward(text, byte_start, utf8_count(json_string_value(word), length));
	problem(reading, place, "does not stand before the span; there stands \"%s\"",
		shown(reading, text + from, byte_start - from));
	return false;
}

static bool check_suffix(struct bundle_reading *reading, const struct place *place, json_t *word, size_t byte_end)
{
	size_t length = word ? json_string_length(word) : 0;
	const char *text = reading->map.text;
	size_t bytes = reading->map.bytes;
	if (!word || (length <= bytes - byte_end && memcmp(text + byte_end, json_string_value(word), length) == 0))
		return true;
	size_t to = utf8_forward(text, bytes, byte_end, utf8_count(json_string_value(word), length));
	problem(reading, place, "does not stand behind the span; there stands \"%s\"",
		shown(reading, text + byte_end, to - byte_end));
	return false;
}

bool check_words(struct bundle_reading *reading, const struct place *parent, const struct span_words *words,
	const struct span *spans, size_t count)
{
	if (!words_are_sound(reading, parent, words, count) || !reading->text_known)
		return false;
	bool sound = true;
	for (size_t i = 0; i < count; i++) {
		struct word_place at;
		const struct place *where = place_word(&at, parent, exact_name, words->exact, i);
		sound &= check_exact(reading, where, word_at(words->exact, i), &spans[i]);
		where = place_word(&at, parent, prefix_name, words->prefix, i);
		sound &= check_prefix(reading, where, word_at(words->prefix, i), spans[i].byte_start);
		where = place_word(&at, parent, suffix_name, words->suffix, i);
		sound &= check_suffix(reading, where, word_at(words->suffix, i), spans[i].byte_end);
	}
	return sound;
}

static bool find_span(struct bundle_reading *reading, const struct place *parent, const struct span_words *words,
	size_t index, struct span *ret_span)
{
	json_t *exact = word_at(words->exact, index);
	json_t *prefix = word_at(words->prefix, index), *suffix = word_at(words->suffix, index);
	const struct anchor_words wanted = {
		.exact = json_string_value(exact),
		.exact_length = json_string_length(exact),
		.prefix = prefix ? json_string_value(prefix) : NULL,
		.prefix_length = prefix ? json_string_length(prefix) : 0,
		.suffix = suffix ? json_string_value(suffix) : NULL,
		.suffix_length = suffix ? json_string_length(suffix) : 0,
	};
	const struct text_map *map = &reading->map;
	size_t byte = 0;
	unsigned hits = anchor_find(map->text, map->bytes, &wanted, &byte);
	if (hits != 1) {
		struct word_place at;
		const struct place *where = place_word(&at, parent, exact_name, words->exact, index);
		const char *company = prefix || suffix ? " with this prefix or suffix" : "";
		if (hits)
			problem(reading, where, "stands in the text more than once%s; give spans, or prefix and suffix",
				company);
		else
			problem(reading, where, "does not stand in the text%s", company);
		return false;
	}
	size_t byte_end = byte + wanted.exact_length;
	*ret_span = (struct span) {
		.start = (uint32_t)text_map_to_codepoint(map, byte),
		.end = (uint32_t)text_map_to_codepoint(map, byte_end),
		.byte_start = (uint32_t)byte,
		.byte_end = (uint32_t)byte_end,
	};
	return true;
}

bool find_words(struct bundle_reading *reading, const struct place *parent, const struct span_words *words, size_t max,
	struct span **ret_spans, size_t *ret_count)
{
	size_t count = json_is_array(words->exact) ? json_array_size(words->exact) : 1;
	if (count == 0 || count > max) {
		struct place place = place_key(parent, exact_name);
		problem(reading, &place, "%zu given; 1 to %zu are allowed", count, max);
		return false;
	}
	if (!words_are_sound(reading, parent, words, count) || !reading->text_known)
		return false;
	struct span *spans = reading_array(reading, count, sizeof(*spans));
	if (!spans)
		return false;
	bool sound = true;
	for (size_t i = 0; i < count; i++)
		sound &= find_span(reading, parent, words, i, &spans[i]);
	*ret_spans = spans;
	*ret_count = count;
	return sound;
}
