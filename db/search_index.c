// SPDX-License-Identifier: MIT
#include "db/search_index.h"

#include <string.h>

#include "db/connection.h"
#include "db/indexing.h"
#include "db/suggestions.h"
#include "db/word_forms.h"

_Static_assert((int)ARG_SEARCH_INSERT_LABELS == (int)ARG_SEARCH_INSERT_ID + INDEX_COLUMNS &&
		       (int)ARG_SEARCH_DELETE_LABELS == (int)ARG_SEARCH_INSERT_LABELS &&
		       (int)ARG_SEARCH_DELETE_ID == (int)ARG_SEARCH_INSERT_ID,
	"what is taken out is bound as what was put in");

static enum db_status run_row(struct db *db, enum statement_id id, const struct index_row *row)
{
	struct stmt *stmt = db_stmt(db, id);
	stmt_bind_int(stmt, ARG_SEARCH_INSERT_ID, row->rowid);
	for (int i = 0; i < INDEX_COLUMNS; i++) {
		struct words words = index_row_column(row, i);
		if (words.bytes)
			stmt_bind_text_n(stmt, ARG_SEARCH_INSERT_ID + 1 + i, words.bytes, words.length);
		else
			stmt_bind_null(stmt, ARG_SEARCH_INSERT_ID + 1 + i);
	}
	return stmt_run(stmt);
}

static enum db_status note_known_words(struct db *db, enum stem_language language, const struct text_words *words)
{
	const char *end = words->distinct + words->distinct_bytes;
	for (const char *word = words->distinct; word < end;) {
		size_t length = strlen(word);
		if (!word_forms_note(db, language, word, length))
			return DB_NO_MEMORY;
		word += length + 1;
	}
	return DB_OK;
}

/* The words of a quote are words of its review, which are noted while FTS5 has them read, if they are not known. */
static enum db_status insert_row(void *context, const struct index_row *row)
{
	struct db *db = context;
	enum db_status status = DB_OK;
	if (search_rowid_kind(row->rowid) != SEARCH_QUOTE && row->language != STEM_NONE) {
		db->noted_language = row->language;
		if (row->known.range_count)
			status = note_known_words(db, row->language, row->known.words);
	}
	db->known_words = &row->known;
	if (status == DB_OK)
		status = run_row(db, STMT_SEARCH_INSERT, row);
	db->known_words = NULL;
	db->noted_language = STEM_NONE;
	return status;
}

static enum db_status delete_row(void *context, const struct index_row *row)
{
	return run_row(context, STMT_SEARCH_DELETE, row);
}

static enum db_status insert_name(void *context, enum search_kind kind, int64_t id, int64_t position, const char *name)
{
	return suggestion_index(context, true, kind, id, position, name);
}

static enum db_status delete_name(void *context, enum search_kind kind, int64_t id, int64_t position, const char *name)
{
	return suggestion_index(context, false, kind, id, position, name);
}

enum db_status search_put_off(struct db *db)
{
	enum db_status status = DB_OK;
	for (; db->due_count && status == DB_OK; db->due_count--) {
		int64_t rowid = db->due[db->due_count - 1];
		struct stmt *stmt = db_stmt(db, STMT_SEARCH_DUE_PUT);
		stmt_bind_int(stmt, ARG_SEARCH_DUE_PUT_KIND, search_rowid_kind(rowid));
		stmt_bind_int(stmt, ARG_SEARCH_DUE_PUT_ID, search_rowid_id(rowid));
		status = stmt_run(stmt);
		db->due_table_empty = false;
	}
	return status;
}

enum db_status search_note_new(struct db *db, enum search_kind kind, int64_t id)
{
	enum db_status status = db->due_count == DUE_MAX ? search_put_off(db) : DB_OK;
	if (status == DB_OK)
		db->due[db->due_count++] = search_rowid(kind, id);
	return status;
}

static enum db_status is_due(struct db *db, enum search_kind kind, int64_t id, bool *ret_due)
{
	*ret_due = false;
	for (size_t i = 0; i < db->due_count && !*ret_due; i++)
		*ret_due = db->due[i] == search_rowid(kind, id);
	if (*ret_due || db->due_table_empty)
		return DB_OK;
	STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_SEARCH_DUE_GET);
	stmt_bind_int(stmt, ARG_SEARCH_DUE_GET_KIND, kind);
	stmt_bind_int(stmt, ARG_SEARCH_DUE_GET_ID, id);
	enum db_status status = stmt_step(stmt);
	*ret_due = status == DB_OK;
	return status == DB_NOT_FOUND ? DB_OK : status;
}

enum db_status search_note_change(struct db *db, enum search_kind kind, int64_t id)
{
	bool due;
	enum db_status status = is_due(db, kind, id, &due);
	if (status != DB_OK || due)
		return status;
	const struct index_taker deleter = { delete_row, delete_name, db };
	struct indexing indexing = { .db = db, .taker = &deleter };
	status = indexing_run(&indexing, kind, id);
	indexing_deinit(&indexing);
	db->index_thinned = true;
	return status == DB_OK ? search_note_new(db, kind, id) : status;
}

