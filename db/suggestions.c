// SPDX-License-Identifier: MIT
#include "db/suggestions.h"

#include <string.h>

#include "db/stmt.h"
#include "db/text/key.h"

/* A name may be meant by any of its first words; a title can be a whole sentence. */
enum { SUGGESTION_WORDS = 8 };

_Static_assert((int)ARG_SUGGESTION_PUT_INNER == (int)ARG_SUGGESTION_DELETE_INNER &&
		       (int)ARG_SUGGESTION_PUT_KEY == (int)ARG_SUGGESTION_DELETE_KEY &&
		       (int)ARG_SUGGESTION_PUT_KIND == (int)ARG_SUGGESTION_DELETE_KIND &&
		       (int)ARG_SUGGESTION_PUT_ID == (int)ARG_SUGGESTION_DELETE_ID &&
		       (int)ARG_SUGGESTION_PUT_POSITION == (int)ARG_SUGGESTION_DELETE_POSITION,
	"what is taken out is bound as what was put in");

bool suggestion_keys_init(struct suggestion_keys *keys, const char *name)
{
	*keys = (struct suggestion_keys) { .count = 0 };
	name_key(&keys->key, name, strlen(name));
	keys->from = keys->key.data;
	return !keys->key.failed;
}

void suggestion_keys_deinit(struct suggestion_keys *keys)
{
	buffer_deinit(&keys->key);
}

const char *suggestion_keys_next(struct suggestion_keys *keys, int64_t *ret_inner)
{
	const char *key = keys->from;
	if (!key || !*key || keys->count == SUGGESTION_WORDS)
		return NULL;
	*ret_inner = keys->count++ > 0;
	const char *hyphen = strchr(key, '-');
	keys->from = hyphen ? hyphen + 1 : NULL;
	return key;
}

enum db_status suggestion_index(
	struct db *db, bool insert, enum search_kind kind, int64_t id, int64_t position, const char *name)
{
	struct suggestion_keys keys;
	enum db_status status = suggestion_keys_init(&keys, name) ? DB_OK : DB_NO_MEMORY;
	const char *key;
	int64_t inner;
	while (status == DB_OK && (key = suggestion_keys_next(&keys, &inner))) {
		struct stmt *stmt = db_stmt(db, insert ? STMT_SUGGESTION_PUT : STMT_SUGGESTION_DELETE);
		stmt_bind_int(stmt, ARG_SUGGESTION_PUT_INNER, inner);
		stmt_bind_text(stmt, ARG_SUGGESTION_PUT_KEY, key);
		stmt_bind_int(stmt, ARG_SUGGESTION_PUT_KIND, kind);
		stmt_bind_int(stmt, ARG_SUGGESTION_PUT_ID, id);
		stmt_bind_int(stmt, ARG_SUGGESTION_PUT_POSITION, position);
		status = stmt_run(stmt);
	}
	suggestion_keys_deinit(&keys);
	return status;
}

static enum db_status read_agent(
	struct db *db, int64_t agent_id, int64_t position, struct arena *arena, struct suggestion *suggestion)
{
	STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_SUGGESTION_AGENT);
	stmt_bind_int(stmt, ARG_SUGGESTION_AGENT_AGENT_ID, agent_id);
	stmt_bind_int(stmt, ARG_SUGGESTION_AGENT_POSITION, position);
	enum db_status status = stmt_step(stmt);
	if (status != DB_OK)
		return status;
	suggestion->agent = (struct agent_ref) {
		.agent_id = agent_id,
		.slug = stmt_copy(stmt, COL_SUGGESTION_AGENT_SLUG, arena),
		.name = stmt_copy(stmt, COL_SUGGESTION_AGENT_NAME, arena),
		.kind = (enum agent_kind)stmt_int(stmt, COL_SUGGESTION_AGENT_KIND),
	};
	suggestion->matched = stmt_copy(stmt, COL_SUGGESTION_AGENT_MATCHED, arena);
	return stmt_row_status(stmt);
}

