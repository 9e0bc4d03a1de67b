// SPDX-License-Identifier: MIT
#include "db/quotes.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "db/quote_list.h"
#include "db/stmt.h"
#include "db/store.h"

/* The numbers as a JSON array, for the statements that take several quotes at once; NULL when memory runs out. */
static const char *ids_json(const struct int_list *ids, struct arena *arena)
{
	enum { DIGITS_MAX = 21 };
	char *json = arena_array(arena, ids->count + 1, DIGITS_MAX);
	size_t length = 0;
	for (size_t i = 0; json && i < ids->count; i++)
		length += (size_t)snprintf(
			json + length, DIGITS_MAX + 1, "%c%lld", i ? ',' : '[', (long long)ids->items[i]);
	if (json)
		memcpy(json + length, ids->count ? "]" : "[]", ids->count ? 2 : 3);
	return json;
}

static enum db_status quote_read_agents(
	struct db *db, const char *ids, struct arena *arena, struct quote *quotes, size_t count)
{
	STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_QUOTE_AGENTS);
	stmt_bind_text(stmt, ARG_QUOTE_AGENTS_QUOTE_IDS, ids);
	enum db_status status;
	while ((status = stmt_step(stmt)) == DB_OK) {
		size_t place = (size_t)stmt_int(stmt, COL_QUOTE_AGENTS_PLACE);
		if (place >= count)
			return DB_CORRUPT;
		struct agent_refs *refs = &quotes[place].agents[stmt_choice(stmt, COL_QUOTE_AGENTS_ROLE, QUOTE_ROLES)];
		struct agent_ref *items = arena_push(arena, refs->items, refs->count, sizeof(*items));
		if (!items)
			return DB_NO_MEMORY;
		refs->items = items;
		items[refs->count++] = (struct agent_ref) {
			.agent_id = stmt_int(stmt, COL_QUOTE_AGENTS_AGENT_ID),
			.slug = stmt_copy(stmt, COL_QUOTE_AGENTS_SLUG, arena),
			.name = stmt_copy(stmt, COL_QUOTE_AGENTS_NAME, arena),
			.kind = (enum agent_kind)stmt_choice(stmt, COL_QUOTE_AGENTS_KIND, AGENT_KINDS),
		};
		if (stmt_row_status(stmt) != DB_OK)
			return stmt_row_status(stmt);
	}
	return status == DB_NOT_FOUND ? DB_OK : status;
}

static enum db_status quote_read_passages(
	struct db *db, const char *ids, struct arena *arena, struct quote *quotes, size_t count)
{
	STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_QUOTE_SPANS);
	stmt_bind_text(stmt, ARG_QUOTE_SPANS_QUOTE_IDS, ids);
	enum db_status status;
	while ((status = stmt_step(stmt)) == DB_OK) {
		size_t place = (size_t)stmt_int(stmt, COL_QUOTE_SPANS_PLACE);
		if (place >= count)
			return DB_CORRUPT;
		struct quote *quote = &quotes[place];
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
		status = passage_read(db, quote->quote_id / ITEMS_PER_REVIEW, quote->text_bytes, &span, arena,
			&items[quote->passage_count]);
		if (status != DB_OK)
			return status;
		quote->passage_count++;
	}
	return status == DB_NOT_FOUND ? DB_OK : status;
}

