// SPDX-License-Identifier: MIT
#include "db/search_index.h"

#include <string.h>

#include "db/connection.h"
#include "db/log.h"
#include "db/quotes.h"
#include "db/suggestions.h"
#include "db/text/buffer.h"
#include "db/word_forms.h"

/* The columns of the index, but for labels: a text in every language and in none, then the titles alike. */
enum { COLUMN_TEXTS = 0, COLUMN_TITLES = STEM_LANGUAGES + 1, COLUMNS = 2 * COLUMN_TITLES };

_Static_assert((int)ARG_SEARCH_INSERT_TITLE_OTHER == (int)ARG_SEARCH_INSERT_ID + COLUMNS &&
		       (int)ARG_SEARCH_DELETE_TITLE_OTHER == (int)ARG_SEARCH_INSERT_TITLE_OTHER &&
		       (int)ARG_SEARCH_DELETE_LABELS == (int)ARG_SEARCH_INSERT_LABELS &&
		       (int)ARG_SEARCH_DELETE_ID == (int)ARG_SEARCH_INSERT_ID,
	"what is taken out is bound as what was put in");

/* A row on its way into the index, or out of it. */
struct indexing {
	struct db *db;
	bool insert;
	struct arena arena; /* for what one review, agent or work has */
	struct buffer joined, labels;
};

struct words {
	const char *bytes; /* NULL: there are none */
	size_t length;
};

static enum db_status index_row(struct indexing *indexing, int64_t rowid, enum stem_language language,
	const struct words *title, const struct words *text)
{
	struct stmt *stmt = db_stmt(indexing->db, indexing->insert ? STMT_SEARCH_INSERT : STMT_SEARCH_DELETE);
	stmt_bind_int(stmt, ARG_SEARCH_INSERT_ID, rowid);
	for (int i = 0; i < COLUMNS; i++) {
		const struct words *words = i < COLUMN_TITLES ? text : title;
		if (words->bytes && i % COLUMN_TITLES == (int)language)
			stmt_bind_text_n(stmt, ARG_SEARCH_INSERT_ID + 1 + i, words->bytes, words->length);
		else
			stmt_bind_null(stmt, ARG_SEARCH_INSERT_ID + 1 + i);
	}
	bool is_quote = search_rowid_kind(rowid) == SEARCH_QUOTE;
	if (is_quote && indexing->labels.length)
		stmt_bind_text_n(stmt, ARG_SEARCH_INSERT_LABELS, indexing->labels.data, indexing->labels.length);
	else
		stmt_bind_null(stmt, ARG_SEARCH_INSERT_LABELS);
	/* The words of a quote are words of its review. */
	if (indexing->insert && !is_quote)
		indexing->db->noted_language = language;
	enum db_status status = stmt_run(stmt);
	indexing->db->noted_language = STEM_NONE;
	return status;
}

/* A review as the index sees it. */
struct indexed_review {
	int64_t review_id;
	enum stem_language language;
	struct words title, text;
};

/* Borrowed from the statement, which the caller leases. */
static enum db_status read_review(struct stmt *stmt, int64_t review_id, struct indexed_review *ret_review)
{
	stmt_bind_int(stmt, ARG_SEARCH_REVIEW_REVIEW_ID, review_id);
	enum db_status status = stmt_step(stmt);
	if (status != DB_OK)
		return status;
	ret_review->review_id = review_id;
	ret_review->language = stem_language_of(stmt_text(stmt, COL_SEARCH_REVIEW_LANGUAGE, NULL));
	ret_review->title.bytes = stmt_text(stmt, COL_SEARCH_REVIEW_TITLE, &ret_review->title.length);
	ret_review->text.bytes = stmt_text(stmt, COL_SEARCH_REVIEW_TEXT, &ret_review->text.length);
	return stmt_row_status(stmt);
}

/* Rows of the quotes of a review in their order, whose first column is the quote. */
struct quote_rows {
	struct stmt *stmt;
	int64_t quote_id; /* of the row that is to be read; INT64_MAX behind the last */
};

