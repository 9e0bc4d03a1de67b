// SPDX-License-Identifier: MIT
#include "db/repeatable.h"

#include "db/stmt.h"

enum db_status repeatable_get(
	struct db *db, const char *token, const char *key, struct arena *arena, struct repeatable *ret_repeatable)
{
	STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_REPEATABLE_GET);
	stmt_bind_text(stmt, ARG_REPEATABLE_GET_TOKEN, token);
	stmt_bind_text(stmt, ARG_REPEATABLE_GET_KEY, key);
	enum db_status status = stmt_step(stmt);
	if (status != DB_OK)
		return status;
	*ret_repeatable = (struct repeatable) {
		.token = token,
		.key = key,
		.request_sha256 = stmt_copy(stmt, COL_REPEATABLE_GET_REQUEST_SHA256, arena),
		.review_slug = stmt_copy(stmt, COL_REPEATABLE_GET_REVIEW_SLUG, arena),
		.store_revision = stmt_int(stmt, COL_REPEATABLE_GET_STORE_REVISION),
		.answer = stmt_copy(stmt, COL_REPEATABLE_GET_ANSWER, arena),
	};
	return stmt_row_status(stmt);
}

enum db_status repeatable_put(struct db *db, const struct repeatable *repeatable)
{
	enum db_status status = stmt_run(db_stmt(db, STMT_REPEATABLE_FORGET));
	if (status != DB_OK)
		return status;
	struct stmt *stmt = db_stmt(db, STMT_REPEATABLE_PUT);
	stmt_bind_text(stmt, ARG_REPEATABLE_PUT_TOKEN, repeatable->token);
	stmt_bind_text(stmt, ARG_REPEATABLE_PUT_KEY, repeatable->key);
	stmt_bind_text(stmt, ARG_REPEATABLE_PUT_REQUEST_SHA256, repeatable->request_sha256);
	stmt_bind_text(stmt, ARG_REPEATABLE_PUT_REVIEW_SLUG, repeatable->review_slug);
	stmt_bind_int(stmt, ARG_REPEATABLE_PUT_STORE_REVISION, repeatable->store_revision);
	stmt_bind_text(stmt, ARG_REPEATABLE_PUT_ANSWER, repeatable->answer);
	return stmt_run(stmt);
}