/* Fills quotes[] in the order of the ids. DB_NOT_FOUND: one of them is not there. */
static enum db_status quote_read_rows(
	struct db *db, const char *ids, struct arena *arena, struct quote *quotes, size_t count)
{
	STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_QUOTE_ROWS);
	stmt_bind_text(stmt, ARG_QUOTE_ROWS_QUOTE_IDS, ids);
	enum db_status status;
	size_t rows = 0;
	while ((status = stmt_step(stmt)) == DB_OK) {
		size_t place = (size_t)stmt_int(stmt, COL_QUOTE_ROWS_PLACE);
		if (place >= count)
			return DB_CORRUPT;
		quotes[place] = (struct quote) {
			.quote_id = stmt_int(stmt, COL_QUOTE_ROWS_QUOTE_ID),
			.local_slug = stmt_copy(stmt, COL_QUOTE_ROWS_LOCAL_SLUG, arena),
			.review_slug = stmt_copy(stmt, COL_QUOTE_ROWS_REVIEW_SLUG, arena),
			.review_revision = stmt_int(stmt, COL_QUOTE_ROWS_REVIEW_REVISION),
			.language = stmt_copy(stmt, COL_QUOTE_ROWS_LANGUAGE, arena),
			.text_sha256 = stmt_copy(stmt, COL_QUOTE_ROWS_TEXT_SHA256, arena),
			.text_bytes = (uint64_t)stmt_int(stmt, COL_QUOTE_ROWS_TEXT_BYTES),
			.form = (enum quote_form)stmt_choice(stmt, COL_QUOTE_ROWS_FORM, QUOTE_FORMS),
			.attribution = (enum attribution)stmt_choice(stmt, COL_QUOTE_ROWS_ATTRIBUTION, ATTRIBUTIONS),
			.spoiler = stmt_int(stmt, COL_QUOTE_ROWS_SPOILER) != 0,
			.work = { .slug = stmt_copy(stmt, COL_QUOTE_ROWS_WORK_SLUG, arena),
				.title = stmt_copy(stmt, COL_QUOTE_ROWS_WORK_TITLE, arena) },
		};
		status = stmt_row_status(stmt);
		if (status != DB_OK)
			return status;
		rows++;
	}
	return status != DB_NOT_FOUND ? status : rows == count ? DB_OK : DB_NOT_FOUND;
}

static enum db_status quotes_by_ids(
	struct db *db, const struct int_list *ids, struct arena *arena, struct quote *ret_quotes)
{
	const char *json = ids_json(ids, arena);
	if (!json)
		return DB_NO_MEMORY;
	enum db_status status = quote_read_rows(db, json, arena, ret_quotes, ids->count);
	if (status == DB_OK)
		status = quote_read_agents(db, json, arena, ret_quotes, ids->count);
	return status == DB_OK ? quote_read_passages(db, json, arena, ret_quotes, ids->count) : status;
}

enum db_status quote_get(
	struct db *db, int64_t review_id, const char *local_slug, struct arena *arena, struct quote *ret_quote)
{
	int64_t quote_id;
	struct stmt *stmt = db_stmt(db, STMT_QUOTE_GET);
	stmt_bind_int(stmt, ARG_QUOTE_GET_REVIEW_ID, review_id);
	stmt_bind_text(stmt, ARG_QUOTE_GET_LOCAL_SLUG, local_slug);
	enum db_status status = stmt_count(stmt, &quote_id);
	return status == DB_OK ? quotes_by_ids(db, &(struct int_list) { &quote_id, 1 }, arena, ret_quote) : status;
}

enum db_status quote_list(struct db *db, const struct quote_filter *filter, int64_t after, size_t limit,
	struct arena *arena, struct quote_page *ret_page)
{
	struct quote_page page = { 0 };
	struct int_list ids;
	enum db_status status = quote_list_count(db, filter, arena, &page.total);
	/* One more than asked for tells whether there is a next page. */
	if (status == DB_OK)
		status = quote_list_ids(db, filter, after, limit + 1, arena, &ids);
	if (status != DB_OK)
		return status;
	page.more = ids.count > limit;
	page.count = ids.count = page.more ? limit : ids.count;
	page.items = arena_array(arena, ids.count, sizeof(*page.items));
	if (!page.items)
		return DB_NO_MEMORY;
	status = quotes_by_ids(db, &ids, arena, page.items);
	if (status == DB_OK)
		*ret_page = page;
	return status == DB_NOT_FOUND ? DB_CORRUPT : status;
}

enum db_status quotes_convert(struct db *db, enum offset_unit unit, struct quote *quotes, size_t count)
{
	enum db_status status = DB_OK;
	for (size_t i = 0; i < count && status == DB_OK; i++) {
		int64_t review_id = quotes[i].quote_id / ITEMS_PER_REVIEW;
		for (size_t p = 0; p < quotes[i].passage_count && status == DB_OK; p++)
			status = passage_convert(db, unit, review_id, &quotes[i].passages[p].span);
	}
	return status;
}
