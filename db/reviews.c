// SPDX-License-Identifier: MIT
#include "db/reviews.h"

#include "db/stmt.h"
#include "db/store.h"

_Static_assert((int)COL_REVIEW_GET_WORK_TITLE == (int)COL_REVIEW_BY_ID_WORK_TITLE &&
		       (int)COL_REVIEW_GET_DIGEST == (int)COL_REVIEW_BY_ID_DIGEST,
	"review statements give the same columns");

static enum db_status review_read(struct stmt *stmt, struct arena *arena, struct review *ret_review)
{
	struct review review = {
		.review_id = stmt_int(stmt, COL_REVIEW_GET_REVIEW_ID),
		.slug = stmt_copy(stmt, COL_REVIEW_GET_SLUG, arena),
		.title = stmt_copy(stmt, COL_REVIEW_GET_TITLE, arena),
		.language = stmt_copy(stmt, COL_REVIEW_GET_LANGUAGE, arena),
		.reviewer = stmt_copy(stmt, COL_REVIEW_GET_REVIEWER, arena),
		.published = stmt_copy(stmt, COL_REVIEW_GET_PUBLISHED, arena),
		.source = stmt_copy(stmt, COL_REVIEW_GET_SOURCE, arena),
		.licence = stmt_copy(stmt, COL_REVIEW_GET_LICENCE, arena),
		.rating = { .given = !stmt_is_null(stmt, COL_REVIEW_GET_RATING_VALUE),
			.value = stmt_real(stmt, COL_REVIEW_GET_RATING_VALUE),
			.best = stmt_real(stmt, COL_REVIEW_GET_RATING_BEST),
			.worst = stmt_real(stmt, COL_REVIEW_GET_RATING_WORST) },
		.work = { .work_id = stmt_int(stmt, COL_REVIEW_GET_WORK_ID),
			.slug = stmt_copy(stmt, COL_REVIEW_GET_WORK_SLUG, arena),
			.title = stmt_copy(stmt, COL_REVIEW_GET_WORK_TITLE, arena) },
		.text_sha256 = stmt_copy(stmt, COL_REVIEW_GET_TEXT_SHA256, arena),
		.text_bytes = (size_t)stmt_int(stmt, COL_REVIEW_GET_TEXT_BYTES),
		.text_codepoints = (size_t)stmt_int(stmt, COL_REVIEW_GET_TEXT_CODEPOINTS),
		.digest = stmt_copy(stmt, COL_REVIEW_GET_DIGEST, arena),
		.revision = stmt_int(stmt, COL_REVIEW_GET_REVISION),
		.updated_at = stmt_copy(stmt, COL_REVIEW_GET_UPDATED_AT, arena),
	};
	enum db_status status = stmt_row_status(stmt);
	if (status == DB_OK)
		*ret_review = review;
	return status;
}

enum db_status review_get(struct db *db, const char *slug, struct arena *arena, struct review *ret_review)
{
	STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_REVIEW_GET);
	stmt_bind_text(stmt, ARG_REVIEW_GET_SLUG, slug);
	enum db_status status = stmt_step(stmt);
	return status == DB_OK ? review_read(stmt, arena, ret_review) : status;
}

enum db_status review_by_id(struct db *db, int64_t review_id, struct arena *arena, struct review *ret_review)
{
	STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_REVIEW_BY_ID);
	stmt_bind_int(stmt, ARG_REVIEW_BY_ID_REVIEW_ID, review_id);
	enum db_status status = stmt_step(stmt);
	return status == DB_OK ? review_read(stmt, arena, ret_review) : status;
}

/* The lists give ids only; each review is then read whole, so that there is one place that reads reviews. */
static enum db_status review_read_page(
	struct stmt *stmt, int id_column, size_t limit, struct arena *arena, struct review_page *page)
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
		status = review_by_id(stmt->db, stmt_int(stmt, id_column), arena, &page->items[page->count]);
		if (status != DB_OK)
			return status == DB_NOT_FOUND ? DB_CORRUPT : status;
		page->count++;
	}
	return status == DB_NOT_FOUND ? DB_OK : status;
}

