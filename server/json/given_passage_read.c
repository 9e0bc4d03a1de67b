// SPDX-License-Identifier: MIT
#include "server/json/given_passage_read.h"

#include <string.h>

#include "server/json/json_guard.h"
#include "server/json/json_parse.h"

struct reading {
	struct arena *arena;
	struct given_passage passage;
	struct bundle_problems problems;
	bool no_memory;
};

/* `pointer` and `reason` are NULL when memory ran out. */
static void refuse(struct reading *reading, const char *pointer, const char *reason)
{
	struct bundle_problem *items =
		arena_push(reading->arena, reading->problems.items, reading->problems.count, sizeof(*items));
	if (!items || !pointer || !reason) {
		reading->no_memory = true;
		return;
	}
	reading->problems.items = items;
	items[reading->problems.count++] = (struct bundle_problem) { .pointer = pointer, .reason = reason };
}

static void add_speaker(struct reading *reading, const json_t *value, const char *pointer)
{
	struct string_list *speakers = &reading->passage.speakers;
	if (!json_string_length(value)) {
		refuse(reading, pointer, "is to be a string that is not empty");
		return;
	}
	const char **items = arena_push(reading->arena, speakers->items, speakers->count, sizeof(*items));
	if (!items) {
		reading->no_memory = true;
		return;
	}
	speakers->items = items;
	items[speakers->count++] = json_string_value(value);
}

static void read_speakers(struct reading *reading, const json_t *value)
{
	static const char pointer[] = "/speaker";
	if (!json_is_array(value)) {
		if (!json_is_null(value))
			add_speaker(reading, value, pointer);
		return;
	}
	if (json_array_size(value) > GIVEN_SPEAKERS_MAX) {
		refuse(reading, pointer, arena_printf(reading->arena, "has more than %d values", GIVEN_SPEAKERS_MAX));
		return;
	}
	for (size_t i = 0; i < json_array_size(value); i++)
		add_speaker(reading, json_array_get(value, i), arena_printf(reading->arena, "%s/%zu", pointer, i));
}

/* A key as a step of a JSON Pointer (RFC 6901). */
static const char *point_at(struct reading *reading, const char *key)
{
	char *pointer = arena_alloc(reading->arena, 2 * strlen(key) + 2), *at = pointer;
	if (!pointer)
		return NULL;
	*at++ = '/';
	for (; *key; key++) {
		bool escaped = *key == '~' || *key == '/';
		*at++ = escaped ? '~' : *key;
		if (escaped)
			*at++ = *key == '~' ? '0' : '1';
	}
	*at = '\0';
	return pointer;
}

static void read_members(struct reading *reading, json_t *document)
{
	const char *key;
	json_t *value;
	json_object_foreach(document, key, value)
	{
		if (!strcmp(key, "speaker"))
			read_speakers(reading, value);
		else if (strcmp(key, "text") != 0)
			refuse(reading, point_at(reading, key), "is unknown here; there are: text, speaker");
	}
	const json_t *text = json_object_get(document, "text");
	reading->passage.text = json_string_value(text);
	if (!text)
		refuse(reading, "/text", "is missing");
	else if (!json_string_length(text))
		refuse(reading, "/text", "is to be a string that is not empty");
}

enum bundle_read_status given_passage_read(const char *json, size_t length, struct arena *arena,
	struct given_passage *ret_passage, struct bundle_problems *ret_problems)
{
	struct reading reading = { .arena = arena };
	json_t *document = NULL;
	json_error_t error;
	const char *reason;
	enum json_parse_status parsed = JSON_PARSE_INVALID;
	if (json_guard(json, length, arena, &reason)) {
		parsed = json_parse(json, length, arena, &document, &error);
		reason = parsed == JSON_PARSE_INVALID
				 ? arena_printf(arena, "line %d, column %d: %s", error.line, error.column, error.text)
				 : NULL;
	}
	bool not_json = parsed == JSON_PARSE_INVALID;
	if (parsed == JSON_PARSE_NO_MEMORY)
		return BUNDLE_READ_NO_MEMORY;
	if (not_json)
		refuse(&reading, "", reason);
	else if (!json_is_object(document))
		refuse(&reading, "", "is to be an object");
	else
		read_members(&reading, document);
	if (reading.no_memory)
		return BUNDLE_READ_NO_MEMORY;
	*ret_problems = reading.problems;
	*ret_passage = reading.passage;
	return not_json ? BUNDLE_READ_NOT_JSON : reading.problems.count ? BUNDLE_READ_INVALID : BUNDLE_READ_OK;
}
