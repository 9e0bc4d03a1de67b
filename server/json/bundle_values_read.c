// SPDX-License-Identifier: MIT
/* Single values of a bundle: strings, ids, words, dates, lists of them. */
#include "server/json/bundle_reading.h"

#include <string.h>
#include <strings.h>

#include "db/text/date.h"
#include "db/text/key.h"
#include "db/text/language.h"

const char *read_string_at(struct bundle_reading *reading, const struct place *place, json_t *value)
{
	if (!json_is_string(value)) {
		wrong_type(reading, place, "a string", value);
		return NULL;
	}
	if (!json_string_length(value)) {
		problem(reading, place, "an empty string; leave it out instead");
		return NULL;
	}
	if (json_string_length(value) > BUNDLE_STRING_BYTES_MAX) {
		problem(reading, place, "%zu bytes; at most %d are allowed", json_string_length(value),
			BUNDLE_STRING_BYTES_MAX);
		return NULL;
	}
	return keep(reading, json_string_value(value), json_string_length(value));
}

const char *read_string(struct bundle_reading *reading, const struct place *parent, const char *key, json_t *value)
{
	struct place place = place_key(parent, key);
	return is_given(value) ? read_string_at(reading, &place, value) : NULL;
}

static const char *check_slug(
	struct bundle_reading *reading, const struct place *place, const char *slug, size_t length)
{
	if (slug_is_valid(slug, length))
		return slug;
	problem(reading, place, "\"%s\" is no id: letters, digits, - and _, at most %d of them",
		shown(reading, slug, length), SLUG_MAX_CODEPOINTS);
	return NULL;
}

const char *read_slug_at(struct bundle_reading *reading, const struct place *place, json_t *value)
{
	const char *slug = read_string_at(reading, place, value);
	return slug ? check_slug(reading, place, slug, json_string_length(value)) : NULL;
}

const char *read_own_id(struct bundle_reading *reading, const struct place *root, json_t *value)
{
	const char *id = reading->own_id;
	struct place place = place_key(root, "id");
	const char *given = is_given(value) ? read_slug_at(reading, &place, value) : NULL;
	if (id && given && strcmp(id, given) != 0) {
		problem(reading, &place, "the path says \"%s\"", shown(reading, id, strlen(id)));
		return NULL;
	}
	if (given || is_given(value))
		return given;
	if (!id)
		problem(reading, &place, "required");
	return id ? check_slug(reading, &place, id, strlen(id)) : NULL;
}

const char *read_slug(struct bundle_reading *reading, const struct place *parent, const char *key, json_t *value)
{
	struct place place = place_key(parent, key);
	return is_given(value) ? read_slug_at(reading, &place, value) : NULL;
}

const char *read_word(struct bundle_reading *reading, const struct place *parent, const char *key, json_t *value)
{
	struct place place = place_key(parent, key);
	const char *word = is_given(value) ? read_string_at(reading, &place, value) : NULL;
	if (!word)
		return NULL;
	bool sound = slug_is_valid(word, json_string_length(value));
	for (const char *c = word; *c && sound; c++)
		sound = *c < 'A' || *c > 'Z';
	if (!sound)
		problem(reading, &place, "\"%s\" is no word of lower-case letters, digits, - and _",
			shown(reading, word, json_string_length(value)));
	return sound ? word : NULL;
}

const char *read_language(struct bundle_reading *reading, const struct place *parent, const char *key, json_t *value)
{
	struct place place = place_key(parent, key);
	const char *tag = is_given(value) ? read_string_at(reading, &place, value) : NULL;
	if (!tag)
		return NULL;
	buffer_clear(&reading->words);
	bool sound = language_canonical(&reading->words, tag, json_string_length(value));
	if (reading->words.failed) {
		reading->no_memory = true;
		return NULL;
	}
	if (!sound) {
		problem(reading, &place, "\"%s\" is no language tag of BCP 47, such as nl or en-GB",
			shown(reading, tag, json_string_length(value)));
		return NULL;
	}
	return keep(reading, reading->words.data, reading->words.length);
}

const char *read_date(struct bundle_reading *reading, const struct place *parent, const char *key, json_t *value)
{
	struct place place = place_key(parent, key);
	const char *date = is_given(value) ? read_string_at(reading, &place, value) : NULL;
	int64_t from, to;
	if (date && !edtf_parse(date, json_string_length(value), &from, &to)) {
		problem(reading, &place, "\"%s\" is no date of EDTF, such as 1957, 1957-04-08 or 195X",
			shown(reading, date, json_string_length(value)));
		return NULL;
	}
	return date;
}