enum db_status review_list(
	struct db *db, const char *after, size_t limit, struct arena *arena, struct review_page *ret_page)
{
	struct review_page page = { 0 };
	struct store_info info;
	enum db_status status = store_get(db, arena, &info);
	if (status == DB_OK) {
		page.total = info.reviews;
		STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_REVIEW_LIST);
		stmt_bind_text(stmt, ARG_REVIEW_LIST_AFTER, after);
		stmt_bind_int(stmt, ARG_REVIEW_LIST_LIMIT, (int64_t)limit + 1);
		status = review_read_page(stmt, COL_REVIEW_LIST_REVIEW_ID, limit, arena, &page);
	}
	if (status == DB_OK)
		*ret_page = page;
	return status;
}

enum db_status review_list_by_work(struct db *db, int64_t work_id, const char *after, size_t limit, struct arena *arena,
	struct review_page *ret_page)
{
	struct review_page page = { 0 };
	struct stmt *count = db_stmt(db, STMT_REVIEW_COUNT_BY_WORK);
	stmt_bind_int(count, ARG_REVIEW_COUNT_BY_WORK_WORK_ID, work_id);
	enum db_status status = stmt_count(count, &page.total);
	if (status == DB_OK) {
		STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_REVIEW_LIST_BY_WORK);
		stmt_bind_int(stmt, ARG_REVIEW_LIST_BY_WORK_WORK_ID, work_id);
		stmt_bind_text(stmt, ARG_REVIEW_LIST_BY_WORK_AFTER, after);
		stmt_bind_int(stmt, ARG_REVIEW_LIST_BY_WORK_LIMIT, (int64_t)limit + 1);
		status = review_read_page(stmt, COL_REVIEW_LIST_BY_WORK_REVIEW_ID, limit, arena, &page);
	}
	if (status == DB_OK)
		*ret_page = page;
	return status;
}

enum db_status review_list_by_agent(
	struct db *db, int64_t agent_id, int64_t after, size_t limit, struct arena *arena, struct review_page *ret_page)
{
	struct review_page page = { 0 };
	struct stmt *count = db_stmt(db, STMT_REVIEW_COUNT_BY_AGENT);
	stmt_bind_int(count, ARG_REVIEW_COUNT_BY_AGENT_AGENT_ID, agent_id);
	enum db_status status = stmt_count(count, &page.total);
	if (status == DB_OK) {
		STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_REVIEW_LIST_BY_AGENT);
		stmt_bind_int(stmt, ARG_REVIEW_LIST_BY_AGENT_AGENT_ID, agent_id);
		stmt_bind_int(stmt, ARG_REVIEW_LIST_BY_AGENT_AFTER, after);
		stmt_bind_int(stmt, ARG_REVIEW_LIST_BY_AGENT_LIMIT, (int64_t)limit + 1);
		status = review_read_page(stmt, COL_REVIEW_LIST_BY_AGENT_REVIEW_ID, limit, arena, &page);
	}
	if (status == DB_OK)
		*ret_page = page;
	return status;
}

enum db_status review_list_by_words(struct db *db, const struct search_query *words, const char *after, size_t limit,
	struct arena *arena, struct review_page *ret_page)
{
	struct review_page page = { 0 };
	*ret_page = page;
	if (!words->match)
		return DB_OK;
	const char *match = search_match_reviews(words, arena);
	if (!match)
		return DB_NO_MEMORY;
	struct stmt *count = db_stmt(db, STMT_REVIEW_COUNT_BY_WORDS);
	stmt_bind_text(count, ARG_REVIEW_COUNT_BY_WORDS_MATCH, match);
	enum db_status status = stmt_count(count, &page.total);
	if (status == DB_OK) {
		STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_REVIEW_LIST_BY_WORDS);
		stmt_bind_text(stmt, ARG_REVIEW_LIST_BY_WORDS_MATCH, match);
		stmt_bind_text(stmt, ARG_REVIEW_LIST_BY_WORDS_AFTER, after);
		stmt_bind_int(stmt, ARG_REVIEW_LIST_BY_WORDS_LIMIT, (int64_t)limit + 1);
		status = review_read_page(stmt, COL_REVIEW_LIST_BY_WORDS_REVIEW_ID, limit, arena, &page);
	}
	if (status == DB_OK)
		*ret_page = page;
	return status;
}

