// SPDX-License-Identifier: MIT
#include "db/reviews.h"

#include "db/stmt.h"

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
