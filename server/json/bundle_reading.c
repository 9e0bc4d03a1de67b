// SPDX-License-Identifier: MIT
#include "server/json/bundle_reading.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/text/key.h"
#include "db/text/utf8.h"

enum { SHOWN_CODEPOINTS = 40 };

/* A hostile bundle could ask for the distance of a hundred long words to a hundred thousand names. */
enum { OFFERS_MAX = 20000, OFFERED_BYTES_MAX = SLUG_MAX_CODEPOINTS * 4 };

struct place place_key(const struct place *parent, const char *key)
{
	return (struct place) { .parent = parent, .key = key };
}

struct place place_item(const struct place *parent, size_t index)
{
	return (struct place) { .parent = parent, .index = index };
}

static void append_pointer(struct buffer *pointer, const struct place *place)
{
	/* From the end to the start, so that a deep place needs no recursion: there are at most ten levels. */
	const struct place *levels[16];
	size_t depth = 0;
	for (; place->parent && depth < sizeof(levels) / sizeof(levels[0]); place = place->parent)
		levels[depth++] = place;
	while (depth--) {
		buffer_append_char(pointer, '/');
		const char *key = levels[depth]->key;
		if (!key)
			buffer_printf(pointer, "%zu", levels[depth]->index);
		for (; key && *key; key++) {
			if (*key == '~' || *key == '/')
				buffer_append_string(pointer, *key == '~' ? "~0" : "~1");
			else
				buffer_append_char(pointer, *key);
		}
	}
}

static const char *make_pointer(struct bundle_reading *reading, const struct place *place)
{
	struct buffer pointer = { 0 };
	append_pointer(&pointer, place);
	const char *kept = pointer.failed ? NULL : keep(reading, pointer.data ? pointer.data : "", pointer.length);
	if (!kept)
		reading->no_memory = true;
	buffer_deinit(&pointer);
	return kept;
}

static void add_problem(struct bundle_reading *reading, const char *pointer, const char *reason)
{
	struct bundle_problem *items =
		arena_push(reading->arena, reading->problems, reading->problem_count, sizeof(*items));
	if (!items || !pointer || !reason) {
		reading->no_memory = true;
		return;
	}
	items[reading->problem_count++] = (struct bundle_problem) { .pointer = pointer, .reason = reason };
	reading->problems = items;
}

void problem(struct bundle_reading *reading, const struct place *place, const char *format, ...)
{
	if (reading->problem_count > BUNDLE_PROBLEMS_MAX)
		return;
	if (reading->problem_count == BUNDLE_PROBLEMS_MAX) {
		add_problem(reading, "", "… and more");
		return;
	}
	char *reason = NULL;
	va_list args;
	va_start(args, format);
	int length = vasprintf(&reason, format, args);
	va_end(args);
	if (length < 0) {
		reading->no_memory = true;
		return;
	}
	add_problem(reading, make_pointer(reading, place), keep(reading, reason, (size_t)length));
	free(reason);
}

static const char *type_name(const json_t *value)
{
	if (json_is_object(value))
		return "an object";
	if (json_is_array(value))
		return "an array";
	if (json_is_string(value))
		return "a string";
	if (json_is_integer(value))
		return "an integer";
	if (json_is_real(value))
		return "a number that is not written as an integer";
	return json_is_null(value) ? "null" : "true or false";
}

void wrong_type(struct bundle_reading *reading, const struct place *place, const char *wanted, const json_t *value)
{
	problem(reading, place, "%s is wanted, this is %s", wanted, type_name(value));
}

void field_problem(struct bundle_reading *reading, const struct place *parent, const char *key, const char *reason)
{
	struct place place = place_key(parent, key);
	problem(reading, &place, "%s", reason);
}

const char *shown(struct bundle_reading *reading, const char *string, size_t length)
{
	size_t end = utf8_forward(string, length, 0, SHOWN_CODEPOINTS);
	const char *kept = arena_printf(reading->arena, "%.*s%s", (int)end, string, end < length ? "…" : "");
	if (!kept)
		reading->no_memory = true;
	return kept ? kept : "";
}

