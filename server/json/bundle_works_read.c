// SPDX-License-Identifier: MIT
/* The works of a bundle, who made them and how they belong together. */
#include "server/json/bundle_reading.h"

#include <string.h>

enum {
	FIELD_ID,
	FIELD_KIND,
	FIELD_TITLE,
	FIELD_LANGUAGE,
	FIELD_PUBLISHED,
	FIELD_DESCRIPTION,
	FIELD_CONTRIBUTORS,
	FIELD_RELATIONS,
	FIELD_SAME_AS,
	FIELD_URL, /* stands in what GET answers */
	FIELDS
};

static const char *const field_names[FIELDS] = {
	[FIELD_ID] = "id",
	[FIELD_KIND] = "kind",
	[FIELD_TITLE] = "title",
	[FIELD_LANGUAGE] = "language",
	[FIELD_PUBLISHED] = "published",
	[FIELD_DESCRIPTION] = "description",
	[FIELD_CONTRIBUTORS] = "contributors",
	[FIELD_RELATIONS] = "relations",
	[FIELD_SAME_AS] = "same_as",
	[FIELD_URL] = "url",
};

/* The last one of each stands in what GET answers. */
enum { BY_ROLE, BY_ID, BY_NAME, BY_CHARACTER, BY_KIND, BY_FIELDS };
static const char *const contributor_fields[BY_FIELDS] = { "role", "id", "name", "character", "kind" };

enum { TO_KIND, TO_SLUG, TO_TITLE, TO_FIELDS };
static const char *const relation_fields[TO_FIELDS] = { "kind", "to", "title" };

/* The agent behind a contributor: a declared one, one that contributed before, or a new one. */
static size_t find_contributor(
	struct bundle_reading *reading, const struct place *place, const char *slug, const char *name)
{
	size_t index = string_index_find(&reading->agents, slug);
	if (index == STRING_INDEX_NONE) {
		struct bundle_agent agent = { .slug = slug, .name = name, .kind = AGENT_PERSON };
		return add_agent(reading, &agent);
	}
	struct bundle_agent *agent = &reading->bundle->agents[index];
	if (!agent->name)
		agent->name = name;
	if (name && agent->name && strcmp(name, agent->name) != 0) {
		struct place at = place_key(place, contributor_fields[BY_NAME]);
		problem(reading, &at, "the agent \"%s\" is named \"%s\" in this bundle", slug,
			shown(reading, agent->name, strlen(agent->name)));
	}
	return index;
}

static size_t find_character(
	struct bundle_reading *reading, const struct place *parent, json_t *value, const char *role)
{
	struct place place = place_key(parent, contributor_fields[BY_CHARACTER]);
	if (!is_given(value))
		return BUNDLE_NONE;
	bool served = reading->whole && json_is_object(value);
	const char *slug = read_slug_at(reading, &place, served ? json_object_get(value, "id") : value);
	if (!slug)
		return BUNDLE_NONE;
	if (role && strcmp(role, "actor") != 0)
		problem(reading, &place, "only the role actor has a character, not \"%s\"",
			shown(reading, role, strlen(role)));
	size_t index = string_index_find(&reading->agents, slug);
	if (index != STRING_INDEX_NONE && reading->bundle->agents[index].declared)
		return index;
	/* Beside a work there is no list of agents: whom it names is in the store. */
	if (reading->whole && index != STRING_INDEX_NONE)
		return index;
	if (reading->whole)
		return add_agent(reading, &(struct bundle_agent) { .slug = slug, .kind = AGENT_CHARACTER });
	struct nearest nearest = { .word = slug };
	for (size_t i = 0; i < reading->declared; i++)
		offer(reading, &nearest, reading->bundle->agents[i].slug);
	problem(reading, &place, "\"%s\" is not among the agents of the bundle%s",
		shown(reading, slug, json_string_length(value)), did_you_mean(reading, &nearest));
	return BUNDLE_NONE;
}

static void read_contributor(struct bundle_reading *reading, const struct place *place, json_t *value,
	struct bundle_contributor *ret_contributor)
{
	json_t *fields[BY_FIELDS];
	if (!read_fields(reading, place, value, contributor_fields, reading->whole ? BY_FIELDS : BY_KIND, fields))
		return;
	const char *role = read_word(reading, place, contributor_fields[BY_ROLE], fields[BY_ROLE]);
	if (!is_given(fields[BY_ROLE]))
		field_problem(reading, place, contributor_fields[BY_ROLE], "required");
	const char *name = read_string(reading, place, contributor_fields[BY_NAME], fields[BY_NAME]);
	const char *slug = read_id(reading, place, fields[BY_ID], name);
	if (!is_given(fields[BY_ID]) && !is_given(fields[BY_NAME]))
		problem(reading, place, "a contributor needs an id or a name");
	*ret_contributor = (struct bundle_contributor) {
		.role = role,
		.agent = slug ? find_contributor(reading, place, slug, name) : BUNDLE_NONE,
		.character = find_character(reading, place, fields[BY_CHARACTER], role),
	};
}

static void read_contributors(
	struct bundle_reading *reading, const struct place *parent, json_t *value, struct bundle_work *work)
{
	struct place place = place_key(parent, field_names[FIELD_CONTRIBUTORS]);
	work->contributors_given = read_array(reading, &place, value);
	if (!work->contributors_given)
		return;
	work->contributors = reading_array(reading, json_array_size(value), sizeof(*work->contributors));
	if (!work->contributors)
		return;
	work->contributor_count = json_array_size(value);
	for (size_t i = 0; i < work->contributor_count && !reading->no_memory; i++) {
		struct place item = place_item(&place, i);
		read_contributor(reading, &item, json_array_get(value, i), &work->contributors[i]);
	}
}

