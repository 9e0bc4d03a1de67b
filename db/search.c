// SPDX-License-Identifier: MIT
#include "db/search.h"

#include <string.h>

#include "db/connection.h"
#include "db/text/buffer.h"

struct search_cursor search_first(void)
{
	return (struct search_cursor) { .score = INT64_MAX, .rowid = INT64_MAX };
}

/* A result whose words are being looked for. */
struct showing {
	struct db *db;
	const struct search_query *query;
	enum offset_unit unit;
	struct arena *arena;
	struct search_result *result;
};

/* Finds the words in a text; *ret_hits is as search_hits_find() gives it. */
static enum db_status find(struct showing *showing, const char *tag, const char *text, struct search_hits *ret_hits)
{
	return search_hits_find(showing->query, stem_language_of(tag), text, strlen(text), showing->arena, ret_hits);
}

static enum db_status add_highlight(struct showing *showing, size_t start, size_t end)
{
	struct search_result *result = showing->result;
	struct highlight *items =
		arena_push(showing->arena, result->highlights, result->highlight_count, sizeof(*items));
	if (!items)
		return DB_NO_MEMORY;
	result->highlights = items;
	items[result->highlight_count++] = (struct highlight) { (uint32_t)start, (uint32_t)end };
	return DB_OK;
}

/* The merged hits in the text they are in. */
static enum db_status add_highlights(struct showing *showing, const struct search_hits *hits, const char *text)
{
	size_t byte = 0, at = 0;
	enum db_status status = DB_OK;
	for (size_t i = 0; i < hits->count && status == DB_OK; i++) {
		const struct search_hit *hit = &hits->items[i];
		at += passage_length(showing->unit, text + byte, hit->start - byte);
		size_t length = passage_length(showing->unit, text + hit->start, hit->end - hit->start);
		status = add_highlight(showing, at, at + length);
		at += length;
		byte = hit->end;
	}
	return status;
}

/* Chooses the excerpt, and what is marked in it. Merges the hits. */
static enum db_status show(struct showing *showing, const char *field, const char *text, struct search_hits *hits)
{
	struct search_result *result = showing->result;
	size_t length = strlen(text);
	struct excerpt excerpt = excerpt_choose(hits, text, length);
	search_hits_merge(hits);
	result->field = field;
	result->cut_before = excerpt.start > 0;
	result->cut_behind = excerpt.end < length;
	result->excerpt_length = excerpt.end - excerpt.start;
	result->excerpt = arena_strndup(showing->arena, text + excerpt.start, result->excerpt_length);
	result->marks.items = arena_array(showing->arena, hits->count, sizeof(*result->marks.items));
	if (!result->excerpt || !result->marks.items)
		return DB_NO_MEMORY;
	for (size_t i = 0; i < hits->count; i++) {
		struct search_hit hit = hits->items[i];
		if (hit.end <= excerpt.start || hit.start >= excerpt.end)
			continue;
		hit.start = hit.start > excerpt.start ? hit.start - excerpt.start : 0;
		hit.end = (hit.end < excerpt.end ? hit.end : excerpt.end) - excerpt.start;
		result->marks.items[result->marks.count++] = hit;
	}
	return DB_OK;
}

/* A hit in the joined words of a quote, as places in the review's text: one for each span it runs over. */
static enum db_status add_quote_highlight(struct showing *showing, const struct search_hit *hit)
{
	const struct quote *quote = &showing->result->quote;
	enum db_status status = DB_OK;
	size_t from = 0;
	for (size_t i = 0; i < quote->passage_count && status == DB_OK; i++) {
		const struct passage *passage = &quote->passages[i];
		size_t length = strlen(passage->exact);
		size_t start = hit->start > from ? hit->start - from : 0;
		size_t end = hit->end < from + length ? hit->end : from + length;
		if (hit->start < from + length && hit->end > from) {
			size_t before = passage_length(showing->unit, passage->exact, start);
			size_t within = passage_length(showing->unit, passage->exact + start, end - from - start);
			status = add_highlight(
				showing, passage->span.start + before, passage->span.start + before + within);
		}
		from += length + strlen(QUOTE_GAP);
	}
	return status;
}

static enum db_status show_quote(struct showing *showing, int64_t quote_id)
{
	struct quote *quote = &showing->result->quote;
	struct search_hits hits;
	enum db_status status = quote_by_id(showing->db, quote_id, showing->arena, quote);
	if (status == DB_OK)
		status = quotes_convert(showing->db, showing->unit, quote, 1);
	if (status != DB_OK)
		return status;
	const char *text = quote_text(quote, showing->arena);
	if (!text)
		return DB_NO_MEMORY;
	status = find(showing, quote->language, text, &hits);
	if (status == DB_OK)
		status = show(showing, "text", text, &hits);
	for (size_t i = 0; status == DB_OK && i < hits.count; i++)
		status = add_quote_highlight(showing, &hits.items[i]);
	return status;
}

