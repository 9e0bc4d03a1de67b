// SPDX-License-Identifier: MIT
#include "db/agents.h"

#include <string.h>

#include "db/stmt.h"
#include "db/store.h"
#include "db/text/key.h"

/* The columns of every SELECT that gives whole agents, in this order from `first` on. */
enum { AGENT_ID, AGENT_SLUG, AGENT_KIND, AGENT_NAME, AGENT_DESCRIPTION, AGENT_SAME_AS };
_Static_assert((int)COL_AGENT_LIST_SAME_AS == (int)AGENT_SAME_AS && (int)COL_AGENT_GET_SAME_AS == (int)AGENT_SAME_AS &&
		       (int)COL_AGENT_BY_KEY_SAME_AS == (int)AGENT_SAME_AS &&
		       (int)COL_AGENT_LIST_BY_WORK_SAME_AS == (int)AGENT_SAME_AS &&
		       (int)COL_AGENT_LIST_BY_REVIEW_SAME_AS == (int)AGENT_SAME_AS + 1,
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

static enum db_status agent_read(struct stmt *stmt, int first, struct arena *arena, struct agent *ret_agent)
{
	struct agent agent = {
		.ref = { .agent_id = stmt_int(stmt, first + AGENT_ID),
			.slug = stmt_copy(stmt, first + AGENT_SLUG, arena),
			.name = stmt_copy(stmt, first + AGENT_NAME, arena),
			.kind = (enum agent_kind)stmt_choice(stmt, first + AGENT_KIND, AGENT_KINDS) },
		.description = stmt_copy(stmt, first + AGENT_DESCRIPTION, arena),
	};
	enum db_status status = stmt_row_status(stmt);
	if (status == DB_OK)
		status = url_lines_split(stmt_text(stmt, first + AGENT_SAME_AS, NULL), arena, &agent.same_as);
	if (status == DB_OK)
		*ret_agent = agent;
	return status;
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
static enum db_status agent_read_aliases(struct db *db, struct arena *arena, struct agent *agent)
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

enum db_status agent_get(struct db *db, const char *slug, struct arena *arena, struct agent *ret_agent)
{
	STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_AGENT_GET);
	stmt_bind_text(stmt, ARG_AGENT_GET_SLUG, slug);
	enum db_status status = stmt_step(stmt);
	if (status == DB_OK)
		status = agent_read(stmt, 0, arena, ret_agent);
	return status == DB_OK ? agent_read_aliases(db, arena, ret_agent) : status;
}

/* Reads up to `limit` rows and notes whether there was one more; the statement asks for limit + 1. */
static enum db_status agent_read_page(
	struct stmt *stmt, int first, size_t limit, struct arena *arena, struct agent_page *page)
{
	page->items = arena_array(arena, limit, sizeof(*page->items));
	if (!page->items)
		return DB_NO_MEMORY;
	enum db_status status;
	while ((status = stmt_step(stmt)) == DB_OK) {
		if (page->count == limit) {
			page->more = true;
			return DB_OK;
		}
		status = agent_read(stmt, first, arena, &page->items[page->count]);
		if (status != DB_OK)
			return status;
		page->last = stmt_int(stmt, 0);
		page->count++;
	}
	return status == DB_NOT_FOUND ? DB_OK : status;
}

static enum db_status agent_page_finish(struct db *db, struct arena *arena, struct agent_page *page)
{
	enum db_status status = DB_OK;
	for (size_t i = 0; i < page->count && status == DB_OK; i++)
		status = agent_read_aliases(db, arena, &page->items[i]);
	return status;
}

enum db_status agent_by_name(struct db *db, const char *name, struct arena *arena, struct agent_page *ret_page)
{
	struct buffer key = { 0 };
	name_key(&key, name, strlen(name));
	enum db_status status = key.failed ? DB_NO_MEMORY : DB_OK;
	struct agent_page page = { 0 };
	if (status == DB_OK) {
		STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_AGENT_BY_KEY);
		stmt_bind_text_n(stmt, ARG_AGENT_BY_KEY_KEY, key.data ? key.data : "", key.length);
		status = agent_read_page(stmt, 0, 200, arena, &page);
	}
	buffer_deinit(&key);
	page.total = (int64_t)page.count;
	if (status == DB_OK)
		*ret_page = page;
	return status;
}

