// SPDX-License-Identifier: MIT
#include "server/json/bundle_read.h"

#include <stdlib.h>

#include <string.h>

#include "db/review_digest.h"
#include "db/sha256.h"
#include "server/json/bundle_reading.h"
#include "server/json/json_guard.h"
#include "server/json/json_lift.h"
#include "server/json/json_parse.h"

enum {
	FIELD_ID,
	FIELD_TITLE,
	FIELD_LANGUAGE,
	FIELD_REVIEWER,
	FIELD_PUBLISHED,
	FIELD_RATING,
	FIELD_SOURCE,
	FIELD_LICENCE,
	FIELD_WORK,
	FIELD_WORKS,
	FIELD_AGENTS,
	FIELD_TEXT,
	FIELD_QUOTES,
	FIELD_MENTIONS,
	FIELDS
};

static const char *const field_names[FIELDS] = {
	[FIELD_ID] = "id",
	[FIELD_TITLE] = "title",
	[FIELD_LANGUAGE] = "language",
	[FIELD_REVIEWER] = "reviewer",
	[FIELD_PUBLISHED] = "published",
	[FIELD_RATING] = "rating",
	[FIELD_SOURCE] = "source",
	[FIELD_LICENCE] = "licence",
	[FIELD_WORK] = "work",
	[FIELD_WORKS] = "works",
	[FIELD_AGENTS] = "agents",
	[FIELD_TEXT] = "text",
	[FIELD_QUOTES] = "quotes",
	[FIELD_MENTIONS] = "mentions",
};

enum { RATING_VALUE, RATING_BEST, RATING_WORST, RATING_FIELDS };
static const char *const rating_fields[RATING_FIELDS] = { "value", "best", "worst" };

static void read_rating(struct bundle_reading *reading, const struct place *root, json_t *value)
{
	struct place place = place_key(root, field_names[FIELD_RATING]);
	json_t *fields[RATING_FIELDS];
	double numbers[RATING_FIELDS] = { [RATING_BEST] = 5, [RATING_WORST] = 1 };
	if (!is_given(value) || !read_fields(reading, &place, value, rating_fields, RATING_FIELDS, fields))
		return;
	bool sound = true;
	for (size_t i = 0; i < RATING_FIELDS; i++) {
		struct place at = place_key(&place, rating_fields[i]);
		if (json_is_number(fields[i])) {
			numbers[i] = json_number_value(fields[i]);
			continue;
		}
		if (is_given(fields[i]))
			wrong_type(reading, &at, "a number", fields[i]);
		else if (i == RATING_VALUE)
			problem(reading, &at, "required");
		else
			continue;
		sound = false;
	}
	if (!sound)
		return;
	double number = numbers[RATING_VALUE], best = numbers[RATING_BEST], worst = numbers[RATING_WORST];
	if (worst >= best)
		problem(reading, &place, "worst must be less than best (without them they are 1 and 5)");
	else if (number < worst || number > best)
		field_problem(reading, &place, rating_fields[RATING_VALUE],
			"not between worst and best (without them they are 1 and 5)");
	reading->bundle->rating =
		(struct bundle_rating) { .value = number, .best = best, .worst = worst, .given = true };
}

static void read_text(struct bundle_reading *reading, const struct place *root, json_t *value)
{
	struct place place = place_key(root, field_names[FIELD_TEXT]);
	struct bundle *bundle = reading->bundle;
	if (!is_given(value)) {
		problem(reading, &place, "required");
		return;
	}
	if (!json_is_string(value)) {
		wrong_type(reading, &place, "a string", value);
		return;
	}
	bundle->text_bytes = reading->lifted_text ? reading->lifted_bytes : json_string_length(value);
	if (!bundle->text_bytes) {
		problem(reading, &place, "an empty text");
		return;
	}
	if (bundle->text_bytes > BUNDLE_TEXT_BYTES_MAX) {
		problem(reading, &place, "%zu bytes; at most %d are allowed", bundle->text_bytes,
			BUNDLE_TEXT_BYTES_MAX);
		return;
	}
	bundle->text = reading->lifted_text ? reading->lifted_text
					    : keep(reading, json_string_value(value), bundle->text_bytes);
	if (!bundle->text)
		return;
	reading->text_known = text_map_init(&reading->map, bundle->text, bundle->text_bytes);
	if (!reading->text_known || !sha256_hex(bundle->text, bundle->text_bytes, bundle->text_sha256)) {
		reading->no_memory = true;
		return;
	}
	bundle->text_codepoints = reading->map.codepoints;
}

