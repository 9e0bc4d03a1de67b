// SPDX-License-Identifier: MIT
/* The agents a bundle declares. */
#include "server/json/bundle_reading.h"

#include <string.h>

/* The url stands in what GET answers. */
enum { FIELD_ID, FIELD_KIND, FIELD_NAME, FIELD_ALIASES, FIELD_DESCRIPTION, FIELD_SAME_AS, FIELD_URL, FIELDS };

static const char *const field_names[FIELDS] = {
	[FIELD_ID] = "id",
	[FIELD_KIND] = "kind",
	[FIELD_NAME] = "name",
	[FIELD_ALIASES] = "aliases",
	[FIELD_DESCRIPTION] = "description",
	[FIELD_SAME_AS] = "same_as",
	[FIELD_URL] = "url",
};

/* A string is a character of that name; *ret_agent->slug is NULL after a problem that leaves no id. */
static void read_agent(
	struct bundle_reading *reading, const struct place *place, json_t *value, struct bundle_agent *ret_agent)
{
	struct bundle_agent agent = { .kind = AGENT_CHARACTER, .declared = true };
	if (json_is_string(value) && !reading->whole) {
		agent.kind_given = true;
		agent.name = read_string_at(reading, place, value);
		agent.slug = read_id(reading, place, NULL, agent.name);
		*ret_agent = agent;
		return;
	}
	json_t *fields[FIELDS];
	*ret_agent = agent;
	if (!read_fields(reading, place, value, field_names, reading->whole ? FIELDS : FIELD_URL, fields))
		return;
	agent.name = read_string(reading, place, field_names[FIELD_NAME], fields[FIELD_NAME]);
	agent.slug = reading->whole ? read_own_id(reading, place, fields[FIELD_ID])
				    : read_id(reading, place, fields[FIELD_ID], agent.name);
	if (!reading->whole && !is_given(fields[FIELD_ID]) && !is_given(fields[FIELD_NAME]))
		problem(reading, place, "an agent needs an id or a name");
	agent.kind = (enum agent_kind)read_choice(reading, place, field_names[FIELD_KIND], fields[FIELD_KIND],
		agent_kind_names, AGENT_KINDS, AGENT_CHARACTER);
	agent.kind_given = is_given(fields[FIELD_KIND]);
	agent.aliases = read_strings(reading, place, field_names[FIELD_ALIASES], fields[FIELD_ALIASES], false);
	agent.description = read_string(reading, place, field_names[FIELD_DESCRIPTION], fields[FIELD_DESCRIPTION]);
	agent.description_given = agent.description;
	agent.same_as = read_strings(reading, place, field_names[FIELD_SAME_AS], fields[FIELD_SAME_AS], true);
	agent.same_as_given = is_given(fields[FIELD_SAME_AS]);
	*ret_agent = agent;
}

void read_agents(struct bundle_reading *reading, const struct place *root, json_t *value)
{
	struct place place = place_key(root, "agents");
	if (!read_array(reading, &place, value))
		return;
	for (size_t i = 0; i < json_array_size(value) && !reading->no_memory; i++) {
		struct place item = place_item(&place, i);
		struct bundle_agent agent;
		read_agent(reading, &item, json_array_get(value, i), &agent);
		if (!agent.slug)
			continue;
		if (string_index_find(&reading->agents, agent.slug) != STRING_INDEX_NONE)
			problem(reading, &item, "the id \"%s\" stands in the list already", agent.slug);
		else
			add_agent(reading, &agent);
	}
	reading->declared = reading->bundle->agent_count;
}

/* GET tells the name only as such. */
static void drop_name(struct string_list *aliases, const char *name)
{
	size_t kept = 0;
	for (size_t i = 0; i < aliases->count; i++) {
		if (!name || strcmp(aliases->items[i], name) != 0)
			aliases->items[kept++] = aliases->items[i];
	}
	aliases->count = kept;
}

void read_whole_agent(struct bundle_reading *reading, const struct place *root, json_t *document)
{
	struct bundle_agent agent;
	reading->whole = true;
	read_agent(reading, root, document, &agent);
	if (json_is_object(document) && !is_given(json_object_get(document, field_names[FIELD_NAME])))
		field_problem(reading, root, field_names[FIELD_NAME], "required");
	drop_name(&agent.aliases, agent.name);
	agent.whole = agent.description_given = agent.same_as_given = true;
	if (agent.slug)
		add_agent(reading, &agent);
}