enum db_status review_list_by_work_and_words(struct db *db, int64_t work_id, const struct search_query *words,
	const char *after, size_t limit, struct arena *arena, struct review_page *ret_page)
{
	struct review_page page = { 0 };
	*ret_page = page;
	if (!words->match)
		return DB_OK;
	const char *match = search_match_reviews(words, arena);
	if (!match)
		return DB_NO_MEMORY;
	struct stmt *count = db_stmt(db, STMT_REVIEW_COUNT_BY_WORK_AND_WORDS);
	stmt_bind_text(count, ARG_REVIEW_COUNT_BY_WORK_AND_WORDS_MATCH, match);
	stmt_bind_int(count, ARG_REVIEW_COUNT_BY_WORK_AND_WORDS_WORK_ID, work_id);
	enum db_status status = stmt_count(count, &page.total);
	if (status == DB_OK) {
		STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_REVIEW_LIST_BY_WORK_AND_WORDS);
		stmt_bind_text(stmt, ARG_REVIEW_LIST_BY_WORK_AND_WORDS_MATCH, match);
		stmt_bind_int(stmt, ARG_REVIEW_LIST_BY_WORK_AND_WORDS_WORK_ID, work_id);
		stmt_bind_text(stmt, ARG_REVIEW_LIST_BY_WORK_AND_WORDS_AFTER, after);
		stmt_bind_int(stmt, ARG_REVIEW_LIST_BY_WORK_AND_WORDS_LIMIT, (int64_t)limit + 1);
		status = review_read_page(stmt, COL_REVIEW_LIST_BY_WORK_AND_WORDS_REVIEW_ID, limit, arena, &page);
	}
	if (status == DB_OK)
		*ret_page = page;
	return status;
}

enum db_status review_list_by_agent_and_words(struct db *db, int64_t agent_id, const struct search_query *words,
	int64_t after, size_t limit, struct arena *arena, struct review_page *ret_page)
{
	struct review_page page = { 0 };
	*ret_page = page;
	if (!words->match)
		return DB_OK;
	const char *match = search_match_reviews(words, arena);
	if (!match)
		return DB_NO_MEMORY;
	struct stmt *count = db_stmt(db, STMT_REVIEW_COUNT_BY_AGENT_AND_WORDS);
	stmt_bind_text(count, ARG_REVIEW_COUNT_BY_AGENT_AND_WORDS_MATCH, match);
	stmt_bind_int(count, ARG_REVIEW_COUNT_BY_AGENT_AND_WORDS_AGENT_ID, agent_id);
	enum db_status status = stmt_count(count, &page.total);
	if (status == DB_OK) {
		STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_REVIEW_LIST_BY_AGENT_AND_WORDS);
		stmt_bind_text(stmt, ARG_REVIEW_LIST_BY_AGENT_AND_WORDS_MATCH, match);
		stmt_bind_int(stmt, ARG_REVIEW_LIST_BY_AGENT_AND_WORDS_AGENT_ID, agent_id);
		stmt_bind_int(stmt, ARG_REVIEW_LIST_BY_AGENT_AND_WORDS_AFTER, after);
		stmt_bind_int(stmt, ARG_REVIEW_LIST_BY_AGENT_AND_WORDS_LIMIT, (int64_t)limit + 1);
		status = review_read_page(stmt, COL_REVIEW_LIST_BY_AGENT_AND_WORDS_REVIEW_ID, limit, arena, &page);
	}
	if (status == DB_OK)
		*ret_page = page;
	return status;
}

enum db_status review_text_get(
	struct db *db, int64_t review_id, struct arena *arena, const char **ret_text, size_t *ret_bytes)
{
	STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_REVIEW_TEXT_GET);
	stmt_bind_int(stmt, ARG_REVIEW_TEXT_GET_REVIEW_ID, review_id);
	enum db_status status = stmt_step(stmt);
	if (status != DB_OK)
		return status;
	size_t bytes = 0;
	const char *text = stmt_text(stmt, COL_REVIEW_TEXT_GET_TEXT, &bytes);
	const char *copy = text ? arena_strndup(arena, text, bytes) : NULL;
	if (!copy)
		return DB_NO_MEMORY;
	*ret_text = copy;
	*ret_bytes = bytes;
	return DB_OK;
}