static void read_review(struct bundle_reading *reading, const struct place *root, json_t *document)
{
	struct bundle *bundle = reading->bundle;
	json_t *fields[FIELDS];
	if (json_is_array(document)) {
		problem(reading, root,
			"an object is wanted, this is an array; to import several bundles, write each item on a line "
			"of its own");
		return;
	}
	if (!read_fields(reading, root, document, field_names, FIELDS, fields))
		return;
	bundle->slug = read_slug(reading, root, field_names[FIELD_ID], fields[FIELD_ID]);
	if (!is_given(fields[FIELD_ID]))
		field_problem(reading, root, field_names[FIELD_ID], "required");
	bundle->title = read_string(reading, root, field_names[FIELD_TITLE], fields[FIELD_TITLE]);
	bundle->language = read_language(reading, root, field_names[FIELD_LANGUAGE], fields[FIELD_LANGUAGE]);
	bundle->reviewer = read_string(reading, root, field_names[FIELD_REVIEWER], fields[FIELD_REVIEWER]);
	bundle->published = read_date(reading, root, field_names[FIELD_PUBLISHED], fields[FIELD_PUBLISHED]);
	read_rating(reading, root, fields[FIELD_RATING]);
	bundle->source = read_string(reading, root, field_names[FIELD_SOURCE], fields[FIELD_SOURCE]);
	bundle->licence = read_string(reading, root, field_names[FIELD_LICENCE], fields[FIELD_LICENCE]);
	read_text(reading, root, fields[FIELD_TEXT]);
	read_agents(reading, root, fields[FIELD_AGENTS]);
	read_works(reading, root, fields[FIELD_WORK], fields[FIELD_WORKS]);
	reading->agent_stamp = reading_array(reading, bundle->agent_count, sizeof(*reading->agent_stamp));
	read_quotes(reading, root, fields[FIELD_QUOTES]);
	read_mentions(reading, root, fields[FIELD_MENTIONS]);
	/* Here, since whoever puts it into the store has others waiting. */
	if (!reading->problem_count && !reading->no_memory)
		reading->no_memory = !bundle_digest(bundle, reading->arena);
}

static void not_json(struct bundle_reading *reading, const struct place *root, const json_error_t *error)
{
	const char *what = error->text;
	switch (json_error_code(error)) {
	case json_error_null_character:
	case json_error_null_byte_in_key:
		what = "the character U+0000 is not allowed";
		break;
	case json_error_numeric_overflow:
		what = "a number that is too large";
		break;
	case json_error_unknown:
	case json_error_out_of_memory:
	case json_error_stack_overflow:
	case json_error_cannot_open_file:
	case json_error_invalid_argument:
	case json_error_invalid_utf8:
	case json_error_premature_end_of_input:
	case json_error_end_of_input_expected:
	case json_error_invalid_syntax:
	case json_error_invalid_format:
	case json_error_wrong_type:
	case json_error_null_value:
	case json_error_duplicate_key:
	case json_error_item_not_found:
	case json_error_index_out_of_range:
		break;
	}
	if (error->line > 0)
		problem(reading, root, "not JSON: line %d, column %d: %s", error->line, error->column, what);
	else
		problem(reading, root, "not JSON: %s", what);
}

/* Without its text, most of the time; if that is no JSON, the error is that of the whole. */
static enum json_parse_status load_document(struct bundle_reading *reading, const char *json, size_t length,
	struct arena *tree, json_t **ret_document, json_error_t *ret_error)
{
	struct json_lifted lifted;
	if (!json_lift(json, length, field_names[FIELD_TEXT], reading->arena, &lifted))
		return json_parse(json, length, tree, ret_document, ret_error);
	enum json_parse_status status = json_parse(lifted.rest, lifted.rest_length, tree, ret_document, ret_error);
	free(lifted.rest);
	if (status == JSON_PARSE_INVALID)
		return json_parse(json, length, tree, ret_document, ret_error);
	reading->lifted_text = lifted.string;
	reading->lifted_bytes = lifted.length;
	return status;
}

