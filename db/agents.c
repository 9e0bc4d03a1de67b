// SPDX-License-Identifier: MIT
#include "db/agents.h"

#include <string.h>

#include "db/stmt.h"
#include "db/text/key.h"

/* The three statements that give agents give the same columns. */
_Static_assert((int)COL_AGENT_GET_SAME_AS == (int)COL_AGENT_BY_ID_SAME_AS &&
		       (int)COL_AGENT_GET_SAME_AS == (int)COL_AGENT_BY_KEY_SAME_AS,
	"agent statements give the same columns");

enum db_status url_lines_split(const char *lines, struct arena *arena, struct string_list *ret_list)
{
	size_t count = 0;
	for (const char *c = lines; *c; c = strchrnul(c, '\n'), c += *c == '\n')
		count++;
	struct string_list list = { .items = arena_array(arena, count, sizeof(*list.items)), .count = 0 };
	if (!list.items)
		return DB_NO_MEMORY;
	for (const char *c = lines; *c; c += *c == '\n') {
		const char *end = strchrnul(c, '\n');
		list.items[list.count] = arena_strndup(arena, c, (size_t)(end - c));
		if (!list.items[list.count++])
			return DB_NO_MEMORY;
		c = end;
	}
	*ret_list = list;
	return DB_OK;
}

static enum db_status agent_read(struct stmt *stmt, struct arena *arena, struct agent *ret_agent)
{
	struct agent agent = {
		.ref = { .agent_id = stmt_int(stmt, COL_AGENT_GET_AGENT_ID),
			.slug = stmt_copy(stmt, COL_AGENT_GET_SLUG, arena),
			.name = stmt_copy(stmt, COL_AGENT_GET_NAME, arena),
			.kind = (enum agent_kind)stmt_choice(stmt, COL_AGENT_GET_KIND, AGENT_KINDS) },
		.description = stmt_copy(stmt, COL_AGENT_GET_DESCRIPTION, arena),
	};
	enum db_status status = stmt_row_status(stmt);
	if (status == DB_OK)
		status = url_lines_split(stmt_text(stmt, COL_AGENT_GET_SAME_AS, NULL), arena, &agent.same_as);
	if (status == DB_OK)
		*ret_agent = agent;
	return status;
}

static enum db_status agent_read_ref(struct db *db, int64_t agent_id, struct arena *arena, struct agent_ref *ret_agent)
{
	STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_AGENT_REF);
	stmt_bind_int(stmt, ARG_AGENT_REF_AGENT_ID, agent_id);
	enum db_status status = stmt_step(stmt);
	if (status != DB_OK)
		return status == DB_NOT_FOUND ? DB_CORRUPT : status;
	*ret_agent = (struct agent_ref) {
		.agent_id = agent_id,
		.slug = stmt_copy(stmt, COL_AGENT_REF_SLUG, arena),
		.name = stmt_copy(stmt, COL_AGENT_REF_NAME, arena),
		.kind = (enum agent_kind)stmt_choice(stmt, COL_AGENT_REF_KIND, AGENT_KINDS),
	};
	return stmt_row_status(stmt);
}

enum db_status agent_refs_add(
	struct db *db, int64_t agent_id, struct known_agents *known, struct arena *arena, struct agent_refs *refs)
{
	struct agent_ref *items = arena_push(arena, refs->items, refs->count, sizeof(*items));
	if (!items)
		return DB_NO_MEMORY;
	refs->items = items;
	struct agent_ref *agent = &items[refs->count];
	for (size_t i = 0; i < KNOWN_AGENTS; i++) {
		if (known->items[i].agent_id == agent_id && agent_id) {
			*agent = known->items[i];
			refs->count++;
			return DB_OK;
		}
	}
	enum db_status status = agent_read_ref(db, agent_id, arena, agent);
	if (status != DB_OK)
		return status;
	known->items[known->next++ % KNOWN_AGENTS] = *agent;
	refs->count++;
	return DB_OK;
}

