// SPDX-License-Identifier: MIT
#include "db/review_delete.h"

#include "db/putting.h"
#include "db/reviews.h"
#include "db/stmt.h"

static enum db_status delete_rows(struct putting *put, int64_t review_id)
{
	static const enum statement_id deletes[] = {
		STMT_REVIEW_TEXT_DELETE,
		STMT_REVIEW_PLACE_DELETE,
		STMT_REVIEW_DELETE,
	};
	enum { ARG_REVIEW_ID = 1 };
	enum db_status status = put_review_clear(put, review_id);
	for (size_t i = 0; i < sizeof(deletes) / sizeof(deletes[0]) && status == DB_OK; i++) {
		struct stmt *stmt = db_stmt(put->db, deletes[i]);
		stmt_bind_int(stmt, ARG_REVIEW_ID, review_id);
		status = stmt_run(stmt);
	}
	return status;
}

enum db_status review_delete(struct db *db, const char *slug, struct arena *arena, int64_t *ret_revision)
{
	struct review review;
	struct putting put = { .db = db, .arena = arena };
	enum db_status status = review_get(db, slug, arena, &review);
	if (status == DB_OK)
		status = put_begin(&put);
	put.store.reviews--;
	if (status == DB_OK)
		status = delete_rows(&put, review.review_id);
	if (status == DB_OK)
		status = put_deletion(&put, NOUN_REVIEW, slug);
	if (status == DB_OK)
		store_set(db, &put.store);
	*ret_revision = put.store.revision;
	return status;
}
