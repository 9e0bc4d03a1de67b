// SPDX-License-Identifier: MIT
#include "db/quotes.h"

#include "db/quote_list.h"
#include "db/stmt.h"
#include "db/store.h"

static enum db_status quote_read_agents(struct db *db, struct arena *arena, struct quote *quote)
{
	STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_QUOTE_AGENTS);
	stmt_bind_int(stmt, ARG_QUOTE_AGENTS_QUOTE_ID, quote->quote_id);
	enum db_status status;
	while ((status = stmt_step(stmt)) == DB_OK) {
		struct agent_refs *refs = &quote->agents[stmt_int(stmt, COL_QUOTE_AGENTS_ROLE)];
		struct agent_ref *items = arena_push(arena, refs->items, refs->count, sizeof(*items));
		if (!items)
			return DB_NO_MEMORY;
		refs->items = items;
		items[refs->count++] = (struct agent_ref) {
			.agent_id = stmt_int(stmt, COL_QUOTE_AGENTS_AGENT_ID),
			.slug = stmt_copy(stmt, COL_QUOTE_AGENTS_SLUG, arena),
			.name = stmt_copy(stmt, COL_QUOTE_AGENTS_NAME, arena),
			.kind = (enum agent_kind)stmt_int(stmt, COL_QUOTE_AGENTS_KIND),
		};
		if (stmt_row_status(stmt) != DB_OK)
			return DB_NO_MEMORY;
	}
	return status == DB_NOT_FOUND ? DB_OK : status;
}

static enum db_status quote_read_passages(struct db *db, struct arena *arena, struct quote *quote)
{
	STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_QUOTE_SPANS);
	stmt_bind_int(stmt, ARG_QUOTE_SPANS_QUOTE_ID, quote->quote_id);
	enum db_status status;
	while ((status = stmt_step(stmt)) == DB_OK) {
		struct passage *items = arena_push(arena, quote->passages, quote->passage_count, sizeof(*items));
		if (!items)
			return DB_NO_MEMORY;
		quote->passages = items;
		struct span span = {
			.start = (uint32_t)stmt_int(stmt, COL_QUOTE_SPANS_START_CODEPOINT),
			.end = (uint32_t)stmt_int(stmt, COL_QUOTE_SPANS_END_CODEPOINT),
			.byte_start = (uint32_t)stmt_int(stmt, COL_QUOTE_SPANS_START_BYTE),
			.byte_end = (uint32_t)stmt_int(stmt, COL_QUOTE_SPANS_END_BYTE),
		};
		status = passage_read(db, quote->review_id, quote->text_bytes, &span, PASSAGE_CONTEXT, arena,
			&items[quote->passage_count]);
		if (status != DB_OK)
			return status;
		quote->passage_count++;
	}
	return status == DB_NOT_FOUND ? DB_OK : status;
}

static enum db_status quote_by_id(struct db *db, int64_t quote_id, struct arena *arena, struct quote *ret_quote)
{
	STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_QUOTE_BY_ID);
	stmt_bind_int(stmt, ARG_QUOTE_BY_ID_QUOTE_ID, quote_id);
	enum db_status status = stmt_step(stmt);
	if (status != DB_OK)
		return status;
	struct quote quote = {
		.quote_id = quote_id,
		.local_slug = stmt_copy(stmt, COL_QUOTE_BY_ID_LOCAL_SLUG, arena),
		.review_id = stmt_int(stmt, COL_QUOTE_BY_ID_REVIEW_ID),
		.review_slug = stmt_copy(stmt, COL_QUOTE_BY_ID_REVIEW_SLUG, arena),
		.review_revision = stmt_int(stmt, COL_QUOTE_BY_ID_REVIEW_REVISION),
		.language = stmt_copy(stmt, COL_QUOTE_BY_ID_LANGUAGE, arena),
		.text_sha256 = stmt_copy(stmt, COL_QUOTE_BY_ID_TEXT_SHA256, arena),
		.text_bytes = (size_t)stmt_int(stmt, COL_QUOTE_BY_ID_TEXT_BYTES),
		.form = (enum quote_form)stmt_int(stmt, COL_QUOTE_BY_ID_FORM),
		.attribution = (enum attribution)stmt_int(stmt, COL_QUOTE_BY_ID_ATTRIBUTION),
		.spoiler = stmt_int(stmt, COL_QUOTE_BY_ID_SPOILER) != 0,
		.work = { .work_id = stmt_int(stmt, COL_QUOTE_BY_ID_WORK_ID),
			.slug = stmt_copy(stmt, COL_QUOTE_BY_ID_WORK_SLUG, arena),
			.title = stmt_copy(stmt, COL_QUOTE_BY_ID_WORK_TITLE, arena) },
	};
	status = stmt_row_status(stmt);
	if (status == DB_OK)
		status = quote_read_agents(db, arena, &quote);
	if (status == DB_OK)
		status = quote_read_passages(db, arena, &quote);
	if (status == DB_OK)
		*ret_quote = quote;
	return status;
}

