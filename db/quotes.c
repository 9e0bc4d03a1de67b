// SPDX-License-Identifier: MIT
#include "db/quotes.h"

#include <string.h>

#include "db/log.h"
#include "db/quote_list.h"
#include "db/rows.h"
#include "db/spans.h"
#include "db/stmt.h"
#include "db/store.h"
#include "db/text/buffer.h"
#include "db/text/utf8.h"

/*
 * A page is put together in memory, where long quotes may be too many: the first one always fits, and those behind so
 * many bytes of words are left to the next page.
 */
enum { PAGE_WORDS_BYTES_MAX = 8 * 1024 * 1024 };

/* Quotes that are read together, in the order of the rows. */
struct quote_reading {
	struct db *db;
	struct arena *arena;
	enum quote_words words;
	struct quote *quotes;
	size_t count;
	size_t bytes; /* of words, so far */
	struct known_agents known;
};

static enum db_status read_review(struct quote_reading *reading, struct quote *quote)
{
	STMT_LEASE struct stmt *stmt = db_stmt(reading->db, STMT_QUOTE_REVIEW);
	stmt_bind_int(stmt, ARG_QUOTE_REVIEW_REVIEW_ID, quote->review_id);
	enum db_status status = stmt_step(stmt);
	if (status != DB_OK)
		return status;
	quote->review_slug = stmt_copy(stmt, COL_QUOTE_REVIEW_SLUG, reading->arena);
	quote->review_revision = stmt_int(stmt, COL_QUOTE_REVIEW_REVISION);
	quote->language = stmt_copy(stmt, COL_QUOTE_REVIEW_LANGUAGE, reading->arena);
	quote->text_sha256 = stmt_copy(stmt, COL_QUOTE_REVIEW_TEXT_SHA256, reading->arena);
	quote->text_bytes = (uint64_t)stmt_int(stmt, COL_QUOTE_REVIEW_TEXT_BYTES);
	return stmt_row_status(stmt);
}

static enum db_status read_work(struct quote_reading *reading, struct work_ref *work)
{
	STMT_LEASE struct stmt *stmt = db_stmt(reading->db, STMT_QUOTE_WORK);
	stmt_bind_int(stmt, ARG_QUOTE_WORK_WORK_ID, work->work_id);
	enum db_status status = stmt_step(stmt);
	if (status != DB_OK)
		return status;
	work->slug = stmt_copy(stmt, COL_QUOTE_WORK_SLUG, reading->arena);
	work->title = stmt_copy(stmt, COL_QUOTE_WORK_TITLE, reading->arena);
	return stmt_row_status(stmt);
}

/* What the quote says of its review and work, which are mostly those of the quote before. */
static enum db_status read_origin(struct quote_reading *reading, size_t place)
{
	struct quote *quote = &reading->quotes[place];
	const struct quote *before = place ? quote - 1 : NULL;
	enum db_status status = DB_OK;
	if (before && before->review_id == quote->review_id) {
		quote->review_slug = before->review_slug;
		quote->review_revision = before->review_revision;
		quote->language = before->language;
		quote->text_sha256 = before->text_sha256;
		quote->text_bytes = before->text_bytes;
	} else {
		status = read_review(reading, quote);
	}
	if (before && before->work.work_id == quote->work.work_id)
		quote->work = before->work;
	else if (status == DB_OK && quote->work.work_id)
		status = read_work(reading, &quote->work);
	return status == DB_NOT_FOUND ? DB_CORRUPT : status;
}

/* A row names one agent, or none. */
static enum db_status add_agent(struct quote_reading *reading, struct stmt *stmt, struct quote *quote)
{
	int64_t agent_id = stmt_int(stmt, COL_QUOTE_ROWS_AGENT_ID);
	if (!agent_id)
		return DB_OK;
	struct agent_refs *refs = &quote->agents[stmt_choice(stmt, COL_QUOTE_ROWS_ROLE, QUOTE_ROLES)];
	return agent_refs_add(reading->db, agent_id, &reading->known, reading->arena, refs);
}