static enum db_status next_row(struct quote_rows *rows)
{
	enum db_status status = stmt_step(rows->stmt);
	rows->quote_id = status == DB_OK ? stmt_int(rows->stmt, 0) : INT64_MAX;
	return status == DB_NOT_FOUND ? DB_OK : status;
}

/* The words of a quote: its spans, which are read. */
static enum db_status join_spans(
	struct indexing *indexing, const struct indexed_review *review, int64_t quote_id, struct quote_rows *spans)
{
	enum db_status status = DB_OK;
	buffer_clear(&indexing->joined);
	while (spans->quote_id == quote_id && status == DB_OK) {
		size_t start = (size_t)stmt_int(spans->stmt, COL_BUNDLE_QUOTE_SPANS_START_BYTE);
		size_t end = (size_t)stmt_int(spans->stmt, COL_BUNDLE_QUOTE_SPANS_END_BYTE);
		if (start > end || end > review->text.length) {
			log_line("store: a span of review %lld lies outside its text; run 'reviewd check'",
				(long long)review->review_id);
			return DB_CORRUPT;
		}
		buffer_append_string(&indexing->joined, indexing->joined.length ? QUOTE_GAP : "");
		buffer_append(&indexing->joined, review->text.bytes + start, end - start);
		status = next_row(spans);
	}
	return status;
}

static void add_label(struct indexing *indexing, enum search_label label, int64_t id)
{
	buffer_printf(&indexing->labels, SEARCH_LABEL "%c%lld", label, (long long)id);
}

/* The labels of a quote: its work, and its agents, which are read. */
static enum db_status join_labels(struct indexing *indexing, const struct quote_rows *quotes, struct quote_rows *agents)
{
	static const enum search_label labels[QUOTE_ROLES] = {
		[ROLE_SPEAKER] = LABEL_SPEAKER,
		[ROLE_ADDRESSEE] = LABEL_ADDRESSEE,
		[ROLE_ABOUT] = LABEL_ABOUT,
	};
	enum db_status status = DB_OK;
	buffer_clear(&indexing->labels);
	if (!stmt_is_null(quotes->stmt, COL_BUNDLE_QUOTES_WORK_ID))
		add_label(indexing, LABEL_WORK, stmt_int(quotes->stmt, COL_BUNDLE_QUOTES_WORK_ID));
	while (agents->quote_id == quotes->quote_id && status == DB_OK) {
		add_label(indexing, labels[stmt_int(agents->stmt, COL_BUNDLE_QUOTE_AGENTS_ROLE)],
			stmt_int(agents->stmt, COL_BUNDLE_QUOTE_AGENTS_AGENT_ID));
		status = next_row(agents);
	}
	return status;
}

static enum db_status index_quotes(struct indexing *indexing, const struct indexed_review *review,
	struct quote_rows *quotes, struct quote_rows *spans, struct quote_rows *agents)
{
	enum db_status status = next_row(quotes);
	if (status == DB_OK)
		status = next_row(spans);
	if (status == DB_OK)
		status = next_row(agents);
	while (status == DB_OK && quotes->quote_id != INT64_MAX) {
		status = join_spans(indexing, review, quotes->quote_id, spans);
		if (status == DB_OK)
			status = join_labels(indexing, quotes, agents);
		if (status == DB_OK && (indexing->joined.failed || indexing->labels.failed))
			status = DB_NO_MEMORY;
		struct words text = { indexing->joined.data, indexing->joined.length };
		if (status == DB_OK)
			status = index_row(indexing, search_rowid(SEARCH_QUOTE, quotes->quote_id), review->language,
				&(struct words) { .bytes = NULL }, &text);
		if (status == DB_OK)
			status = next_row(quotes);
	}
	return status;
}

