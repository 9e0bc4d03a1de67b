// SPDX-License-Identifier: MIT
/* The mentions of a bundle: those it gives, or those its names make. */
#include "server/json/bundle_reading.h"

#include <string.h>

#include "db/text/finder.h"

enum { FIELD_SPAN, FIELD_EXACT, FIELD_PREFIX, FIELD_SUFFIX, FIELD_OF, FIELD_KIND, FIELDS };

static const char *const field_names[FIELDS] = {
	[FIELD_SPAN] = "span",
	[FIELD_EXACT] = "exact",
	[FIELD_PREFIX] = "prefix",
	[FIELD_SUFFIX] = "suffix",
	[FIELD_OF] = "of",
	[FIELD_KIND] = "kind",
};

enum mention_kind { KIND_AGENT, KIND_WORK, KINDS, KIND_ANY = KINDS };
static const char *const kind_names[KINDS] = { "agent", "work" };

static void read_mention_span(
	struct bundle_reading *reading, const struct place *parent, json_t **fields, struct bundle_mention *mention)
{
	const struct span_words words = { fields[FIELD_EXACT], fields[FIELD_PREFIX], fields[FIELD_SUFFIX] };
	struct place place = place_key(parent, field_names[FIELD_SPAN]);
	if (is_given(fields[FIELD_SPAN])) {
		if (read_span(reading, &place, fields[FIELD_SPAN], &mention->span))
			check_words(reading, parent, &words, &mention->span, 1);
		return;
	}
	struct span *spans;
	size_t count;
	if (!is_given(words.exact))
		problem(reading, parent, "a mention needs a span or exact");
	else if (find_words(reading, parent, &words, 1, &spans, &count))
		mention->span = spans[0];
}

static size_t find_work(const struct bundle_reading *reading, json_t *id)
{
	return json_is_string(id) ? string_index_find(&reading->works, json_string_value(id)) : STRING_INDEX_NONE;
}

static bool is_agent(const struct bundle_reading *reading, json_t *id)
{
	return json_is_string(id) && string_index_find(&reading->agents, json_string_value(id)) != STRING_INDEX_NONE;
}

static void unknown_id(struct bundle_reading *reading, const struct place *place, json_t *id, enum mention_kind kind)
{
	struct nearest nearest = { .word = json_string_value(id) };
	if (!nearest.word) {
		wrong_type(reading, place, "an id", id);
		return;
	}
	if (kind == KIND_ANY)
		offer_agents(reading, &nearest);
	offer_works(reading, &nearest);
	problem(reading, place, "no %swork of the bundle has the id \"%s\"%s", kind == KIND_ANY ? "agent or " : "",
		shown(reading, nearest.word, json_string_length(id)), did_you_mean(reading, &nearest));
}

static void read_mention_of(struct bundle_reading *reading, const struct place *parent, json_t *value,
	enum mention_kind kind, struct bundle_mention *mention)
{
	struct place place = place_key(parent, field_names[FIELD_OF]);
	if (!json_is_array(value) || !json_array_size(value)) {
		problem(reading, &place, "an array of ids is wanted, at least one");
		return;
	}
	json_t *first = json_array_get(value, 0);
	struct place item = place_item(&place, 0);
	bool single = json_array_size(value) == 1;
	if (kind == KIND_WORK && !single) {
		problem(reading, &place, "a mention of a work names one work and nothing else");
	} else if (kind == KIND_WORK || (kind == KIND_ANY && single && !is_agent(reading, first))) {
		mention->work = find_work(reading, first);
		if (mention->work == STRING_INDEX_NONE)
			unknown_id(reading, &item, first, kind);
	} else {
		mention->agents = read_agent_list(reading, parent, field_names[FIELD_OF], value);
	}
}

