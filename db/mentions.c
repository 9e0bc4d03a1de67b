// SPDX-License-Identifier: MIT
#include "db/mentions.h"

#include "db/stmt.h"

_Static_assert((int)COL_MENTION_LIST_BY_AGENT_WORK_TITLE == (int)COL_MENTION_LIST_BY_REVIEW_WORK_TITLE,
	"mention statements give the same columns");

static enum db_status mention_read_agents(struct db *db, struct arena *arena, struct mention *mention)
{
	STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_MENTION_AGENTS);
	stmt_bind_int(stmt, ARG_MENTION_AGENTS_MENTION_ID, mention->mention_id);
	enum db_status status;
	while ((status = stmt_step(stmt)) == DB_OK) {
		struct agent_refs *refs = &mention->agents;
		struct agent_ref *items = arena_push(arena, refs->items, refs->count, sizeof(*items));
		if (!items)
			return DB_NO_MEMORY;
		refs->items = items;
		items[refs->count++] = (struct agent_ref) {
			.agent_id = stmt_int(stmt, COL_MENTION_AGENTS_AGENT_ID),
			.slug = stmt_copy(stmt, COL_MENTION_AGENTS_SLUG, arena),
			.name = stmt_copy(stmt, COL_MENTION_AGENTS_NAME, arena),
			.kind = (enum agent_kind)stmt_choice(stmt, COL_MENTION_AGENTS_KIND, AGENT_KINDS),
		};
		if (stmt_row_status(stmt) != DB_OK)
			return stmt_row_status(stmt);
	}
	return status == DB_NOT_FOUND ? DB_OK : status;
}

static enum db_status mention_read(struct stmt *stmt, struct arena *arena, struct mention *ret_mention)
{
	struct mention mention = {
		.mention_id = stmt_int(stmt, COL_MENTION_LIST_BY_REVIEW_MENTION_ID),
		.review_slug = stmt_copy(stmt, COL_MENTION_LIST_BY_REVIEW_REVIEW_SLUG, arena),
		.work = { .work_id = stmt_int(stmt, COL_MENTION_LIST_BY_REVIEW_WORK_ID),
			.slug = stmt_copy(stmt, COL_MENTION_LIST_BY_REVIEW_WORK_SLUG, arena),
			.title = stmt_copy(stmt, COL_MENTION_LIST_BY_REVIEW_WORK_TITLE, arena) },
	};
	struct span span = {
		.start = (uint32_t)stmt_int(stmt, COL_MENTION_LIST_BY_REVIEW_START_CODEPOINT),
		.end = (uint32_t)stmt_int(stmt, COL_MENTION_LIST_BY_REVIEW_END_CODEPOINT),
		.byte_start = (uint32_t)stmt_int(stmt, COL_MENTION_LIST_BY_REVIEW_START_BYTE),
		.byte_end = (uint32_t)stmt_int(stmt, COL_MENTION_LIST_BY_REVIEW_END_BYTE),
	};
	enum db_status status = stmt_row_status(stmt);
	if (status == DB_OK)
		status = passage_read(stmt->db, stmt_int(stmt, COL_MENTION_LIST_BY_REVIEW_REVIEW_ID),
			(uint64_t)stmt_int(stmt, COL_MENTION_LIST_BY_REVIEW_TEXT_BYTES), &span, arena,
			&mention.passage);
	if (status == DB_OK)
		status = mention_read_agents(stmt->db, arena, &mention);
	if (status == DB_OK)
		*ret_mention = mention;
	return status;
}

static enum db_status mention_read_page(struct stmt *stmt, size_t limit, struct arena *arena, struct mention_page *page)
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
		status = mention_read(stmt, arena, &page->items[page->count]);
		if (status != DB_OK)
			return status;
		page->count++;
	}
	return status == DB_NOT_FOUND ? DB_OK : status;
}

enum db_status mention_list_by_review(struct db *db, int64_t review_id, int64_t after, size_t limit,
	struct arena *arena, struct mention_page *ret_page)
{
	struct mention_page page = { 0 };
	struct stmt *count = db_stmt(db, STMT_MENTION_COUNT_BY_REVIEW);
	stmt_bind_int(count, ARG_MENTION_COUNT_BY_REVIEW_REVIEW_ID, review_id);
	enum db_status status = stmt_count(count, &page.total);
	if (status == DB_OK) {
		STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_MENTION_LIST_BY_REVIEW);
		stmt_bind_int(stmt, ARG_MENTION_LIST_BY_REVIEW_REVIEW_ID, review_id);
		stmt_bind_int(stmt, ARG_MENTION_LIST_BY_REVIEW_AFTER, after);
		stmt_bind_int(stmt, ARG_MENTION_LIST_BY_REVIEW_LIMIT, (int64_t)limit + 1);
		status = mention_read_page(stmt, limit, arena, &page);
	}
	if (status == DB_OK)
		*ret_page = page;
	return status;
}

enum db_status mention_list_by_agent(struct db *db, int64_t agent_id, int64_t after, size_t limit, struct arena *arena,
	struct mention_page *ret_page)
{
	struct mention_page page = { 0 };
	struct stmt *count = db_stmt(db, STMT_MENTION_COUNT_BY_AGENT);
	stmt_bind_int(count, ARG_MENTION_COUNT_BY_AGENT_AGENT_ID, agent_id);
	enum db_status status = stmt_count(count, &page.total);
	if (status == DB_OK) {
		STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_MENTION_LIST_BY_AGENT);
		stmt_bind_int(stmt, ARG_MENTION_LIST_BY_AGENT_AGENT_ID, agent_id);
		stmt_bind_int(stmt, ARG_MENTION_LIST_BY_AGENT_AFTER, after);
		stmt_bind_int(stmt, ARG_MENTION_LIST_BY_AGENT_LIMIT, (int64_t)limit + 1);
		status = mention_read_page(stmt, limit, arena, &page);
	}
	if (status == DB_OK)
		*ret_page = page;
	return status;
}

enum db_status mentions_convert(struct db *db, enum offset_unit unit, struct mention *mentions, size_t count)
{
	enum db_status status = DB_OK;
	for (size_t i = 0; i < count && status == DB_OK; i++)
		status =
			passage_convert(db, unit, mentions[i].mention_id / ITEMS_PER_REVIEW, &mentions[i].passage.span);
	return status;
}