static enum db_status index_quotes_of(struct indexing *indexing, int64_t review_id)
{
	struct indexed_review review;
	STMT_LEASE struct stmt *stmt = db_stmt(indexing->db, STMT_SEARCH_REVIEW);
	STMT_LEASE struct stmt *quotes = db_stmt(indexing->db, STMT_BUNDLE_QUOTES);
	STMT_LEASE struct stmt *spans = db_stmt(indexing->db, STMT_BUNDLE_QUOTE_SPANS);
	STMT_LEASE struct stmt *agents = db_stmt(indexing->db, STMT_BUNDLE_QUOTE_AGENTS);
	stmt_bind_int(quotes, ARG_BUNDLE_QUOTES_REVIEW_ID, review_id);
	stmt_bind_int(spans, ARG_BUNDLE_QUOTE_SPANS_REVIEW_ID, review_id);
	stmt_bind_int(agents, ARG_BUNDLE_QUOTE_AGENTS_REVIEW_ID, review_id);
	enum db_status status = read_review(stmt, review_id, &review);
	return status == DB_OK
		       ? index_quotes(indexing, &review, &(struct quote_rows) { .stmt = quotes },
				 &(struct quote_rows) { .stmt = spans }, &(struct quote_rows) { .stmt = agents })
		       : status;
}

_Static_assert(COL_BUNDLE_QUOTES_QUOTE_ID == 0 && COL_BUNDLE_QUOTE_SPANS_QUOTE_ID == 0 &&
		       COL_BUNDLE_QUOTE_AGENTS_QUOTE_ID == 0,
	"rows of quotes begin with the quote");

static enum db_status index_review(struct indexing *indexing, int64_t review_id)
{
	struct indexed_review review;
	STMT_LEASE struct stmt *stmt = db_stmt(indexing->db, STMT_SEARCH_REVIEW);
	enum db_status status = read_review(stmt, review_id, &review);
	if (status == DB_OK)
		status = index_row(
			indexing, search_rowid(SEARCH_REVIEW, review_id), review.language, &review.title, &review.text);
	return status;
}

/* The title is the name, the text the aliases, one a line. */
static enum db_status index_agent(struct indexing *indexing, int64_t agent_id)
{
	struct agent_names names;
	enum db_status status = agent_names(indexing->db, agent_id, &indexing->arena, &names);
	buffer_clear(&indexing->joined);
	for (size_t i = 0; i < names.count && status == DB_OK; i++) {
		if (i)
			buffer_printf(&indexing->joined, "%s%s", i > 1 ? "\n" : "", names.items[i].name);
		status = suggestion_index(indexing->db, indexing->insert, SEARCH_AGENT, agent_id,
			names.items[i].position, names.items[i].name);
	}
	if (status == DB_OK && indexing->joined.failed)
		status = DB_NO_MEMORY;
	if (status == DB_OK && !names.count)
		status = DB_NOT_FOUND;
	if (status != DB_OK)
		return status;
	struct words name = { names.items[0].name, strlen(names.items[0].name) };
	struct words aliases = { names.count > 1 ? indexing->joined.data : NULL, indexing->joined.length };
	return index_row(indexing, search_rowid(SEARCH_AGENT, agent_id), STEM_NONE, &name, &aliases);
}

static enum db_status index_work(struct indexing *indexing, int64_t work_id)
{
	STMT_LEASE struct stmt *stmt = db_stmt(indexing->db, STMT_SEARCH_WORK);
	stmt_bind_int(stmt, ARG_SEARCH_WORK_WORK_ID, work_id);
	enum db_status status = stmt_step(stmt);
	if (status != DB_OK)
		return status;
	enum stem_language language = stem_language_of(stmt_text(stmt, COL_SEARCH_WORK_LANGUAGE, NULL));
	struct words title;
	title.bytes = stmt_text(stmt, COL_SEARCH_WORK_TITLE, &title.length);
	status = stmt_row_status(stmt);
	if (status != DB_OK || !title.bytes)
		return status;
	status = suggestion_index(indexing->db, indexing->insert, SEARCH_WORK, work_id, 0, title.bytes);
	return status == DB_OK ? index_row(indexing, search_rowid(SEARCH_WORK, work_id), language, &title,
					 &(struct words) { .bytes = NULL })
			       : status;
}

