// SPDX-License-Identifier: MIT
/* Reads and writes as wholes: how they begin and end. */
#include <stdlib.h>

#include "db/connection.h"
#include "db/log.h"
#include "db/search_index.h"
#include "db/stmt.h"
#include "db/word_forms.h"

/* Indexed in one go: few enough for memory, enough for a commit to cost little beside them. */
enum { CATCH_UP_REVIEWS = 64 };

/* What SQLite calls WALINDEX_PGSZ, and struct WalIndexHdr without its copy (sqlite.org/walformat.html, section 2.1). */
enum { WAL_INDEX_BYTES = 32768, WAL_HEADER_WORDS = 6 };

/*
 * A commit is one change of the header of the WAL index, in memory that all processes share, and is seen by reads from
 * then on. To look there costs some nanoseconds; PRAGMA data_version, which does the same, 2.5 microseconds.
 */
void db_watch_commits(struct db *db)
{
	sqlite3_file *file = NULL, *log = NULL;
	void volatile *index = NULL;
	if (db->is_immutable ||
		sqlite3_file_control(db->handle, "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK ||
		sqlite3_file_control(db->handle, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log) != SQLITE_OK)
		return;
	/* Without a log, of which a store of ours is never, there is no index either. */
	if (!file->pMethods || file->pMethods->iVersion < 2 || !log || !log->pMethods)
		return;
	if (file->pMethods->xShmMap(file, 0, WAL_INDEX_BYTES, 0, &index) == SQLITE_OK)
		db->wal_index = index;
}

uint64_t db_generation(const struct db *db)
{
	uint64_t generation = 0xcbf29ce484222325u;
	if (!db->wal_index)
		return db->is_immutable;
	/* What is seen half-written is neither what was before nor what comes after: it has a checksum of its own. */
	for (int i = 0; i < WAL_HEADER_WORDS; i++) {
		generation = (generation ^ __atomic_load_n(&db->wal_index[i], __ATOMIC_ACQUIRE)) * 0x9e3779b97f4a7c15u;
		generation ^= generation >> 32;
	}
	return generation | 1;
}

static void forget_snapshot(struct db *db)
{
	db->snapshot.store.uuid = NULL;
	db->snapshot.is_changed = db->snapshot.is_raised = false;
}

/* What could not be ended before, for want of memory, is ended first. */
static enum db_status db_begin(struct db *db, enum statement_id begin)
{
	db_rollback(db);
	forget_snapshot(db);
	return sqlite3_get_autocommit(db->handle) ? stmt_run(db_stmt(db, begin)) : DB_NO_MEMORY;
}

enum db_status db_begin_read(struct db *db, unsigned timeout_ms)
{
	/* Before the snapshot: one that is newer is only given up early. */
	uint64_t generation = db_generation(db);
	/* It may have been opened while the store got its first bundles, and had no log. */
	if (!generation && db->mode == DB_READ)
		db_watch_commits(db);
	db_set_timeout(db, timeout_ms);
	if (db->lingers && generation == db->generation && !sqlite3_get_autocommit(db->handle)) {
		db->lingers = false;
		db->in_read = true;
		return DB_OK;
	}
	db_let_go(db);
	enum db_status status = db_begin(db, STMT_BEGIN_READ);
	db->generation = db->may_linger ? generation : 0;
	db->in_read = status == DB_OK;
	return status;
}

void db_end_read(struct db *db)
{
	if (!db->in_read)
		return;
	db->in_read = false;
	db->deadline_ns = 0;
	db->lingers = true;
	if (!db->generation)
		db_let_go(db);
}

void db_linger(struct db *db)
{
	db->may_linger = true;
}

void db_let_go(struct db *db)
{
	if (!db->lingers)
		return;
	db->lingers = false;
	/* An open blob holds the snapshot just as a running statement does. */
	sqlite3_blob_close(db->text_blob);
	db->text_blob = NULL;
	free(db->pairs.before);
	db->pairs.before = NULL;
	/* A fault such as a lack of memory has ended it already. */
	if (!sqlite3_get_autocommit(db->handle) && stmt_run(db_stmt(db, STMT_COMMIT)) != DB_OK)
		log_line("store: a read could not be ended");
}

/* What the index remembers wrongly would be written with the next commit. */
static enum db_status db_clear_doubt(struct db *db)
{
	enum db_status status = db_begin(db, STMT_BEGIN_WRITE);
	if (status == DB_OK)
		status = stmt_run(db_stmt(db, STMT_SEARCH_FORGET));
	if (status == DB_OK)
		status = stmt_run(db_stmt(db, STMT_ROLLBACK));
	db->index_in_doubt = status != DB_OK;
	return status;
}

enum db_status db_begin_write(struct db *db)
{
	enum db_status status = db->index_in_doubt ? db_clear_doubt(db) : DB_OK;
	if (status == DB_OK)
		status = db_begin(db, STMT_BEGIN_WRITE);
	db->in_write = status == DB_OK;
	return status;
}

static enum db_status write_gathered(struct db *db)
{
	enum db_status status = quote_lengths_put(db);
	return status == DB_OK ? store_write(db) : status;
}

static enum db_status commit(struct db *db, int64_t reviews, bool *ret_indexed)
{
	*ret_indexed = false;
	enum db_status status = write_gathered(db);
	if (status == DB_OK)
		status = db->index_later ? search_put_off(db) : search_catch_up(db, reviews, ret_indexed);
	/* What was left for later is found from now on, so that answers differ from those of before. */
	if (status == DB_OK && *ret_indexed)
		status = store_raise(db);
	if (status == DB_OK)
		status = stmt_run(db_stmt(db, STMT_COMMIT));
	db->in_write &= status != DB_OK;
	if (status == DB_OK)
		db_take_up_log(db);
	return status;
}

enum db_status db_commit(struct db *db)
{
	bool indexed;
	return commit(db, INT64_MAX, &indexed);
}

void db_rollback(struct db *db)
{
	quote_lengths_forget(db);
	/*
	 * Some faults have rolled back already: a full disk, an I/O error, no memory. FTS5 (as of SQLite 3.40) was told
	 * so while it was reading how much it holds, took what it had not read for the truth, and is not told again.
	 */
	db->index_in_doubt |= db->in_write && sqlite3_get_autocommit(db->handle);
	if (db->in_write) {
		search_rolled_back(db);
		word_forms_forget(db);
	}
	db->in_write = false;
	if (!sqlite3_get_autocommit(db->handle) && stmt_run(db_stmt(db, STMT_ROLLBACK)) != DB_OK &&
		!sqlite3_get_autocommit(db->handle))
		log_line("store: a write could not be rolled back");
}

void db_index_later(struct db *db)
{
	db->index_later = true;
}

enum db_status db_catch_up(struct db *db)
{
	enum db_status status;
	bool indexed = false;
	do {
		status = db_begin_write(db);
		if (status == DB_OK)
			status = commit(db, CATCH_UP_REVIEWS, &indexed);
	} while (status == DB_OK && indexed);
	if (status != DB_OK)
		db_rollback(db);
	return status;
}

enum db_status db_savepoint(struct db *db)
{
	/* What is in memory alone could not be taken back. */
	enum db_status status = write_gathered(db);
	db->snapshot.was_raised = db->snapshot.is_raised;
	if (status == DB_OK)
		status = search_put_off(db);
	return status == DB_OK ? stmt_run(db_stmt(db, STMT_SAVEPOINT_BEGIN)) : status;
}

enum db_status db_savepoint_release(struct db *db)
{
	return stmt_run(db_stmt(db, STMT_SAVEPOINT_RELEASE));
}

void db_savepoint_rollback(struct db *db)
{
	quote_lengths_forget(db);
	if (sqlite3_get_autocommit(db->handle))
		return;
	forget_snapshot(db);
	db->snapshot.is_raised = db->snapshot.was_raised;
	search_rolled_back(db);
	if (stmt_run(db_stmt(db, STMT_SAVEPOINT_ROLLBACK)) != DB_OK || db_savepoint_release(db) != DB_OK)
		log_line("store: a part of a write could not be rolled back");
}

int64_t db_changes(const struct db *db)
{
	return sqlite3_total_changes64(db->handle);
}