static void read_mention(
	struct bundle_reading *reading, const struct place *place, json_t *value, struct bundle_mention *mention)
{
	json_t *fields[FIELDS];
	mention->work = BUNDLE_NONE;
	if (!read_fields(reading, place, value, field_names, FIELDS, fields))
		return;
	read_mention_span(reading, place, fields, mention);
	size_t kind = read_choice(
		reading, place, field_names[FIELD_KIND], fields[FIELD_KIND], kind_names, KINDS, (size_t)KIND_ANY);
	read_mention_of(reading, place, fields[FIELD_OF], (enum mention_kind)kind, mention);
}

static bool add_found(const struct finder_match *match, void *context)
{
	struct bundle_reading *reading = context;
	struct bundle *bundle = reading->bundle;
	if (bundle->mention_count == BUNDLE_MENTIONS_MAX) {
		struct place root = { 0 };
		struct place place = place_key(&root, "mentions");
		problem(reading, &place, "the names stand in the text more than %d times; give the mentions that count",
			BUNDLE_MENTIONS_MAX);
		return false;
	}
	struct bundle_mention *mentions =
		arena_push(reading->arena, bundle->mentions, bundle->mention_count, sizeof(*mentions));
	size_t *owners = reading_array(reading, match->owner_count, sizeof(*owners));
	if (!mentions || !owners) {
		reading->no_memory = true;
		return false;
	}
	for (size_t i = 0; i < match->owner_count; i++)
		owners[i] = match->owners[i];
	bundle->mentions = mentions;
	mentions[bundle->mention_count++] = (struct bundle_mention) {
		.span = {
			.start = (uint32_t)text_map_to_codepoint(&reading->map, match->start),
			.end = (uint32_t)text_map_to_codepoint(&reading->map, match->end),
			.byte_start = (uint32_t)match->start,
			.byte_end = (uint32_t)match->end,
		},
		.agents = { owners, match->owner_count },
		.work = BUNDLE_NONE,
	};
	return true;
}

static bool add_names(struct finder *finder, const struct bundle_agent *agent, uint32_t owner)
{
	if (agent->name && !finder_add(finder, agent->name, strlen(agent->name), owner))
		return false;
	for (size_t i = 0; i < agent->aliases.count; i++) {
		/* An alias may repeat the name; the finder wants each owner of a name once. */
		const char *alias = agent->aliases.items[i];
		bool known = agent->name && strcmp(alias, agent->name) == 0;
		if (!known && !finder_add(finder, alias, strlen(alias), owner))
			return false;
	}
	return true;
}

static void find_mentions(struct bundle_reading *reading)
{
	const struct bundle *bundle = reading->bundle;
	struct finder *finder = finder_new();
	bool complete = finder;
	for (size_t i = 0; i < reading->declared && complete; i++)
		complete = add_names(finder, &bundle->agents[i], (uint32_t)i);
	complete = complete && finder_run(finder, bundle->text, bundle->text_bytes, add_found, reading);
	/* The other reason to stop early is too many mentions, which is a problem. */
	if (!complete && !reading->problem_count)
		reading->no_memory = true;
	finder_free(finder);
}

void read_mentions(struct bundle_reading *reading, const struct place *root, json_t *value)
{
	struct place place = place_key(root, "mentions");
	if (!is_given(value)) {
		if (reading->declared && !reading->problem_count && !reading->no_memory)
			find_mentions(reading);
		return;
	}
	if (!read_array(reading, &place, value))
		return;
	size_t count = json_array_size(value);
	if (count > BUNDLE_MENTIONS_MAX) {
		problem(reading, &place, "%zu mentions; at most %d are allowed", count, BUNDLE_MENTIONS_MAX);
		return;
	}
	struct bundle_mention *mentions = reading_array(reading, count, sizeof(*mentions));
	if (!mentions)
		return;
	for (size_t i = 0; i < count && !reading->no_memory; i++) {
		struct place item = place_item(&place, i);
		read_mention(reading, &item, json_array_get(value, i), &mentions[i]);
	}
	reading->bundle->mentions = mentions;
	reading->bundle->mention_count = count;
}