enum db_status quote_get(
	struct db *db, int64_t review_id, const char *local_slug, struct arena *arena, struct quote *ret_quote)
{
	STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_QUOTE_GET);
	stmt_bind_int(stmt, ARG_QUOTE_GET_REVIEW_ID, review_id);
	stmt_bind_text(stmt, ARG_QUOTE_GET_LOCAL_SLUG, local_slug);
	enum db_status status = stmt_step(stmt);
	return status == DB_OK ? quote_by_id(db, stmt_int(stmt, COL_QUOTE_GET_QUOTE_ID), arena, ret_quote) : status;
}

enum db_status quote_list(struct db *db, const struct quote_filter *filter, const struct quote_sort *sort,
	const struct list_place *after, size_t limit, struct arena *arena, struct quote_page *ret_page)
{
	struct quote_page page = { 0 };
	struct quote_plan plan;
	struct list_rows rows = { 0 };
	enum db_status status = quote_plan_make(db, filter, arena, &plan);
	if (status == DB_OK)
		status = quote_list_count(db, &plan, arena, &page.total);
	/* One more than asked for tells whether there is a next page. */
	if (status == DB_OK)
		status = quote_list_rows(db, &plan, sort, after, limit + 1, page.total, arena, &rows);
	if (status != DB_OK)
		return status;
	page.more = rows.count > limit;
	page.items = arena_array(arena, rows.count, sizeof(*page.items));
	if (!page.items)
		return DB_NO_MEMORY;
	for (; page.count < rows.count && page.count < limit && status == DB_OK; page.count++) {
		page.last = rows.items[page.count];
		status = quote_by_id(db, page.last.id, arena, &page.items[page.count]);
	}
	if (status == DB_OK)
		*ret_page = page;
	return status == DB_NOT_FOUND ? DB_CORRUPT : status;
}

enum db_status quote_random(
	struct db *db, const struct quote_filter *filter, uint64_t seed, struct arena *arena, struct quote *ret_quote)
{
	struct quote_plan plan;
	struct list_rows rows = { 0 };
	struct quote_sort sort = { .order = QUOTE_RANDOM, .seed = seed };
	int64_t fitting = QUOTES_UNCOUNTED;
	enum db_status status = quote_plan_make(db, filter, arena, &plan);
	/* What an index leads to is soon counted; the others would take longer than to try one's luck. */
	if (status == DB_OK && plan.source != FROM_QUOTES)
		status = quote_list_count(db, &plan, arena, &fitting);
	if (status == DB_OK)
		status = quote_list_rows(db, &plan, &sort, NULL, 1, fitting, arena, &rows);
	if (status == DB_OK && !rows.count)
		return DB_NOT_FOUND;
	if (status == DB_OK)
		status = quote_by_id(db, rows.items[0].id, arena, ret_quote);
	return status == DB_NOT_FOUND ? DB_CORRUPT : status;
}

enum db_status quote_context(
	struct db *db, const struct quote *quote, size_t codepoints, struct arena *arena, struct passage *ret_passage)
{
	struct span whole = quote->passages[0].span;
	for (size_t i = 1; i < quote->passage_count; i++) {
		const struct span *span = &quote->passages[i].span;
		if (span->start < whole.start) {
			whole.start = span->start;
			whole.byte_start = span->byte_start;
		}
		if (span->end > whole.end) {
			whole.end = span->end;
			whole.byte_end = span->byte_end;
		}
	}
	return passage_read(db, quote->review_id, quote->text_bytes, &whole, codepoints, arena, ret_passage);
}