enum db_status agent_list(struct db *db, enum agent_kind kind, const char *after, size_t limit, struct arena *arena,
	struct agent_page *ret_page)
{
	struct agent_page page = { 0 };
	struct store_info info;
	enum db_status status = store_get(db, arena, &info);
	if (status == DB_OK) {
		page.total = info.agents[kind];
		STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_AGENT_LIST);
		stmt_bind_int(stmt, ARG_AGENT_LIST_KIND, kind);
		stmt_bind_text(stmt, ARG_AGENT_LIST_AFTER, after);
		stmt_bind_int(stmt, ARG_AGENT_LIST_LIMIT, (int64_t)limit + 1);
		status = agent_read_page(stmt, 0, limit, arena, &page);
	}
	if (status == DB_OK)
		status = agent_page_finish(db, arena, &page);
	if (status == DB_OK)
		*ret_page = page;
	return status;
}

enum db_status agent_list_by_review(struct db *db, int64_t review_id, enum agent_kind kind, int64_t after, size_t limit,
	struct arena *arena, struct agent_page *ret_page)
{
	struct agent_page page = { 0 };
	struct stmt *count = db_stmt(db, STMT_AGENT_COUNT_BY_REVIEW);
	stmt_bind_int(count, ARG_AGENT_COUNT_BY_REVIEW_REVIEW_ID, review_id);
	stmt_bind_int(count, ARG_AGENT_COUNT_BY_REVIEW_KIND, kind);
	enum db_status status = stmt_count(count, &page.total);
	if (status == DB_OK) {
		STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_AGENT_LIST_BY_REVIEW);
		stmt_bind_int(stmt, ARG_AGENT_LIST_BY_REVIEW_REVIEW_ID, review_id);
		stmt_bind_int(stmt, ARG_AGENT_LIST_BY_REVIEW_KIND, kind);
		stmt_bind_int(stmt, ARG_AGENT_LIST_BY_REVIEW_AFTER, after);
		stmt_bind_int(stmt, ARG_AGENT_LIST_BY_REVIEW_LIMIT, (int64_t)limit + 1);
		status = agent_read_page(stmt, COL_AGENT_LIST_BY_REVIEW_AGENT_ID, limit, arena, &page);
	}
	if (status == DB_OK)
		status = agent_page_finish(db, arena, &page);
	if (status == DB_OK)
		*ret_page = page;
	return status;
}

enum db_status agent_list_by_work(struct db *db, int64_t work_id, enum agent_kind kind, const char *after, size_t limit,
	struct arena *arena, struct agent_page *ret_page)
{
	struct agent_page page = { 0 };
	struct stmt *count = db_stmt(db, STMT_AGENT_COUNT_BY_WORK);
	stmt_bind_int(count, ARG_AGENT_COUNT_BY_WORK_WORK_ID, work_id);
	stmt_bind_int(count, ARG_AGENT_COUNT_BY_WORK_KIND, kind);
	enum db_status status = stmt_count(count, &page.total);
	if (status == DB_OK) {
		STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_AGENT_LIST_BY_WORK);
		stmt_bind_int(stmt, ARG_AGENT_LIST_BY_WORK_WORK_ID, work_id);
		stmt_bind_int(stmt, ARG_AGENT_LIST_BY_WORK_KIND, kind);
		stmt_bind_text(stmt, ARG_AGENT_LIST_BY_WORK_AFTER, after);
		stmt_bind_int(stmt, ARG_AGENT_LIST_BY_WORK_LIMIT, (int64_t)limit + 1);
		status = agent_read_page(stmt, 0, limit, arena, &page);
	}
	if (status == DB_OK)
		status = agent_page_finish(db, arena, &page);
	if (status == DB_OK)
		*ret_page = page;
	return status;
}
