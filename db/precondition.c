// SPDX-License-Identifier: MIT
#include "db/precondition.h"

#include "db/stmt.h"

/* *ret_revision: of the last change; 0 when there never was one. */
static enum db_status get_change(
	struct db *db, enum noun noun, const char *slug, int64_t *ret_revision, bool *ret_deleted)
{
	STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_CHANGE_GET);
	stmt_bind_int(stmt, ARG_CHANGE_GET_NOUN, noun);
	stmt_bind_text(stmt, ARG_CHANGE_GET_SLUG, slug);
	enum db_status status = stmt_step(stmt);
	*ret_revision = status == DB_OK ? stmt_int(stmt, COL_CHANGE_GET_REVISION) : 0;
	*ret_deleted = status == DB_OK && stmt_int(stmt, COL_CHANGE_GET_DELETED);
	return status == DB_NOT_FOUND ? DB_OK : status;
}

static enum db_status get_change_around(struct db *db, const char *review_slug, int64_t *revision)
{
	STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_CHANGE_GET_AROUND_REVIEW);
	stmt_bind_text(stmt, ARG_CHANGE_GET_AROUND_REVIEW_SLUG, review_slug);
	enum db_status status = stmt_step(stmt);
	int64_t around = status == DB_OK ? stmt_int(stmt, COL_CHANGE_GET_AROUND_REVIEW_REVISION) : 0;
	if (around > *revision)
		*revision = around;
	return status;
}

enum db_status precondition_check(struct db *db, enum noun noun, const char *slug,
	const struct precondition *precondition, enum precondition_outcome *ret_outcome)
{
	int64_t revision;
	bool deleted;
	enum db_status status = get_change(db, noun, slug, &revision, &deleted);
	if (status != DB_OK)
		return status;
	*ret_outcome = PRECONDITION_HOLDS;
	if (deleted)
		*ret_outcome = PRECONDITION_DELETED;
	else if (precondition->kind == PRECONDITION_ABSENT)
		*ret_outcome = revision ? PRECONDITION_EXISTS : PRECONDITION_HOLDS;
	else if (!revision)
		*ret_outcome = PRECONDITION_MISSING;
	if (*ret_outcome != PRECONDITION_HOLDS || precondition->kind != PRECONDITION_UNCHANGED)
		return DB_OK;
	if (noun == NOUN_REVIEW)
		status = get_change_around(db, slug, &revision);
	if (revision > precondition->since)
		*ret_outcome = PRECONDITION_CHANGED;
	return status;
}
