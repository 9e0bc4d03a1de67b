// SPDX-License-Identifier: MIT
/* The quotes of a bundle. */
#include "server/json/bundle_reading.h"

#include <string.h>

enum {
	FIELD_ID,
	FIELD_FORM,
	FIELD_SPEAKERS,
	FIELD_ADDRESSEES,
	FIELD_ABOUT,
	FIELD_ATTRIBUTION,
	FIELD_SPANS,
	FIELD_EXACT,
	FIELD_PREFIX,
	FIELD_SUFFIX,
	FIELD_WORK,
	FIELD_SPOILER,
	FIELDS
};

static const char *const field_names[FIELDS] = {
	[FIELD_ID] = "id",
	[FIELD_FORM] = "form",
	[FIELD_SPEAKERS] = "speakers",
	[FIELD_ADDRESSEES] = "addressees",
	[FIELD_ABOUT] = "about",
	[FIELD_ATTRIBUTION] = "attribution",
	[FIELD_SPANS] = "spans",
	[FIELD_EXACT] = "exact",
	[FIELD_PREFIX] = "prefix",
	[FIELD_SUFFIX] = "suffix",
	[FIELD_WORK] = "work",
	[FIELD_SPOILER] = "spoiler",
};

static void read_quote_id(struct bundle_reading *reading, const struct place *place, json_t *value, size_t index,
	struct bundle_quote *quote)
{
	if (is_given(value)) {
		quote->id = read_slug(reading, place, field_names[FIELD_ID], value);
	} else {
		quote->id = arena_printf(reading->arena, "%zu", index + 1);
		if (!quote->id)
			reading->no_memory = true;
	}
	if (quote->id && !enter_id(reading, &reading->quotes, quote->id, index) && !reading->no_memory) {
		struct place at = place_key(place, field_names[FIELD_ID]);
		problem(reading, &at, "\"%s\" is the id of quote %zu of the bundle already%s", quote->id,
			string_index_find(&reading->quotes, quote->id) + 1,
			is_given(value) ? "" : " (without an id it is the position)");
	}
}

static void read_quote_spans(
	struct bundle_reading *reading, const struct place *parent, json_t **fields, struct bundle_quote *quote)
{
	const struct span_words words = { fields[FIELD_EXACT], fields[FIELD_PREFIX], fields[FIELD_SUFFIX] };
	struct place place = place_key(parent, field_names[FIELD_SPANS]);
	json_t *value = fields[FIELD_SPANS];
	if (!is_given(value)) {
		if (is_given(words.exact))
			find_words(reading, parent, &words, BUNDLE_SPANS_MAX, &quote->spans, &quote->span_count);
		else
			problem(reading, parent, "a quote needs spans or exact");
		return;
	}
	if (!read_array(reading, &place, value))
		return;
	size_t count = json_array_size(value);
	if (count == 0 || count > BUNDLE_SPANS_MAX) {
		problem(reading, &place, "%zu spans; 1 to %d are allowed", count, BUNDLE_SPANS_MAX);
		return;
	}
	quote->spans = reading_array(reading, count, sizeof(*quote->spans));
	if (!quote->spans)
		return;
	bool sound = true;
	for (size_t i = 0; i < count; i++) {
		struct place item = place_item(&place, i);
		sound &= read_span(reading, &item, json_array_get(value, i), &quote->spans[i]);
	}
	quote->span_count = count;
	if (sound)
		check_words(reading, parent, &words, quote->spans, count);
}

/* Spans may be the same words again and again, and the index takes a quote whole. */
static void check_length(
	struct bundle_reading *reading, const struct place *parent, json_t **fields, const struct bundle_quote *quote)
{
	size_t bytes = 0;
	for (size_t i = 0; i < quote->span_count; i++)
		bytes += quote->spans[i].byte_end - quote->spans[i].byte_start;
	struct place place = place_key(parent, field_names[is_given(fields[FIELD_SPANS]) ? FIELD_SPANS : FIELD_EXACT]);
	if (bytes > BUNDLE_TEXT_BYTES_MAX)
		problem(reading, &place, "%zu bytes of words; at most %d are allowed", bytes, BUNDLE_TEXT_BYTES_MAX);
}