/* A title, a name, an alias: shown whole or not at all. */
static enum db_status show_line(struct showing *showing, const char *field, const char *line, struct search_hits *hits)
{
	enum db_status status = show(showing, field, line, hits);
	return status == DB_OK ? add_highlights(showing, hits, line) : status;
}

static enum db_status show_review(struct showing *showing, int64_t review_id)
{
	struct review *review = &showing->result->review;
	struct search_hits hits = { .items = NULL };
	const char *text;
	size_t bytes;
	enum db_status status = review_by_id(showing->db, review_id, showing->arena, review);
	if (status == DB_OK && review->title)
		status = find(showing, review->language, review->title, &hits);
	if (status == DB_OK && hits.count)
		return show_line(showing, "title", review->title, &hits);
	if (status == DB_OK)
		status = review_text_get(showing->db, review_id, showing->arena, &text, &bytes);
	if (status == DB_OK)
		status = find(showing, review->language, text, &hits);
	return status == DB_OK ? show_line(showing, "text", text, &hits) : status;
}

static size_t count_terms(const struct search_hits *hits)
{
	unsigned terms = 0;
	for (size_t i = 0; i < hits->count; i++)
		terms |= 1u << hits->items[i].term;
	return (size_t)__builtin_popcount(terms);
}

/* The name, or the first alias in which more of the words stand. */
static enum db_status show_agent(struct showing *showing, int64_t agent_id)
{
	struct agent *agent = &showing->result->agent;
	struct search_hits best, hits;
	enum db_status status = agent_by_id(showing->db, agent_id, showing->arena, agent);
	if (status == DB_OK)
		status = find(showing, NULL, agent->ref.name, &best);
	const char *name = agent->ref.name, *field = "name";
	for (size_t i = 0; status == DB_OK && i < agent->aliases.count; i++) {
		status = find(showing, NULL, agent->aliases.items[i], &hits);
		if (status == DB_OK && count_terms(&hits) > count_terms(&best)) {
			best = hits;
			name = agent->aliases.items[i];
			field = "alias";
		}
	}
	return status == DB_OK ? show_line(showing, field, name, &best) : status;
}

static enum db_status show_work(struct showing *showing, int64_t work_id)
{
	struct work *work = &showing->result->work;
	struct search_hits hits;
	enum db_status status = work_by_id(showing->db, work_id, showing->arena, work);
	if (status != DB_OK)
		return status;
	if (!work->ref.title)
		return DB_CORRUPT;
	status = find(showing, work->language, work->ref.title, &hits);
	return status == DB_OK ? show_line(showing, "title", work->ref.title, &hits) : status;
}

static enum db_status search_read(struct showing *showing, int64_t rowid)
{
	static enum db_status (*const show_thing[SEARCH_KINDS])(struct showing * showing, int64_t id) = {
		[SEARCH_QUOTE] = show_quote,
		[SEARCH_REVIEW] = show_review,
		[SEARCH_AGENT] = show_agent,
		[SEARCH_WORK] = show_work,
	};
	/* The texts of a page may be long. */
	if (db_is_late(showing->db))
		return DB_TIMEOUT;
	showing->result->kind = search_rowid_kind(rowid);
	enum db_status status = show_thing[showing->result->kind](showing, search_rowid_id(rowid));
	return status == DB_NOT_FOUND ? DB_CORRUPT : status;
}

/* The rows of a page, one more than asked for if there is one. */
static enum db_status search_rows(struct db *db, const struct search_query *query, struct search_cursor after,
	bool ranked, size_t limit, struct search_cursor *rows, size_t *ret_count)
{
	STMT_LEASE struct stmt *stmt = db_stmt(db, ranked ? STMT_SEARCH_RANKED : STMT_SEARCH_NEWEST);
	if (ranked) {
		stmt_bind_text(stmt, ARG_SEARCH_RANKED_WEIGHTS, query->weights);
		stmt_bind_text(stmt, ARG_SEARCH_RANKED_MATCH, query->match);
		stmt_bind_int(stmt, ARG_SEARCH_RANKED_AFTER_SCORE, after.score);
		stmt_bind_int(stmt, ARG_SEARCH_RANKED_AFTER_ID, after.rowid);
		stmt_bind_int(stmt, ARG_SEARCH_RANKED_LIMIT, (int64_t)limit + 1);
	} else {
		stmt_bind_text(stmt, ARG_SEARCH_NEWEST_MATCH, query->match);
		stmt_bind_int(stmt, ARG_SEARCH_NEWEST_AFTER_ID, after.rowid);
		stmt_bind_int(stmt, ARG_SEARCH_NEWEST_LIMIT, (int64_t)limit + 1);
	}
	enum db_status status;
	size_t count = 0;
	while ((status = stmt_step(stmt)) == DB_OK) {
		rows[count++] = (struct search_cursor) {
			.rowid = stmt_int(stmt, ranked ? (int)COL_SEARCH_RANKED_ID : (int)COL_SEARCH_NEWEST_ID),
			.score = ranked ? stmt_int(stmt, COL_SEARCH_RANKED_SCORE) : 0,
		};
	}
	*ret_count = count;
	return status == DB_NOT_FOUND ? DB_OK : status;
}