const char *read_id(struct bundle_reading *reading, const struct place *parent, json_t *value, const char *name)
{
	if (is_given(value))
		return read_slug(reading, parent, "id", value);
	if (!name)
		return NULL;
	buffer_clear(&reading->words);
	bool made = slug_from_name(&reading->words, name, strlen(name));
	if (reading->words.failed) {
		reading->no_memory = true;
		return NULL;
	}
	if (!made) {
		field_problem(
			reading, parent, "id", "required: no id can be made from a name without a letter or digit");
		return NULL;
	}
	return keep(reading, reading->words.data, reading->words.length);
}

size_t read_choice(struct bundle_reading *reading, const struct place *parent, const char *key, json_t *value,
	const char *const *names, size_t count, size_t otherwise)
{
	struct place place = place_key(parent, key);
	if (!is_given(value))
		return otherwise;
	if (!json_is_string(value)) {
		wrong_type(reading, &place, "a string", value);
		return otherwise;
	}
	for (size_t i = 0; i < count; i++) {
		if (strcmp(names[i], json_string_value(value)) == 0)
			return i;
	}
	buffer_clear(&reading->words);
	for (size_t i = 0; i < count; i++)
		buffer_printf(&reading->words, "%s\"%s\"", i == 0 ? "" : i + 1 < count ? ", " : " or ", names[i]);
	if (reading->words.failed) {
		reading->no_memory = true;
		return otherwise;
	}
	problem(reading, &place, "%s is wanted, not \"%s\"", reading->words.data,
		shown(reading, json_string_value(value), json_string_length(value)));
	return otherwise;
}

static bool is_url(const char *string)
{
	size_t scheme = strncasecmp(string, "https://", 8) == 0 ? 8 : strncasecmp(string, "http://", 7) == 0 ? 7 : 0;
	if (!scheme || !string[scheme] || strchr("/?#", string[scheme]))
		return false;
	/* A space or a control character would end the URL in every list of URLs. */
	for (const char *c = string; *c; c++) {
		if ((unsigned char)*c <= ' ' || *c == 0x7f)
			return false;
	}
	return !strpbrk(string, "\"<>\\^`{|}");
}

struct string_list read_strings(
	struct bundle_reading *reading, const struct place *parent, const char *key, json_t *value, bool urls)
{
	struct string_list list = { 0 };
	struct place place = place_key(parent, key);
	if (!read_array(reading, &place, value) || !json_array_size(value))
		return list;
	if (json_array_size(value) > BUNDLE_STRINGS_MAX) {
		problem(reading, &place, "%zu given; at most %d are allowed", json_array_size(value),
			BUNDLE_STRINGS_MAX);
		return list;
	}
	list.items = reading_array(reading, json_array_size(value), sizeof(*list.items));
	struct string_index seen = { 0 };
	for (size_t i = 0; list.items && i < json_array_size(value); i++) {
		struct place item = place_item(&place, i);
		const char *string = read_string_at(reading, &item, json_array_get(value, i));
		if (string && urls && !is_url(string))
			problem(reading, &item, "\"%s\" is no http or https URL",
				shown(reading, string, strlen(string)));
		else if (string && enter_id(reading, &seen, string, i))
			list.items[list.count++] = string;
	}
	string_index_deinit(&seen);
	return list;
}

static size_t find_agent(struct bundle_reading *reading, const struct place *place, json_t *value)
{
	if (!json_is_string(value)) {
		wrong_type(reading, place, "the id of an agent", value);
		return BUNDLE_NONE;
	}
	const char *slug = json_string_value(value);
	size_t agent = string_index_find(&reading->agents, slug);
	if (agent != STRING_INDEX_NONE)
		return agent;
	struct nearest nearest = { .word = slug };
	offer_agents(reading, &nearest);
	problem(reading, place, "no agent of the bundle has the id \"%s\"%s",
		shown(reading, slug, json_string_length(value)), did_you_mean(reading, &nearest));
	return BUNDLE_NONE;
}

struct index_list read_agent_list(
	struct bundle_reading *reading, const struct place *parent, const char *key, json_t *value)
{
	struct index_list list = { 0 };
	struct place place = place_key(parent, key);
	if (!read_array(reading, &place, value) || !json_array_size(value) || !reading->agent_stamp)
		return list;
	list.items = reading_array(reading, json_array_size(value), sizeof(*list.items));
	size_t stamp = ++reading->lists;
	for (size_t i = 0; list.items && i < json_array_size(value); i++) {
		struct place item = place_item(&place, i);
		size_t agent = find_agent(reading, &item, json_array_get(value, i));
		if (agent == BUNDLE_NONE)
			continue;
		if (reading->agent_stamp[agent] == stamp) {
			problem(reading, &item, "\"%s\" stands in this list already",
				reading->bundle->agents[agent].slug);
			continue;
		}
		reading->agent_stamp[agent] = stamp;
		list.items[list.count++] = agent;
	}
	return list;
}
