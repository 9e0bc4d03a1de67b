// SPDX-License-Identifier: MIT
#include "db/quotes.h"

#include "db/quote_list.h"
#include "db/stmt.h"
#include "db/store.h"
#include "db/text/buffer.h"

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

static enum db_status quote_read_passages(
	struct db *db, int64_t review_id, uint64_t text_bytes, struct arena *arena, struct quote *quote)
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
		status = passage_read(db, review_id, text_bytes, &span, arena, &items[quote->passage_count]);
		if (status != DB_OK)
			return status;
		quote->passage_count++;
	}
	return status == DB_NOT_FOUND ? DB_OK : status;
}

enum db_status quote_by_id(struct db *db, int64_t quote_id, struct arena *arena, struct quote *ret_quote)
{
	STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_QUOTE_BY_ID);
	stmt_bind_int(stmt, ARG_QUOTE_BY_ID_QUOTE_ID, quote_id);
	enum db_status status = stmt_step(stmt);
	if (status != DB_OK)
		return status;
	struct quote quote = {
		.quote_id = quote_id,
		.local_slug = stmt_copy(stmt, COL_QUOTE_BY_ID_LOCAL_SLUG, arena),
		.review_slug = stmt_copy(stmt, COL_QUOTE_BY_ID_REVIEW_SLUG, arena),
		.review_revision = stmt_int(stmt, COL_QUOTE_BY_ID_REVIEW_REVISION),
		.language = stmt_copy(stmt, COL_QUOTE_BY_ID_LANGUAGE, arena),
		.text_sha256 = stmt_copy(stmt, COL_QUOTE_BY_ID_TEXT_SHA256, arena),
		.form = (enum quote_form)stmt_int(stmt, COL_QUOTE_BY_ID_FORM),
		.attribution = (enum attribution)stmt_int(stmt, COL_QUOTE_BY_ID_ATTRIBUTION),
		.spoiler = stmt_int(stmt, COL_QUOTE_BY_ID_SPOILER) != 0,
		.work = { .slug = stmt_copy(stmt, COL_QUOTE_BY_ID_WORK_SLUG, arena),
			.title = stmt_copy(stmt, COL_QUOTE_BY_ID_WORK_TITLE, arena) },
	};
	status = stmt_row_status(stmt);
	if (status == DB_OK)
		status = quote_read_agents(db, arena, &quote);
	if (status == DB_OK)
		status = quote_read_passages(db, stmt_int(stmt, COL_QUOTE_BY_ID_REVIEW_ID),
			(uint64_t)stmt_int(stmt, COL_QUOTE_BY_ID_TEXT_BYTES), arena, &quote);
	if (status == DB_OK)
		*ret_quote = quote;
	return status;
}

const char *quote_text(const struct quote *quote, struct arena *arena)
{
	struct buffer text = { 0 };
	for (size_t i = 0; i < quote->passage_count; i++) {
		buffer_append_string(&text, i ? QUOTE_GAP : "");
		buffer_append_string(&text, quote->passages[i].exact);
	}
	const char *kept = text.failed ? NULL : arena_strndup(arena, text.data, text.length);
	buffer_deinit(&text);
	return kept;
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

enum db_status quote_list(struct db *db, const struct quote_filter *filter, int64_t after, size_t limit,
	struct arena *arena, struct quote_page *ret_page)
{
	struct quote_page page = { 0 };
	struct int_list ids;
	enum db_status status;
	/* One more than asked for tells whether there is a next page. */
	if (filter->words) {
		status = quote_list_words(db, filter, after, limit + 1, arena, &ids, &page.total);
	} else {
		status = quote_list_count(db, filter, arena, &page.total);
		if (status == DB_OK)
			status = quote_list_ids(db, filter, after, limit + 1, arena, &ids);
	}
	if (status != DB_OK)
		return status;
	page.more = ids.count > limit;
	page.items = arena_array(arena, ids.count, sizeof(*page.items));
	if (!page.items)
		return DB_NO_MEMORY;
	for (; page.count < ids.count && page.count < limit && status == DB_OK; page.count++)
		status = quote_by_id(db, ids.items[page.count], arena, &page.items[page.count]);
	if (status == DB_OK)
		*ret_page = page;
	return status == DB_NOT_FOUND ? DB_CORRUPT : status;
}