enum db_status agent_names(struct db *db, int64_t agent_id, struct arena *arena, struct agent_names *ret_names)
{
	STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_AGENT_NAMES);
	stmt_bind_int(stmt, ARG_AGENT_NAMES_AGENT_ID, agent_id);
	struct agent_names names = { 0 };
	enum db_status status;
	while ((status = stmt_step(stmt)) == DB_OK) {
		struct agent_name *items = arena_push(arena, names.items, names.count, sizeof(*items));
		if (!items)
			return DB_NO_MEMORY;
		names.items = items;
		items[names.count++] = (struct agent_name) {
			.position = stmt_int(stmt, COL_AGENT_NAMES_POSITION),
			.name = stmt_copy(stmt, COL_AGENT_NAMES_NAME, arena),
		};
		status = stmt_row_status(stmt);
		if (status != DB_OK)
			return status;
	}
	*ret_names = names;
	return status == DB_NOT_FOUND ? DB_OK : status;
}

/* An alias that became the name is not told twice. */
enum db_status agent_read_aliases(struct db *db, struct arena *arena, struct agent *agent)
{
	struct agent_names names;
	enum db_status status = agent_names(db, agent->ref.agent_id, arena, &names);
	const char **items = status == DB_OK ? arena_array(arena, names.count, sizeof(*items)) : NULL;
	if (!items)
		return status == DB_OK ? DB_NO_MEMORY : status;
	agent->aliases = (struct string_list) { .items = items };
	for (size_t i = 0; i < names.count; i++) {
		if (names.items[i].position && strcmp(names.items[i].name, agent->ref.name) != 0)
			items[agent->aliases.count++] = names.items[i].name;
	}
	return DB_OK;
}

enum db_status agent_find(struct db *db, const char *slug, struct arena *arena, struct agent *ret_agent)
{
	STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_AGENT_GET);
	stmt_bind_text(stmt, ARG_AGENT_GET_SLUG, slug);
	enum db_status status = stmt_step(stmt);
	return status == DB_OK ? agent_read(stmt, arena, ret_agent) : status;
}

enum db_status agent_get(struct db *db, const char *slug, struct arena *arena, struct agent *ret_agent)
{
	enum db_status status = agent_find(db, slug, arena, ret_agent);
	return status == DB_OK ? agent_read_aliases(db, arena, ret_agent) : status;
}

enum db_status agent_by_id(struct db *db, int64_t agent_id, struct arena *arena, struct agent *ret_agent)
{
	STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_AGENT_BY_ID);
	stmt_bind_int(stmt, ARG_AGENT_BY_ID_AGENT_ID, agent_id);
	enum db_status status = stmt_step(stmt);
	if (status == DB_OK)
		status = agent_read(stmt, arena, ret_agent);
	return status == DB_OK ? agent_read_aliases(db, arena, ret_agent) : status;
}

static enum db_status agent_read_namesakes(struct db *db, const char *key, struct arena *arena, struct agent_page *page)
{
	STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_AGENT_BY_KEY);
	stmt_bind_text(stmt, ARG_AGENT_BY_KEY_KEY, key);
	enum db_status status;
	while ((status = stmt_step(stmt)) == DB_OK) {
		struct agent *items = arena_push(arena, page->items, page->count, sizeof(*items));
		if (!items)
			return DB_NO_MEMORY;
		page->items = items;
		status = agent_read(stmt, arena, &items[page->count]);
		if (status != DB_OK)
			return status;
		page->count++;
	}
	return status == DB_NOT_FOUND ? DB_OK : status;
}

enum db_status agent_by_name(struct db *db, const char *name, struct arena *arena, struct agent_page *ret_page)
{
	struct buffer key = { 0 };
	struct agent_page page = { 0 };
	name_key(&key, name, strlen(name));
	enum db_status status = DB_NO_MEMORY;
	if (!key.failed)
		status = agent_read_namesakes(db, key.data ? key.data : "", arena, &page);
	buffer_deinit(&key);
	page.total = (int64_t)page.count;
	if (status == DB_OK)
		*ret_page = page;
	return status;
}
