// SPDX-License-Identifier: MIT
#include "db/indexing.h"

#include <string.h>

#include "db/log.h"
#include "db/quotes.h"
#include "db/spans.h"
#include "db/stmt.h"
#include "db/text/decimal.h"

void indexing_deinit(struct indexing *indexing)
{
	arena_deinit(&indexing->arena);
	buffer_deinit(&indexing->joined);
	buffer_deinit(&indexing->labels);
	buffer_deinit(&indexing->ranges);
}

struct words index_row_column(const struct index_row *row, int column)
{
	if (column == INDEX_LABELS)
		return row->labels;
	if (column % INDEX_TITLES != (int)row->language)
		return (struct words) { .bytes = NULL };
	if (column >= INDEX_TITLES)
		return row->title;
	return row->known.range_count ? (struct words) { SEARCH_KNOWN_WORDS, sizeof(SEARCH_KNOWN_WORDS) - 1 }
				      : row->text;
}

static enum db_status give_row(struct indexing *indexing, const struct index_row *row)
{
	return indexing->taker->row(indexing->taker->context, row);
}

/* A review as the index sees it. */
struct indexed_review {
	int64_t review_id;
	enum stem_language language;
	struct words title, text;
	bool has_quotes;
};

/* Borrowed from the statement, which the caller leases. */
static enum db_status read_review(
	struct stmt *stmt, int64_t review_id, const struct text_words *words, struct indexed_review *ret_review)
{
	stmt_bind_int(stmt, ARG_SEARCH_REVIEW_REVIEW_ID, review_id);
	stmt_bind_int(stmt, ARG_SEARCH_REVIEW_WITH_TEXT, !words);
	enum db_status status = stmt_step(stmt);
	if (status != DB_OK)
		return status;
	ret_review->review_id = review_id;
	ret_review->language = stem_language_of(stmt_text(stmt, COL_SEARCH_REVIEW_LANGUAGE, NULL));
	ret_review->has_quotes = stmt_int(stmt, COL_SEARCH_REVIEW_QUOTES) > 0;
	ret_review->title.bytes = stmt_text(stmt, COL_SEARCH_REVIEW_TITLE, &ret_review->title.length);
	if (words)
		ret_review->text = (struct words) { words->text, words->length };
	else
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

static enum db_status refuse_span(const struct indexed_review *review)
{
	log_line("store: a span of review %lld lies outside its text; run 'reviewd check'",
		(long long)review->review_id);
	return DB_CORRUPT;
}

/* The words of a quote: its spans. */
static enum db_status join_spans(
	struct indexing *indexing, const struct indexed_review *review, const struct quote_rows *quotes)
{
	const char *spans = stmt_text(quotes->stmt, COL_BUNDLE_QUOTES_SPANS, NULL);
	struct span span;
	buffer_clear(&indexing->joined);
	if (!spans)
		return DB_NO_MEMORY;
	while (spans_next(&spans, &span)) {
		if (span.byte_start > span.byte_end || span.byte_end > review->text.length)
			return refuse_span(review);
		buffer_append_string(&indexing->joined, indexing->joined.length ? QUOTE_GAP : "");
		buffer_append(&indexing->joined, review->text.bytes + span.byte_start, span.byte_end - span.byte_start);
	}
	return *spans ? refuse_span(review) : DB_OK;
}

/* The words of a quote, where those of its review are known. False: they are not, or a span cuts one. */
static bool find_known_words(struct indexing *indexing, const struct quote_rows *quotes)
{
	const char *spans = indexing->words ? stmt_text(quotes->stmt, COL_BUNDLE_QUOTES_SPANS, NULL) : NULL;
	struct span span;
	struct words_range range;
	buffer_clear(&indexing->ranges);
	while (spans && spans_next(&spans, &span)) {
		if (!text_words_range(indexing->words, span.byte_start, span.byte_end, &range.from, &range.to))
			return false;
		buffer_append(&indexing->ranges, (const char *)&range, sizeof(range));
	}
	return spans && !*spans && !indexing->ranges.failed;
}

static enum db_status read_words(struct indexing *indexing, const struct indexed_review *review,
	const struct quote_rows *quotes, struct index_row *row)
{
	if (find_known_words(indexing, quotes)) {
		row->known = (struct known_words) {
			.words = indexing->words,
			.ranges = (const struct words_range *)indexing->ranges.data,
			.range_count = indexing->ranges.length / sizeof(struct words_range),
		};
		return DB_OK;
	}
	enum db_status status = join_spans(indexing, review, quotes);
	row->text = (struct words) { indexing->joined.data, indexing->joined.length };
	return status;
}

static void add_label(struct indexing *indexing, enum search_label label, int64_t id)
{
	char written[sizeof(SEARCH_LABEL) + DECIMAL_BYTES];
	char *at = decimal_before(written + sizeof(written), (uint64_t)id);
	*--at = (char)label;
	*--at = SEARCH_LABEL[0];
	buffer_append(&indexing->labels, at, (size_t)(written + sizeof(written) - at));
}

/* The labels of a quote: what it is, its work, and its agents, which are read. */
static enum db_status join_labels(struct indexing *indexing, const struct quote_rows *quotes, struct quote_rows *agents)
{
	static const enum search_label labels[QUOTE_ROLES] = {
		[ROLE_SPEAKER] = LABEL_SPEAKER,
		[ROLE_ADDRESSEE] = LABEL_ADDRESSEE,
		[ROLE_ABOUT] = LABEL_ABOUT,
	};
	enum db_status status = DB_OK;
	buffer_clear(&indexing->labels);
	add_label(indexing, LABEL_FORM, stmt_int(quotes->stmt, COL_BUNDLE_QUOTES_FORM));
	add_label(indexing, LABEL_ATTRIBUTION, stmt_int(quotes->stmt, COL_BUNDLE_QUOTES_ATTRIBUTION));
	if (!stmt_is_null(quotes->stmt, COL_BUNDLE_QUOTES_WORK_ID))
		add_label(indexing, LABEL_WORK, stmt_int(quotes->stmt, COL_BUNDLE_QUOTES_WORK_ID));
	while (agents->quote_id == quotes->quote_id && status == DB_OK) {
		add_label(indexing, labels[stmt_int(agents->stmt, COL_BUNDLE_QUOTE_AGENTS_ROLE)],
			stmt_int(agents->stmt, COL_BUNDLE_QUOTE_AGENTS_AGENT_ID));
		status = next_row(agents);
	}
	return status;
}

static enum db_status give_quotes(struct indexing *indexing, const struct indexed_review *review,
	struct quote_rows *quotes, struct quote_rows *agents)
{
	enum db_status status = next_row(quotes);
	if (status == DB_OK)
		status = next_row(agents);
	while (status == DB_OK && quotes->quote_id != INT64_MAX) {
		struct index_row row = {
			.rowid = search_rowid(SEARCH_QUOTE, quotes->quote_id),
			.language = review->language,
		};
		status = read_words(indexing, review, quotes, &row);
		if (status == DB_OK)
			status = join_labels(indexing, quotes, agents);
		if (status == DB_OK && (indexing->joined.failed || indexing->labels.failed))
			status = DB_NO_MEMORY;
		if (status != DB_OK)
			break;
		row.labels = (struct words) { indexing->labels.data, indexing->labels.length };
		status = give_row(indexing, &row);
		if (status == DB_OK)
			status = next_row(quotes);
	}
	return status;
}

_Static_assert(COL_BUNDLE_QUOTES_QUOTE_ID == 0 && COL_BUNDLE_QUOTE_AGENTS_QUOTE_ID == 0,
	"rows of quotes begin with the quote");

static enum db_status run_quotes(struct indexing *indexing, const struct indexed_review *review)
{
	STMT_LEASE struct stmt *quotes = db_stmt(indexing->db, STMT_BUNDLE_QUOTES);
	STMT_LEASE struct stmt *agents = db_stmt(indexing->db, STMT_BUNDLE_QUOTE_AGENTS);
	stmt_bind_int(quotes, ARG_BUNDLE_QUOTES_REVIEW_ID, review->review_id);
	stmt_bind_int(agents, ARG_BUNDLE_QUOTE_AGENTS_REVIEW_ID, review->review_id);
	return give_quotes(
		indexing, review, &(struct quote_rows) { .stmt = quotes }, &(struct quote_rows) { .stmt = agents });
}

static enum db_status run_review(struct indexing *indexing, int64_t review_id)
{
	struct indexed_review review;
	STMT_LEASE struct stmt *stmt = db_stmt(indexing->db, STMT_SEARCH_REVIEW);
	enum db_status status = read_review(stmt, review_id, indexing->words, &review);
	if (status == DB_OK && review.has_quotes)
		status = run_quotes(indexing, &review);
	if (status != DB_OK)
		return status;
	struct index_row row = {
		.rowid = search_rowid(SEARCH_REVIEW, review_id),
		.language = review.language,
		.text = review.text,
		.title = review.title,
		.labels = { SEARCH_LABEL_REVIEW, sizeof(SEARCH_LABEL_REVIEW) - 1 },
	};
	const struct words_range all = { .from = 0, .to = indexing->words ? indexing->words->count : 0 };
	if (indexing->words)
		row.known = (struct known_words) { .words = indexing->words, .ranges = &all, .range_count = 1 };
	return give_row(indexing, &row);
}

/* The title is the name, the text the aliases, one a line. */
static enum db_status run_agent(struct indexing *indexing, int64_t agent_id)
{
	struct agent_names names = { .count = 0 };
	enum db_status status = agent_names(indexing->db, agent_id, &indexing->arena, &names);
	buffer_clear(&indexing->joined);
	for (size_t i = 0; i < names.count && status == DB_OK; i++) {
		if (i)
			buffer_printf(&indexing->joined, "%s%s", i > 1 ? "\n" : "", names.items[i].name);
		status = indexing->taker->name(
			indexing->taker->context, SEARCH_AGENT, agent_id, names.items[i].position, names.items[i].name);
	}
	if (status == DB_OK && indexing->joined.failed)
		status = DB_NO_MEMORY;
	if (status == DB_OK && !names.count)
		status = DB_NOT_FOUND;
	if (status != DB_OK)
		return status;
	struct index_row row = {
		.rowid = search_rowid(SEARCH_AGENT, agent_id),
		.language = STEM_NONE,
		.text = { names.count > 1 ? indexing->joined.data : NULL, indexing->joined.length },
		.title = { names.items[0].name, strlen(names.items[0].name) },
	};
	return give_row(indexing, &row);
}

/* Without a title it has no row. */
static enum db_status run_work(struct indexing *indexing, int64_t work_id)
{
	STMT_LEASE struct stmt *stmt = db_stmt(indexing->db, STMT_SEARCH_WORK);
	stmt_bind_int(stmt, ARG_SEARCH_WORK_WORK_ID, work_id);
	enum db_status status = stmt_step(stmt);
	if (status != DB_OK)
		return status;
	struct index_row row = {
		.rowid = search_rowid(SEARCH_WORK, work_id),
		.language = stem_language_of(stmt_text(stmt, COL_SEARCH_WORK_LANGUAGE, NULL)),
	};
	row.title.bytes = stmt_text(stmt, COL_SEARCH_WORK_TITLE, &row.title.length);
	status = stmt_row_status(stmt);
	if (status != DB_OK || !row.title.bytes)
		return status;
	status = indexing->taker->name(indexing->taker->context, SEARCH_WORK, work_id, 0, row.title.bytes);
	return status == DB_OK ? give_row(indexing, &row) : status;
}

enum db_status indexing_run(struct indexing *indexing, enum search_kind kind, int64_t id)
{
	arena_clear(&indexing->arena);
	switch (kind) {
	case SEARCH_AGENT:
		return run_agent(indexing, id);
	case SEARCH_WORK:
		return run_work(indexing, id);
	case SEARCH_QUOTE:
	case SEARCH_REVIEW:
		break;
	}
	return run_review(indexing, id);
}