/* Gives the document the id of the path, where it has none. */
static void give_id(
	struct bundle_reading *reading, const struct place *root, json_t *document, struct arena *tree, const char *id)
{
	json_t *given = json_object_get(document, field_names[FIELD_ID]);
	struct place place = place_key(root, field_names[FIELD_ID]);
	if (json_is_string(given) && strcmp(json_string_value(given), id) != 0)
		problem(reading, &place, "the path says \"%s\"", shown(reading, id, strlen(id)));
	if (json_is_object(document) && !is_given(given))
		reading->no_memory |= !json_give_string(document, field_names[FIELD_ID], id, tree);
}

typedef void read_part(struct bundle_reading *reading, const struct place *root, json_t *document);

/* False: it is no JSON. */
static bool read_document(
	struct bundle_reading *reading, const char *id, const char *json, size_t length, read_part *read)
{
	const struct place root = { 0 };
	const char *reason = NULL;
	if (!json_guard(json, length, reading->arena, &reason)) {
		if (reason)
			problem(reading, &root, "%s", reason);
		else
			reading->no_memory = true;
		return false;
	}
	json_error_t error = { 0 };
	json_t *document;
	struct arena tree = { 0 };
	bool is_json = true;
	switch (load_document(reading, json, length, &tree, &document, &error)) {
	case JSON_PARSE_OK:
		if (id)
			give_id(reading, &root, document, &tree, id);
		if (!reading->no_memory)
			read(reading, &root, document);
		break;
	case JSON_PARSE_INVALID:
		not_json(reading, &root, &error);
		is_json = false;
		break;
	case JSON_PARSE_NO_MEMORY:
		reading->no_memory = true;
		break;
	}
	arena_deinit(&tree);
	return is_json;
}

static enum bundle_read_status read_json(read_part *read, const char *id, const char *json, size_t length,
	struct arena *arena, struct bundle *ret_bundle, struct bundle_problems *ret_problems)
{
	struct bundle bundle = { .work = BUNDLE_NONE };
	struct bundle_reading reading = { .arena = arena, .bundle = &bundle };
	bool is_json = read_document(&reading, id, json, length, read);
	text_map_deinit(&reading.map);
	string_index_deinit(&reading.agents);
	string_index_deinit(&reading.works);
	string_index_deinit(&reading.quotes);
	buffer_deinit(&reading.words);
	if (reading.no_memory)
		return BUNDLE_READ_NO_MEMORY;
	if (reading.problem_count) {
		*ret_problems = (struct bundle_problems) { .items = reading.problems, .count = reading.problem_count };
		return is_json ? BUNDLE_READ_INVALID : BUNDLE_READ_NOT_JSON;
	}
	*ret_bundle = bundle;
	return BUNDLE_READ_OK;
}

enum bundle_read_status bundle_read(const char *json, size_t length, struct arena *arena, struct bundle *ret_bundle,
	struct bundle_problems *ret_problems)
{
	return read_json(read_review, NULL, json, length, arena, ret_bundle, ret_problems);
}

enum bundle_read_status bundle_read_as(const char *id, const char *json, size_t length, struct arena *arena,
	struct bundle *ret_bundle, struct bundle_problems *ret_problems)
{
	return read_json(read_review, id, json, length, arena, ret_bundle, ret_problems);
}

enum bundle_read_status agent_read(const char *id, const char *json, size_t length, struct arena *arena,
	struct bundle *ret_bundle, struct bundle_problems *ret_problems)
{
	return read_json(read_whole_agent, id, json, length, arena, ret_bundle, ret_problems);
}

enum bundle_read_status work_read(const char *id, const char *json, size_t length, struct arena *arena,
	struct bundle *ret_bundle, struct bundle_problems *ret_problems)
{
	return read_json(read_whole_work, id, json, length, arena, ret_bundle, ret_problems);
}