static enum db_status add_passage(struct quote_reading *reading, const struct span *span, struct quote *quote)
{
	static const size_t contexts[] = { [QUOTE_WORDS_AROUND] = PASSAGE_CONTEXT, [QUOTE_WORDS] = 0 };
	struct passage *items = arena_push(reading->arena, quote->passages, quote->passage_count, sizeof(*items));
	if (!items)
		return DB_NO_MEMORY;
	quote->passages = items;
	struct passage *passage = &items[quote->passage_count++];
	if (reading->words == QUOTE_NO_WORDS) {
		*passage = (struct passage) { *span, "", "", "" };
		return DB_OK;
	}
	reading->bytes += span->byte_end - span->byte_start;
	return passage_read(reading->db, quote->review_id, quote->text_bytes, span, contexts[reading->words],
		reading->arena, passage);
}

static enum db_status read_passages(struct quote_reading *reading, const char *spans, struct quote *quote)
{
	struct span span;
	while (spans_next(&spans, &span)) {
		enum db_status status = add_passage(reading, &span, quote);
		if (status != DB_OK)
			return status;
	}
	if (!*spans && quote->passage_count)
		return DB_OK;
	log_line("store: the spans of quote %lld are none; run 'reviewd check'", (long long)quote->quote_id);
	return DB_CORRUPT;
}

static enum db_status read_quote(struct quote_reading *reading, struct stmt *stmt, size_t place)
{
	struct quote *quote = &reading->quotes[place];
	*quote = (struct quote) {
		.quote_id = quote->quote_id,
		.review_id = quote->quote_id / ITEMS_PER_REVIEW,
		.local_slug = stmt_copy(stmt, COL_QUOTE_ROWS_LOCAL_SLUG, reading->arena),
		.form = (enum quote_form)stmt_choice(stmt, COL_QUOTE_ROWS_FORM, QUOTE_FORMS),
		.attribution = (enum attribution)stmt_choice(stmt, COL_QUOTE_ROWS_ATTRIBUTION, ATTRIBUTIONS),
		.spoiler = stmt_int(stmt, COL_QUOTE_ROWS_SPOILER) != 0,
		.work = { .work_id = stmt_int(stmt, COL_QUOTE_ROWS_WORK_ID) },
	};
	const char *spans = stmt_text(stmt, COL_QUOTE_ROWS_SPANS, NULL);
	enum db_status status = stmt_row_status(stmt);
	if (status == DB_OK)
		status = read_origin(reading, place);
	return status == DB_OK ? read_passages(reading, spans, quote) : status;
}

/*
 * Fills the quotes, of which the numbers are there, and cuts their count where they have too many words. DB_NOT_FOUND:
 * one of them is not in the store.
 */
static enum db_status read_quotes(struct quote_reading *reading, struct rows *rows)
{
	STMT_LEASE struct stmt *stmt = db_stmt(reading->db, STMT_QUOTE_ROWS);
	rows_bind(rows, stmt);
	enum db_status status;
	size_t read = 0;
	while ((status = stmt_step(stmt)) == DB_OK) {
		size_t place = (size_t)stmt_int(stmt, COL_QUOTE_ROWS_PLACE);
		if (place == read && reading->bytes > PAGE_WORDS_BYTES_MAX) {
			reading->count = read;
			return DB_OK;
		}
		if (place == read && read < reading->count)
			status = read_quote(reading, stmt, read++);
		else if (place + 1 != read)
			return DB_NOT_FOUND;
		if (status == DB_OK)
			status = add_agent(reading, stmt, &reading->quotes[place]);
		if (status == DB_OK)
			status = stmt_row_status(stmt);
		if (status != DB_OK)
			return status;
	}
	return status != DB_NOT_FOUND ? status : read == reading->count ? DB_OK : DB_NOT_FOUND;
}

/* *ret_count: how many were read. */
static enum db_status quotes_by_ids(struct db *db, const struct int_list *ids, enum quote_words words,
	struct arena *arena, struct quote *ret_quotes, size_t *ret_count)
{
	struct quote_reading reading = {
		.db = db, .arena = arena, .words = words, .quotes = ret_quotes, .count = ids->count
	};
	struct rows *rows = rows_of_numbers(ids, arena);
	if (!rows)
		return DB_NO_MEMORY;
	for (size_t i = 0; i < ids->count; i++)
		ret_quotes[i].quote_id = ids->items[i];
	enum db_status status = read_quotes(&reading, rows);
	*ret_count = reading.count;
	return status;
}