/* A walk goes on as it began, whatever comes in between: what is not ranked has no score. */
static bool is_ranked(struct search_cursor after, int64_t total)
{
	return after.score == INT64_MAX ? total <= SEARCH_RANKED_MAX : after.score > 0;
}

static bool has_beginnings(const struct search_query *query)
{
	bool has = false;
	for (size_t i = 0; i < query->typed.term_count; i++)
		has = has || query->typed.terms[i].prefix;
	return has;
}

/* The rows of a page and how many there are in all, where finding them anew costs more than looking at each. */
static enum db_status gather(struct db *db, const struct search_query *query, struct search_cursor after, size_t limit,
	struct arena *arena, struct search_cursor *rows, size_t *ret_count, int64_t *ret_total)
{
	/* Few rows that begin so are put together fast, and of many no score is needed. */
	bool alone = query->typed.term_count == 1;
	struct gathering gathering = {
		.after = { .rowid = after.rowid, .score = after.score },
		.limit = limit + 1,
		/* A ranked walk stays ranked, however many there are by now. */
		.scored_max = alone                      ? 0
			      : after.score == INT64_MAX ? SEARCH_RANKED_MAX
			      : after.score > 0          ? INT64_MAX
							 : 0,
		.best = arena_array(arena, limit + 1, sizeof(*gathering.best)),
		.newest = arena_array(arena, limit + 1, sizeof(*gathering.newest)),
	};
	if (!gathering.best || !gathering.newest)
		return DB_NO_MEMORY;
	STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_SEARCH_GATHER);
	stmt_bind_text(stmt, ARG_SEARCH_GATHER_WEIGHTS, query->weights);
	stmt_bind_pointer(stmt, ARG_SEARCH_GATHER_GATHERING, &gathering, gathering_type);
	stmt_bind_text(stmt, ARG_SEARCH_GATHER_MATCH, query->match);
	enum db_status status = stmt_step(stmt);
	size_t count = 0;
	*ret_total = gathering.count;
	if (status == DB_NOT_FOUND)
		status = DB_OK;
	if (status == DB_OK && alone && is_ranked(after, *ret_total))
		return search_rows(db, query, after, true, limit, rows, ret_count);
	if (status == DB_OK && is_ranked(after, *ret_total)) {
		for (; count < gathering.best_count; count++)
			rows[count] = (struct search_cursor) { .score = gathering.best[count].score,
				.rowid = gathering.best[count].rowid };
	} else if (status == DB_OK) {
		size_t kept = gathering.newest_count < gathering.limit ? gathering.newest_count : gathering.limit;
		for (; count < kept; count++)
			rows[count] = (struct search_cursor) { 0,
				gathering.newest[(gathering.newest_count - 1 - count) % gathering.limit] };
	}
	*ret_count = count;
	return status;
}

static enum db_status count_and_list(struct db *db, const struct search_query *query, struct search_cursor after,
	size_t limit, struct search_cursor *rows, size_t *ret_count, int64_t *ret_total)
{
	struct stmt *count = db_stmt(db, STMT_SEARCH_COUNT);
	stmt_bind_text(count, ARG_SEARCH_COUNT_MATCH, query->match);
	enum db_status status = stmt_count(count, ret_total);
	return status == DB_OK ? search_rows(db, query, after, is_ranked(after, *ret_total), limit, rows, ret_count)
			       : status;
}

enum db_status search(struct db *db, const struct search_query *query, struct search_cursor after, size_t limit,
	enum offset_unit unit, struct arena *arena, struct search_page *ret_page)
{
	struct search_page page = { .last = after };
	*ret_page = page;
	if (!query->match)
		return DB_OK;
	struct search_cursor *rows = arena_array(arena, limit + 1, sizeof(*rows));
	page.items = arena_array(arena, limit, sizeof(*page.items));
	if (!rows || !page.items)
		return DB_NO_MEMORY;
	size_t found = 0;
	enum db_status status = has_beginnings(query)
					? gather(db, query, after, limit, arena, rows, &found, &page.total)
					: count_and_list(db, query, after, limit, rows, &found, &page.total);
	page.more = found > limit;
	for (; status == DB_OK && page.count < found && page.count < limit; page.count++) {
		struct showing showing = { db, query, unit, arena, &page.items[page.count] };
		status = search_read(&showing, rows[page.count].rowid);
		page.last = rows[page.count];
	}
	if (status == DB_OK)
		*ret_page = page;
	return status;
}