static void read_relation(struct bundle_reading *reading, const struct place *place, json_t *value,
	const char *own_slug, struct bundle_relation *ret_relation)
{
	json_t *fields[TO_FIELDS];
	if (!read_fields(reading, place, value, relation_fields, reading->whole ? TO_FIELDS : TO_TITLE, fields))
		return;
	for (size_t i = 0; i < TO_TITLE; i++) {
		if (!is_given(fields[i]))
			field_problem(reading, place, relation_fields[i], "required");
	}
	struct bundle_relation relation = {
		.kind = read_word(reading, place, relation_fields[TO_KIND], fields[TO_KIND]),
		.to = read_slug(reading, place, relation_fields[TO_SLUG], fields[TO_SLUG]),
	};
	if (relation.to && own_slug && strcmp(relation.to, own_slug) == 0)
		field_problem(reading, place, relation_fields[TO_SLUG], "a work has no relation to itself");
	*ret_relation = relation;
}

static void read_relations(
	struct bundle_reading *reading, const struct place *parent, json_t *value, struct bundle_work *work)
{
	struct place place = place_key(parent, field_names[FIELD_RELATIONS]);
	work->relations_given = read_array(reading, &place, value);
	if (!work->relations_given)
		return;
	work->relations = reading_array(reading, json_array_size(value), sizeof(*work->relations));
	if (!work->relations)
		return;
	work->relation_count = json_array_size(value);
	for (size_t i = 0; i < work->relation_count && !reading->no_memory; i++) {
		struct place item = place_item(&place, i);
		read_relation(reading, &item, json_array_get(value, i), work->slug, &work->relations[i]);
	}
}

static void read_work_fields(
	struct bundle_reading *reading, const struct place *place, json_t **fields, struct bundle_work *work)
{
	work->title = read_string(reading, place, field_names[FIELD_TITLE], fields[FIELD_TITLE]);
	work->title_given = work->title;
	work->slug = reading->whole ? read_own_id(reading, place, fields[FIELD_ID])
				    : read_id(reading, place, fields[FIELD_ID], work->title);
	if (!reading->whole && !is_given(fields[FIELD_ID]) && !is_given(fields[FIELD_TITLE]))
		problem(reading, place, "a work needs an id or a title");
	work->kind = read_word(reading, place, field_names[FIELD_KIND], fields[FIELD_KIND]);
	work->kind_given = work->kind;
	work->language = read_language(reading, place, field_names[FIELD_LANGUAGE], fields[FIELD_LANGUAGE]);
	work->language_given = work->language;
	work->published = read_date(reading, place, field_names[FIELD_PUBLISHED], fields[FIELD_PUBLISHED]);
	work->published_given = work->published;
	work->description = read_string(reading, place, field_names[FIELD_DESCRIPTION], fields[FIELD_DESCRIPTION]);
	work->description_given = work->description;
	work->same_as = read_strings(reading, place, field_names[FIELD_SAME_AS], fields[FIELD_SAME_AS], true);
	work->same_as_given = is_given(fields[FIELD_SAME_AS]);
	read_contributors(reading, place, fields[FIELD_CONTRIBUTORS], work);
	read_relations(reading, place, fields[FIELD_RELATIONS], work);
}

/* True when the work is in the bundle's list now. */
static bool read_work(struct bundle_reading *reading, const struct place *place, json_t *value, bool title_is_enough)
{
	struct bundle_work work = { 0 };
	json_t *fields[FIELDS] = { 0 };
	if (title_is_enough && json_is_string(value)) {
		work.title = read_string_at(reading, place, value);
		work.title_given = true;
		work.slug = read_id(reading, place, NULL, work.title);
	} else if (read_fields(reading, place, value, field_names, reading->whole ? FIELDS : FIELD_URL, fields)) {
		read_work_fields(reading, place, fields, &work);
	}
	if (!work.slug)
		return false;
	struct bundle *bundle = reading->bundle;
	if (string_index_find(&reading->works, work.slug) != STRING_INDEX_NONE) {
		problem(reading, place, "the id \"%s\" is that of another work of the bundle already", work.slug);
		return false;
	}
	struct bundle_work *works = arena_push(reading->arena, bundle->works, bundle->work_count, sizeof(*works));
	if (!works) {
		reading->no_memory = true;
		return false;
	}
	bundle->works = works;
	works[bundle->work_count] = work;
	return enter_id(reading, &reading->works, work.slug, bundle->work_count++);
}

void read_works(struct bundle_reading *reading, const struct place *root, json_t *work, json_t *works)
{
	struct place place = place_key(root, "work");
	reading->bundle->work = BUNDLE_NONE;
	if (is_given(work) && read_work(reading, &place, work, true))
		reading->bundle->work = 0;
	place = place_key(root, "works");
	if (!read_array(reading, &place, works))
		return;
	for (size_t i = 0; i < json_array_size(works) && !reading->no_memory; i++) {
		struct place item = place_item(&place, i);
		read_work(reading, &item, json_array_get(works, i), false);
	}
}

void read_whole_work(struct bundle_reading *reading, const struct place *root, json_t *document)
{
	reading->whole = true;
	if (!read_work(reading, root, document, false))
		return;
	struct bundle_work *work = &reading->bundle->works[0];
	work->kind_given = work->title_given = work->language_given = work->published_given = true;
	work->description_given = work->contributors_given = work->relations_given = work->same_as_given = true;
}