void offer(struct bundle_reading *reading, struct nearest *nearest, const char *candidate)
{
	if (reading->offers >= OFFERS_MAX || reading->problem_count >= BUNDLE_PROBLEMS_MAX)
		return;
	if (strnlen(nearest->word, OFFERED_BYTES_MAX + 1) > OFFERED_BYTES_MAX)
		return;
	reading->offers++;
	nearest_offer(nearest, candidate);
}

void offer_agents(struct bundle_reading *reading, struct nearest *nearest)
{
	for (size_t i = 0; i < reading->bundle->agent_count; i++)
		offer(reading, nearest, reading->bundle->agents[i].slug);
}

void offer_works(struct bundle_reading *reading, struct nearest *nearest)
{
	for (size_t i = 0; i < reading->bundle->work_count; i++)
		offer(reading, nearest, reading->bundle->works[i].slug);
}

const char *did_you_mean(struct bundle_reading *reading, const struct nearest *nearest)
{
	struct buffer words = { 0 };
	for (size_t i = 0; i < nearest->count; i++) {
		const char *before = i == 0 ? "; did you mean " : i + 1 < nearest->count ? ", " : " or ";
		buffer_printf(&words, "%s\"%s\"", before, nearest->found[i]);
	}
	if (nearest->count)
		buffer_append_char(&words, '?');
	const char *kept = keep(reading, words.data ? words.data : "", words.length);
	if (words.failed)
		reading->no_memory = true;
	buffer_deinit(&words);
	return kept ? kept : "";
}

bool is_given(const json_t *value)
{
	return value && !json_is_null(value);
}

static void unknown_field(struct bundle_reading *reading, const struct place *parent, const char *key,
	const char *const *names, size_t count)
{
	struct place place = place_key(parent, key);
	struct nearest nearest = { .word = key };
	for (size_t i = 0; i < count; i++)
		offer(reading, &nearest, names[i]);
	problem(reading, &place, "unknown field%s", did_you_mean(reading, &nearest));
}

bool read_fields(struct bundle_reading *reading, const struct place *place, json_t *object, const char *const *names,
	size_t count, json_t **ret_values)
{
	if (!json_is_object(object)) {
		wrong_type(reading, place, "an object", object);
		return false;
	}
	for (size_t i = 0; i < count; i++)
		ret_values[i] = NULL;
	const char *key;
	json_t *value;
	json_object_foreach(object, key, value)
	{
		size_t field = 0;
		while (field < count && strcmp(names[field], key) != 0)
			field++;
		if (field < count)
			ret_values[field] = value;
		else
			unknown_field(reading, place, key, names, count);
	}
	return true;
}

bool read_array(struct bundle_reading *reading, const struct place *place, json_t *value)
{
	if (is_given(value) && !json_is_array(value))
		wrong_type(reading, place, "an array", value);
	return json_is_array(value);
}

void *reading_array(struct bundle_reading *reading, size_t count, size_t size)
{
	void *items = arena_array(reading->arena, count, size);
	if (!items)
		reading->no_memory = true;
	return items;
}

const char *keep(struct bundle_reading *reading, const char *string, size_t length)
{
	const char *kept = arena_strndup(reading->arena, string, length);
	if (!kept)
		reading->no_memory = true;
	return kept;
}

size_t add_agent(struct bundle_reading *reading, const struct bundle_agent *agent)
{
	struct bundle *bundle = reading->bundle;
	struct bundle_agent *agents = arena_push(reading->arena, bundle->agents, bundle->agent_count, sizeof(*agents));
	if (!agents) {
		reading->no_memory = true;
		return BUNDLE_NONE;
	}
	bundle->agents = agents;
	agents[bundle->agent_count] = *agent;
	if (!enter_id(reading, &reading->agents, agent->slug, bundle->agent_count))
		return BUNDLE_NONE;
	return bundle->agent_count++;
}

bool enter_id(struct bundle_reading *reading, struct string_index *index, const char *id, size_t number)
{
	enum string_index_status status = string_index_add(index, reading->arena, id, number);
	if (status == STRING_INDEX_NO_MEMORY)
		reading->no_memory = true;
	return status == STRING_INDEX_ADDED;
}