enum db_status search_index_new(struct db *db, int64_t review_id, const struct text_words *words)
{
	int64_t rowid = search_rowid(SEARCH_REVIEW, review_id);
	size_t at = 0;
	while (at < db->due_count && db->due[at] != rowid)
		at++;
	if (db->index_thinned || at == db->due_count)
		return DB_OK;
	db->due[at] = db->due[--db->due_count];
	const struct index_taker inserter = { insert_row, insert_name, db };
	struct indexing indexing = { .db = db, .taker = &inserter, .words = words };
	enum db_status status = indexing_run(&indexing, SEARCH_REVIEW, review_id);
	indexing_deinit(&indexing);
	return status;
}

void search_rolled_back(struct db *db)
{
	db->due_count = 0;
	db->due_table_empty = false;
	db->index_thinned = false;
}

/* INT64_MAX: there is none. */
static int64_t next_noted(const struct db *db, enum search_kind kind, int64_t after)
{
	int64_t next = INT64_MAX;
	for (size_t i = 0; i < db->due_count; i++) {
		int64_t id = search_rowid_id(db->due[i]);
		if (search_rowid_kind(db->due[i]) == kind && id > after && id < next)
			next = id;
	}
	return next;
}

static enum db_status next_stored(struct db *db, enum search_kind kind, int64_t after, int64_t *ret_id)
{
	*ret_id = INT64_MAX;
	if (db->due_table_empty)
		return DB_OK;
	STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_SEARCH_DUE_NEXT);
	stmt_bind_int(stmt, ARG_SEARCH_DUE_NEXT_KIND, kind);
	stmt_bind_int(stmt, ARG_SEARCH_DUE_NEXT_AFTER, after);
	enum db_status status = stmt_step(stmt);
	if (status == DB_OK)
		*ret_id = stmt_int(stmt, COL_SEARCH_DUE_NEXT_ID);
	return status == DB_NOT_FOUND ? DB_OK : status;
}

static enum db_status next_due(struct db *db, enum search_kind kind, int64_t *id)
{
	int64_t noted = next_noted(db, kind, *id), stored;
	enum db_status status = next_stored(db, kind, *id, &stored);
	if (status != DB_OK)
		return status;
	*id = noted < stored ? noted : stored;
	return *id < INT64_MAX ? DB_OK : DB_NOT_FOUND;
}

/* Up to `limit` of one kind; what was noted and has gone since is passed over. */
static enum db_status catch_up_kind(
	struct indexing *indexing, enum search_kind kind, int64_t limit, bool *any, int64_t *ret_last)
{
	enum db_status status = DB_NOT_FOUND;
	int64_t id = 0;
	for (; limit > 0 && (status = next_due(indexing->db, kind, &id)) == DB_OK; limit--) {
		*any = true;
		*ret_last = id;
		status = indexing_run(indexing, kind, id);
		if (status != DB_OK && status != DB_NOT_FOUND)
			break;
	}
	return status == DB_NOT_FOUND ? DB_OK : status;
}

static enum db_status clear_due(struct db *db, enum search_kind kind, int64_t last)
{
	struct stmt *stmt = db_stmt(db, STMT_SEARCH_DUE_CLEAR);
	stmt_bind_int(stmt, ARG_SEARCH_DUE_CLEAR_KIND, kind);
	stmt_bind_int(stmt, ARG_SEARCH_DUE_CLEAR_LAST, last);
	return stmt_run(stmt);
}

/* In the order of the kinds, and so of the rowids. */
enum db_status search_catch_up(struct db *db, int64_t reviews, bool *ret_any)
{
	int64_t last[SEARCH_KINDS] = { 0 };
	const struct index_taker inserter = { insert_row, insert_name, db };
	struct indexing indexing = { .db = db, .taker = &inserter };
	/* What a limit leaves out is not forgotten. */
	enum db_status status = reviews < INT64_MAX ? search_put_off(db) : DB_OK;
	bool any = false;
	for (enum search_kind kind = SEARCH_REVIEW; kind <= SEARCH_WORK && status == DB_OK; kind++)
		status = catch_up_kind(&indexing, kind, kind == SEARCH_REVIEW ? reviews : INT64_MAX, &any, &last[kind]);
	indexing_deinit(&indexing);
	if (status == DB_OK)
		status = word_forms_put(db);
	for (enum search_kind kind = SEARCH_REVIEW; kind <= SEARCH_WORK && status == DB_OK; kind++)
		status = last[kind] && !db->due_table_empty ? clear_due(db, kind, last[kind]) : DB_OK;
	db->due_count = 0;
	db->index_thinned = false;
	db->due_table_empty |= status == DB_OK && reviews == INT64_MAX;
	*ret_any = any;
	return status;
}