/* The review's own work when the field is missing, no work when it is null. */
static size_t read_quote_work(struct bundle_reading *reading, const struct place *parent, json_t *value)
{
	struct place place = place_key(parent, field_names[FIELD_WORK]);
	if (!value)
		return reading->bundle->work;
	if (json_is_null(value))
		return BUNDLE_NONE;
	if (!json_is_string(value)) {
		wrong_type(reading, &place, "the id of a work", value);
		return BUNDLE_NONE;
	}
	size_t work = string_index_find(&reading->works, json_string_value(value));
	if (work == STRING_INDEX_NONE) {
		struct nearest nearest = { .word = json_string_value(value) };
		offer_works(reading, &nearest);
		problem(reading, &place, "no work of the bundle has the id \"%s\"%s",
			shown(reading, json_string_value(value), json_string_length(value)),
			did_you_mean(reading, &nearest));
	}
	return work;
}

static void read_quote(struct bundle_reading *reading, const struct place *place, json_t *value, size_t index,
	struct bundle_quote *quote)
{
	json_t *fields[FIELDS];
	if (!read_fields(reading, place, value, field_names, FIELDS, fields))
		return;
	read_quote_id(reading, place, fields[FIELD_ID], index, quote);
	quote->form = (enum quote_form)read_choice(reading, place, field_names[FIELD_FORM], fields[FIELD_FORM],
		quote_form_names, QUOTE_FORMS, FORM_DIRECT);
	quote->speakers = read_agent_list(reading, place, field_names[FIELD_SPEAKERS], fields[FIELD_SPEAKERS]);
	quote->addressees = read_agent_list(reading, place, field_names[FIELD_ADDRESSEES], fields[FIELD_ADDRESSEES]);
	quote->about = read_agent_list(reading, place, field_names[FIELD_ABOUT], fields[FIELD_ABOUT]);
	bool stated = quote->speakers.count || quote->form == FORM_PULL;
	quote->attribution =
		(enum attribution)read_choice(reading, place, field_names[FIELD_ATTRIBUTION], fields[FIELD_ATTRIBUTION],
			attribution_names, ATTRIBUTIONS, stated ? ATTRIBUTION_STATED : ATTRIBUTION_UNKNOWN);
	read_quote_spans(reading, place, fields, quote);
	check_length(reading, place, fields, quote);
	quote->work = read_quote_work(reading, place, fields[FIELD_WORK]);
	quote->spoiler = json_is_true(fields[FIELD_SPOILER]);
	if (is_given(fields[FIELD_SPOILER]) && !json_is_boolean(fields[FIELD_SPOILER])) {
		struct place at = place_key(place, field_names[FIELD_SPOILER]);
		wrong_type(reading, &at, "true or false", fields[FIELD_SPOILER]);
	}
}

void read_quotes(struct bundle_reading *reading, const struct place *root, json_t *value)
{
	struct place place = place_key(root, "quotes");
	if (!read_array(reading, &place, value))
		return;
	size_t count = json_array_size(value);
	if (count > BUNDLE_QUOTES_MAX) {
		problem(reading, &place, "%zu quotes; at most %d are allowed", count, BUNDLE_QUOTES_MAX);
		return;
	}
	struct bundle_quote *quotes = reading_array(reading, count, sizeof(*quotes));
	if (!quotes)
		return;
	for (size_t i = 0; i < count && !reading->no_memory; i++) {
		struct place item = place_item(&place, i);
		read_quote(reading, &item, json_array_get(value, i), i, &quotes[i]);
	}
	reading->bundle->quotes = quotes;
	reading->bundle->quote_count = count;
}