static void indexing_deinit(struct indexing *indexing)
{
	arena_deinit(&indexing->arena);
	buffer_deinit(&indexing->joined);
	buffer_deinit(&indexing->labels);
}

enum db_status search_note_new(struct db *db, enum search_kind kind, int64_t id)
{
	struct stmt *stmt = db_stmt(db, STMT_SEARCH_DUE_PUT);
	stmt_bind_int(stmt, ARG_SEARCH_DUE_PUT_KIND, kind);
	stmt_bind_int(stmt, ARG_SEARCH_DUE_PUT_ID, id);
	return stmt_run(stmt);
}

static enum db_status is_due(struct db *db, enum search_kind kind, int64_t id, bool *ret_due)
{
	STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_SEARCH_DUE_GET);
	stmt_bind_int(stmt, ARG_SEARCH_DUE_GET_KIND, kind);
	stmt_bind_int(stmt, ARG_SEARCH_DUE_GET_ID, id);
	enum db_status status = stmt_step(stmt);
	*ret_due = status == DB_OK;
	return status == DB_NOT_FOUND ? DB_OK : status;
}

/* In the order of the kinds, and so of the rowids. DB_NOT_FOUND: the store has no such thing. */
static enum db_status (*const index_thing[])(struct indexing *indexing, int64_t id) = {
	[SEARCH_QUOTE] = index_quotes_of,
	[SEARCH_REVIEW] = index_review,
	[SEARCH_AGENT] = index_agent,
	[SEARCH_WORK] = index_work,
};

enum db_status search_note_change(struct db *db, enum search_kind kind, int64_t id)
{
	bool due;
	enum db_status status = is_due(db, kind, id, &due);
	if (status != DB_OK || due)
		return status;
	struct indexing indexing = { .db = db, .insert = false };
	if (kind == SEARCH_REVIEW)
		status = index_quotes_of(&indexing, id);
	if (status == DB_OK)
		status = index_thing[kind](&indexing, id);
	indexing_deinit(&indexing);
	return status == DB_OK ? search_note_new(db, kind, id) : status;
}

static enum db_status next_due(struct db *db, enum search_kind kind, int64_t *id)
{
	/* Quotes are due with their review. */
	STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_SEARCH_DUE_NEXT);
	stmt_bind_int(stmt, ARG_SEARCH_DUE_NEXT_KIND, kind == SEARCH_QUOTE ? SEARCH_REVIEW : kind);
	stmt_bind_int(stmt, ARG_SEARCH_DUE_NEXT_AFTER, *id);
	enum db_status status = stmt_step(stmt);
	if (status == DB_OK)
		*id = stmt_int(stmt, COL_SEARCH_DUE_NEXT_ID);
	return status;
}

/* All of one kind; what was noted and has gone since is passed over. */
static enum db_status catch_up_kind(struct indexing *indexing, enum search_kind kind, bool *any)
{
	enum db_status status;
	int64_t id = 0;
	while ((status = next_due(indexing->db, kind, &id)) == DB_OK) {
		*any = true;
		arena_clear(&indexing->arena);
		status = index_thing[kind](indexing, id);
		if (status != DB_OK && status != DB_NOT_FOUND)
			break;
	}
	return status == DB_NOT_FOUND ? DB_OK : status;
}

enum db_status search_catch_up(struct db *db)
{
	struct indexing indexing = { .db = db, .insert = true };
	enum db_status status = DB_OK;
	bool any = false;
	for (enum search_kind kind = SEARCH_QUOTE; kind <= SEARCH_WORK && status == DB_OK; kind++)
		status = catch_up_kind(&indexing, kind, &any);
	indexing_deinit(&indexing);
	if (status == DB_OK && any)
		status = word_forms_put(db);
	return status == DB_OK && any ? stmt_run(db_stmt(db, STMT_SEARCH_DUE_CLEAR)) : status;
}