enum db_status quote_by_id(struct db *db, int64_t quote_id, struct arena *arena, struct quote *ret_quote)
{
	size_t count;
	return quotes_by_ids(db, &(struct int_list) { &quote_id, 1 }, QUOTE_WORDS_AROUND, arena, ret_quote, &count);
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
	int64_t quote_id;
	struct stmt *stmt = db_stmt(db, STMT_QUOTE_GET);
	stmt_bind_int(stmt, ARG_QUOTE_GET_REVIEW_ID, review_id);
	stmt_bind_text(stmt, ARG_QUOTE_GET_LOCAL_SLUG, local_slug);
	enum db_status status = stmt_count(stmt, &quote_id);
	return status == DB_OK ? quote_by_id(db, quote_id, arena, ret_quote) : status;
}

enum db_status quote_list(struct db *db, const struct quote_filter *filter, const struct quote_sort *sort,
	const struct list_place *after, size_t limit, enum quote_words words, struct arena *arena,
	struct quote_page *ret_page)
{
	struct quote_page page = { 0 };
	struct quote_plan plan;
	struct list_rows rows = { 0 };
	struct store_info store;
	enum db_status status = quote_plan_make(db, filter, arena, &plan);
	if (status == DB_OK)
		status = store_get(db, arena, &store);
	if (status == DB_OK)
		status = quote_list_count(db, &plan, &store, &page.total);
	/* One more than asked for tells whether there is a next page. */
	if (status == DB_OK)
		status = quote_list_rows(db, &plan, sort, after, limit + 1, page.total, store.quotes, arena, &rows);
	if (status != DB_OK)
		return status;
	page.more = listing_cut(&rows, limit);
	page.items = arena_array(arena, rows.count, sizeof(*page.items));
	struct int_list ids = { .items = arena_array(arena, rows.count, sizeof(*ids.items)), .count = rows.count };
	if (!page.items || !ids.items)
		return DB_NO_MEMORY;
	for (size_t i = 0; i < rows.count; i++)
		ids.items[i] = rows.items[i].id;
	status = quotes_by_ids(db, &ids, words, arena, page.items, &page.count);
	page.more |= page.count < rows.count;
	if (page.count)
		page.last = rows.items[page.count - 1];
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
	struct store_info store;
	int64_t fitting = QUOTES_UNCOUNTED;
	unsigned needs = 0;
	enum db_status status = quote_plan_make(db, filter, arena, &plan);
	if (status == DB_OK)
		status = store_get(db, arena, &store);
	/* What an index leads to, or whole reviews have, is soon counted; the others would take longer than to try
	 * one's luck. */
	if (status == DB_OK && (plan.source != FROM_QUOTES || quote_plan_is_summed(&plan, &needs)))
		status = quote_list_count(db, &plan, &store, &fitting);
	if (status == DB_OK)
		status = quote_list_rows(db, &plan, &sort, NULL, 1, fitting, store.quotes, arena, &rows);
	if (status == DB_OK && !rows.count)
		return DB_NOT_FOUND;
	if (status == DB_OK)
		status = quote_by_id(db, rows.items[0].id, arena, ret_quote);
	return status == DB_NOT_FOUND ? DB_CORRUPT : status;
}

/* From the first of its code points to the last. */
static struct span quote_extent(const struct quote *quote)
{
	struct span extent = quote->passages[0].span;
	for (size_t i = 1; i < quote->passage_count; i++) {
		const struct span *span = &quote->passages[i].span;
		if (span->start < extent.start) {
			extent.start = span->start;
			extent.byte_start = span->byte_start;
		}
		if (span->end > extent.end) {
			extent.end = span->end;
			extent.byte_end = span->byte_end;
		}
	}
	return extent;
}

enum db_status quote_context(struct db *db, const struct quote *quote, size_t codepoints, enum offset_unit unit,
	struct arena *arena, struct quote_context *ret_context)
{
	struct quote_context context;
	struct span extent = quote_extent(quote);
	enum db_status status =
		passage_read(db, quote->review_id, quote->text_bytes, &extent, codepoints, arena, &context.passage);
	if (status != DB_OK)
		return status;
	size_t before = strlen(context.passage.prefix), behind = strlen(context.passage.suffix);
	context.whole = (struct span) {
		.start = extent.start - (uint32_t)utf8_count(context.passage.prefix, before),
		.end = extent.end + (uint32_t)utf8_count(context.passage.suffix, behind),
		.byte_start = extent.byte_start - (uint32_t)before,
		.byte_end = extent.byte_end + (uint32_t)behind,
	};
	*ret_context = context;
	return passage_convert(db, unit, quote->review_id, &ret_context->whole);
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