static enum db_status read_work(struct db *db, int64_t work_id, struct arena *arena, struct suggestion *suggestion)
{
	STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_SUGGESTION_WORK);
	stmt_bind_int(stmt, ARG_SUGGESTION_WORK_WORK_ID, work_id);
	enum db_status status = stmt_step(stmt);
	if (status != DB_OK)
		return status;
	suggestion->work = (struct work_ref) {
		.work_id = work_id,
		.slug = stmt_copy(stmt, COL_SUGGESTION_WORK_SLUG, arena),
		.title = stmt_copy(stmt, COL_SUGGESTION_WORK_TITLE, arena),
	};
	suggestion->matched = suggestion->work.title;
	return stmt_row_status(stmt);
}

/* Reads up to `limit` rows and notes whether there was one more. */
static enum db_status read_page(
	struct db *db, struct stmt *stmt, size_t limit, struct arena *arena, struct suggestion_page *page)
{
	enum db_status status;
	while ((status = stmt_step(stmt)) == DB_OK) {
		if (page->count == limit) {
			page->more = true;
			return DB_OK;
		}
		struct suggestion *suggestion = &page->items[page->count++];
		page->last = (struct suggestion_cursor) {
			.place = stmt_copy(stmt, COL_SUGGESTION_LIST_PLACE, arena),
			.kind = stmt_int(stmt, COL_SUGGESTION_LIST_KIND),
			.id = stmt_int(stmt, COL_SUGGESTION_LIST_ID),
		};
		if (!page->last.place)
			return DB_NO_MEMORY;
		suggestion->kind = (enum search_kind)page->last.kind;
		status = suggestion->kind == SEARCH_AGENT
				 ? read_agent(db, page->last.id, stmt_int(stmt, COL_SUGGESTION_LIST_POSITION), arena,
					   suggestion)
				 : read_work(db, page->last.id, arena, suggestion);
		if (status != DB_OK)
			return status == DB_NOT_FOUND ? DB_CORRUPT : status;
	}
	return status == DB_NOT_FOUND ? DB_OK : status;
}

/* The keys from `from` on that begin with it are smaller than `until`, which has a byte behind it that no key has. */
static enum db_status list(struct db *db, const struct buffer *from, const struct buffer *until,
	const struct suggestion_cursor *after, size_t limit, struct arena *arena, struct suggestion_page *page)
{
	struct stmt *count = db_stmt(db, STMT_SUGGESTION_COUNT);
	stmt_bind_text_n(count, ARG_SUGGESTION_COUNT_FROM, from->data, from->length);
	stmt_bind_text_n(count, ARG_SUGGESTION_COUNT_UNTIL, until->data, until->length);
	enum db_status status = stmt_count(count, &page->total);
	if (status != DB_OK)
		return status;
	page->items = arena_array(arena, limit, sizeof(*page->items));
	if (!page->items)
		return DB_NO_MEMORY;
	STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_SUGGESTION_LIST);
	stmt_bind_text_n(stmt, ARG_SUGGESTION_LIST_FROM, from->data, from->length);
	stmt_bind_text_n(stmt, ARG_SUGGESTION_LIST_UNTIL, until->data, until->length);
	stmt_bind_text(stmt, ARG_SUGGESTION_LIST_AFTER_PLACE, after->place);
	stmt_bind_int(stmt, ARG_SUGGESTION_LIST_AFTER_KIND, after->kind);
	stmt_bind_int(stmt, ARG_SUGGESTION_LIST_AFTER_ID, after->id);
	stmt_bind_int(stmt, ARG_SUGGESTION_LIST_LIMIT, (int64_t)limit + 1);
	return read_page(db, stmt, limit, arena, page);
}

enum db_status suggest(struct db *db, const char *typed, const struct suggestion_cursor *after, size_t limit,
	struct arena *arena, struct suggestion_page *ret_page)
{
	struct suggestion_page page = { .items = NULL };
	struct buffer from = { 0 }, until = { 0 };
	enum db_status status = DB_NO_MEMORY;
	name_key(&from, typed, strlen(typed));
	if (!from.failed && from.data)
		buffer_printf(&until, "%s\xff", from.data);
	if (!from.failed && !until.failed)
		status = from.length ? list(db, &from, &until, after, limit, arena, &page) : DB_OK;
	buffer_deinit(&from);
	buffer_deinit(&until);
	if (status == DB_OK)
		*ret_page = page;
	return status;
}
