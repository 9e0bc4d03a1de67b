// SPDX-License-Identifier: MIT
#include <string.h>

#include "db/agents.h"
#include "db/putting.h"
#include "db/rows.h"
#include "db/search_index.h"
#include "db/stmt.h"

/* Gathered, until whoever reads the names of an agent calls rows_end(). */
static enum db_status put_agent_name(struct putting *put, int64_t agent_id, int64_t position, const char *name)
{
	return rows_add(put->names, &(struct row) { .numbers = { agent_id, position }, .texts = { name } });
}

static enum db_status rename_agent(struct db *db, int64_t agent_id, const char *name)
{
	struct stmt *stmt = db_stmt(db, STMT_AGENT_RENAME);
	stmt_bind_int(stmt, ARG_AGENT_RENAME_AGENT_ID, agent_id);
	stmt_bind_text(stmt, ARG_AGENT_RENAME_NAME, name);
	return stmt_run(stmt);
}

/* Where the bundle should have named the agent: in "agents", or where it first contributes. */
static const char *put_agent_pointer(struct putting *put, size_t agent)
{
	const struct bundle *bundle = put->bundle;
	if (bundle->agents[agent].declared)
		return arena_printf(put->arena, "/agents/%zu/name", agent);
	for (size_t w = 0; w < bundle->work_count; w++) {
		const struct bundle_work *work = &bundle->works[w];
		for (size_t c = 0; c < work->contributor_count; c++) {
			if (work->contributors[c].agent != agent)
				continue;
			if (w == 0 && bundle->work == 0)
				return arena_printf(put->arena, "/work/contributors/%zu/name", c);
			return arena_printf(
				put->arena, "/works/%zu/contributors/%zu/name", bundle->work == 0 ? w - 1 : w, c);
		}
	}
	return "";
}

static enum db_status put_agent_insert(struct putting *put, const struct bundle_agent *given, int64_t *ret_agent_id)
{
	const char *same_as = put_lines(put, &given->same_as);
	if (!same_as)
		return DB_NO_MEMORY;
	int64_t agent_id = 0;
	struct stmt *stmt = db_stmt(put->db, STMT_AGENT_INSERT);
	stmt_bind_text(stmt, ARG_AGENT_INSERT_SLUG, given->slug);
	stmt_bind_int(stmt, ARG_AGENT_INSERT_KIND, given->kind);
	stmt_bind_text(stmt, ARG_AGENT_INSERT_NAME, given->name);
	stmt_bind_text(stmt, ARG_AGENT_INSERT_DESCRIPTION, given->description);
	stmt_bind_text(stmt, ARG_AGENT_INSERT_SAME_AS, same_as);
	stmt_bind_int(stmt, ARG_AGENT_INSERT_REVISION, put->store.revision);
	enum db_status status = stmt_insert(stmt, &agent_id);
	if (status == DB_OK)
		status = put_agent_name(put, agent_id, 0, given->name);
	if (status == DB_OK)
		status = search_note_new(put->db, SEARCH_AGENT, agent_id);
	put->store.agents[given->kind]++;
	*ret_agent_id = agent_id;
	return status;
}

/* What the store will hold: what it has, with what the bundle gives in its place. */
static struct agent put_agent_merge(const struct bundle_agent *given, const struct agent *stored)
{
	struct agent merged = *stored;
	if (given->name)
		merged.ref.name = given->name;
	if (given->kind_given)
		merged.ref.kind = given->kind;
	if (given->description_given)
		merged.description = given->description;
	if (given->same_as_given)
		merged.same_as = given->same_as;
	return merged;
}

static enum db_status put_agent_update(
	struct putting *put, const struct bundle_agent *given, const struct agent *stored, bool *changed)
{
	struct agent merged = put_agent_merge(given, stored);
	if (put_same(merged.ref.name, stored->ref.name) && merged.ref.kind == stored->ref.kind &&
		put_same(merged.description, stored->description) && put_same_list(&merged.same_as, &stored->same_as))
		return DB_OK;
	const char *same_as = put_lines(put, &merged.same_as);
	if (!same_as)
		return DB_NO_MEMORY;
	bool renamed = !put_same(merged.ref.name, stored->ref.name);
	enum db_status status = renamed ? search_note_change(put->db, SEARCH_AGENT, stored->ref.agent_id) : DB_OK;
	if (status != DB_OK)
		return status;
	struct stmt *stmt = db_stmt(put->db, STMT_AGENT_UPDATE);
	stmt_bind_int(stmt, ARG_AGENT_UPDATE_AGENT_ID, stored->ref.agent_id);
	stmt_bind_int(stmt, ARG_AGENT_UPDATE_KIND, merged.ref.kind);
	stmt_bind_text(stmt, ARG_AGENT_UPDATE_NAME, merged.ref.name);
	stmt_bind_text(stmt, ARG_AGENT_UPDATE_DESCRIPTION, merged.description);
	stmt_bind_text(stmt, ARG_AGENT_UPDATE_SAME_AS, same_as);
	stmt_bind_int(stmt, ARG_AGENT_UPDATE_REVISION, put->store.revision);
	status = stmt_run(stmt);
	if (status == DB_OK && renamed)
		status = rename_agent(put->db, stored->ref.agent_id, merged.ref.name);
	put->store.agents[stored->ref.kind]--;
	put->store.agents[merged.ref.kind]++;
	*changed = true;
	return status;
}

