// SPDX-License-Identifier: MIT
#include "db/changes.h"

#include "db/stmt.h"

static enum db_status change_read(struct stmt *stmt, struct arena *arena, struct change *ret_change)
{
	*ret_change = (struct change) {
		.revision = stmt_int(stmt, COL_CHANGE_LIST_REVISION),
		.noun = (enum noun)stmt_choice(stmt, COL_CHANGE_LIST_NOUN, NOUNS),
		.slug = stmt_copy(stmt, COL_CHANGE_LIST_SLUG, arena),
		.deleted = stmt_int(stmt, COL_CHANGE_LIST_DELETED) != 0,
		.at = stmt_copy(stmt, COL_CHANGE_LIST_AT, arena),
		.kind = (enum agent_kind)stmt_choice(stmt, COL_CHANGE_LIST_KIND, AGENT_KINDS),
	};
	return stmt_row_status(stmt);
}

static enum db_status change_read_page(
	struct db *db, const struct change_place *after, size_t limit, struct arena *arena, struct change_page *page)
{
	STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_CHANGE_LIST);
	stmt_bind_int(stmt, ARG_CHANGE_LIST_AFTER_REVISION, after->revision);
	stmt_bind_int(stmt, ARG_CHANGE_LIST_AFTER_NOUN, after->noun);
	stmt_bind_text(stmt, ARG_CHANGE_LIST_AFTER_SLUG, after->slug);
	stmt_bind_int(stmt, ARG_CHANGE_LIST_LIMIT, (int64_t)limit + 1);
	page->items = arena_array(arena, limit, sizeof(*page->items));
	if (!page->items)
		return DB_NO_MEMORY;
	enum db_status status;
	while ((status = stmt_step(stmt)) == DB_OK) {
		if (page->count == limit) {
			page->more = true;
			return DB_OK;
		}
		status = change_read(stmt, arena, &page->items[page->count++]);
		if (status != DB_OK)
			return status;
	}
	return status == DB_NOT_FOUND ? DB_OK : status;
}

enum db_status change_list(struct db *db, int64_t since, const struct change_place *after, size_t limit,
	struct arena *arena, struct change_page *ret_page)
{
	struct change_page page = { 0 };
	struct stmt *count = db_stmt(db, STMT_CHANGE_COUNT);
	stmt_bind_int(count, ARG_CHANGE_COUNT_SINCE, since);
	enum db_status status = stmt_count(count, &page.total);
	if (status == DB_OK)
		status = change_read_page(db, after, limit, arena, &page);
	if (status == DB_OK)
		*ret_page = page;
	return status;
}