/* What the agent is called now; a new one has its name alone. */
static enum db_status put_agent_names(struct putting *put, const struct bundle_agent *given, int64_t agent_id,
	bool is_new, struct agent_names *ret_names)
{
	if (!is_new) {
		enum db_status status = rows_end(put->names);
		return status == DB_OK ? agent_names(put->db, agent_id, put->arena, ret_names) : status;
	}
	struct agent_name *name = arena_push(put->arena, NULL, 0, sizeof(*name));
	if (!name)
		return DB_NO_MEMORY;
	*name = (struct agent_name) { .position = 0, .name = given->name };
	*ret_names = (struct agent_names) { name, 1 };
	return DB_OK;
}

/* Adds the aliases that the agent does not have yet behind those it has. */
static enum db_status put_agent_aliases(
	struct putting *put, const struct bundle_agent *given, int64_t agent_id, bool is_new, bool *changed)
{
	if (!given->aliases.count)
		return DB_OK;
	struct agent_names names = { 0 };
	enum db_status status = put_agent_names(put, given, agent_id, is_new, &names);
	for (size_t i = 0; i < given->aliases.count && status == DB_OK; i++) {
		const char *alias = given->aliases.items[i];
		bool known = false;
		for (size_t n = 0; n < names.count && !known; n++)
			known = !strcmp(names.items[n].name, alias);
		if (known)
			continue;
		status = is_new ? DB_OK : search_note_change(put->db, SEARCH_AGENT, agent_id);
		if (status != DB_OK)
			return status;
		struct agent_name *items = arena_push(put->arena, names.items, names.count, sizeof(*items));
		if (!items)
			return DB_NO_MEMORY;
		names.items = items;
		int64_t position = names.items[names.count - 1].position + 1;
		items[names.count++] = (struct agent_name) { .position = position, .name = alias };
		status = put_agent_name(put, agent_id, position, alias);
		*changed = true;
	}
	return status;
}

/* The aliases in place of those that the agent has. */
static enum db_status put_agent_aliases_whole(
	struct putting *put, const struct bundle_agent *given, int64_t agent_id, bool is_new, bool *changed)
{
	struct agent_names names;
	enum db_status status = put_agent_names(put, given, agent_id, is_new, &names);
	if (status != DB_OK)
		return status;
	bool same = names.count == given->aliases.count + 1;
	for (size_t i = 0; i < given->aliases.count && same; i++)
		same = !strcmp(names.items[i + 1].name, given->aliases.items[i]);
	if (same)
		return DB_OK;
	status = search_note_change(put->db, SEARCH_AGENT, agent_id);
	if (status != DB_OK)
		return status;
	struct stmt *delete = db_stmt(put->db, STMT_AGENT_ALIASES_DELETE);
	stmt_bind_int(delete, ARG_AGENT_ALIASES_DELETE_AGENT_ID, agent_id);
	status = stmt_run(delete);
	for (size_t i = 0; i < given->aliases.count && status == DB_OK; i++)
		status = put_agent_name(put, agent_id, (int64_t)i + 1, given->aliases.items[i]);
	*changed = true;
	return status;
}

static enum db_status put_agent(
	struct putting *put, const struct bundle_agent *given, const struct agent *stored, int64_t *ret_agent_id)
{
	bool is_new = stored->ref.agent_id == 0, changed = is_new;
	*ret_agent_id = stored->ref.agent_id;
	enum db_status status =
		is_new ? put_agent_insert(put, given, ret_agent_id) : put_agent_update(put, given, stored, &changed);
	if (status == DB_OK)
		status = given->whole ? put_agent_aliases_whole(put, given, *ret_agent_id, is_new, &changed)
				      : put_agent_aliases(put, given, *ret_agent_id, is_new, &changed);
	return status == DB_OK && changed ? put_change(put, NOUN_AGENT, given->slug) : status;
}

/* All are looked up before the first is put: a bundle that is refused has put nothing. */
enum db_status put_agents(struct putting *put)
{
	const struct bundle *bundle = put->bundle;
	struct agent *stored = arena_array(put->arena, bundle->agent_count, sizeof(*stored));
	put->names = rows_begin(put->db, STMT_AGENT_NAMES_INSERT, put->arena);
	enum db_status status = stored && put->names ? DB_OK : DB_NO_MEMORY;
	for (size_t i = 0; i < bundle->agent_count && status == DB_OK; i++) {
		const struct bundle_agent *given = &bundle->agents[i];
		status = agent_find(put->db, given->slug, put->arena, &stored[i]);
		if (status != DB_NOT_FOUND)
			continue;
		status = DB_OK;
		if (!given->name)
			return put_refuse(put, put_agent_pointer(put, i),
				arena_printf(put->arena, "the store does not know '%s' yet, so it needs a name",
					given->slug));
	}
	for (size_t i = 0; i < bundle->agent_count && status == DB_OK; i++) {
		put->agent_is_new[i] = stored[i].ref.agent_id == 0;
		status = put_agent(put, &bundle->agents[i], &stored[i], &put->agent_ids[i]);
	}
	return status == DB_OK ? rows_end(put->names) : status;
}
