// SPDX-License-Identifier: MIT
/* What a connection is told of itself, of its journal and of what it may do. */
#include <stdio.h>
#include <string.h>

#include "db/bundle.h"
#include "db/connection.h"
#include "db/fts.h"
#include "db/functions.h"
#include "db/log.h"
#include "db/rows.h"

/* The defaults of Debian's build trust the file and its schema; a store may come from anywhere. */
static void db_harden(sqlite3 *handle)
{
	static const struct {
		int option, value;
	} settings[] = {
		{ SQLITE_DBCONFIG_DEFENSIVE, 1 },
		{ SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
		{ SQLITE_DBCONFIG_DQS_DML, 0 },
		{ SQLITE_DBCONFIG_DQS_DDL, 0 },
		{ SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0 },
		{ SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0 },
		{ SQLITE_DBCONFIG_ENABLE_TRIGGER, 0 },
		{ SQLITE_DBCONFIG_ENABLE_VIEW, 0 },
		{ SQLITE_DBCONFIG_ENABLE_FKEY, 1 },
	};
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
		sqlite3_db_config(handle, settings[i].option, settings[i].value, NULL);

	static const struct {
		int id, value;
	} limits[] = {
		/* A row is a text and little else, or far smaller. */
		{ SQLITE_LIMIT_LENGTH, BUNDLE_TEXT_BYTES_MAX + 1024 * 1024 },
		{ SQLITE_LIMIT_SQL_LENGTH, 64 * 1024 },
		/* A list of quotes with all ten conditions needs 23, and each further one adds one. */
		{ SQLITE_LIMIT_EXPR_DEPTH, 40 },
		{ SQLITE_LIMIT_COMPOUND_SELECT, 5 },
		{ SQLITE_LIMIT_VDBE_OP, 25000 },
		{ SQLITE_LIMIT_FUNCTION_ARG, 8 },
		{ SQLITE_LIMIT_ATTACHED, 0 },
		{ SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 64 },
		{ SQLITE_LIMIT_VARIABLE_NUMBER, 64 },
		{ SQLITE_LIMIT_TRIGGER_DEPTH, 10 },
		{ SQLITE_LIMIT_WORKER_THREADS, 0 },
	};
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
		sqlite3_limit(handle, limits[i].id, limits[i].value);
}

/* What a statement may do, asked when it is prepared: the last line should SQL ever be assembled wrongly. */
static int db_authorize(
	void *context, int action, const char *first, const char *second, const char *schema, const char *trigger)
{
	(void)schema;
	(void)trigger;
	const struct db *db = context;
	switch (action) {
	case SQLITE_SELECT:
	case SQLITE_READ:
	case SQLITE_RECURSIVE:
	case SQLITE_TRANSACTION:
		return SQLITE_OK;
	case SQLITE_FUNCTION:
		if (second && (!strcmp(second, "fts3_tokenizer") || !strcmp(second, "load_extension")))
			return SQLITE_DENY;
		return SQLITE_OK;
	case SQLITE_PRAGMA:
		/* FTS5 asks for data_version, whether others have written. */
		if (first && (!strcmp(first, "quick_check") || !strcmp(first, "integrity_check") ||
				     !strcmp(first, "foreign_key_check") || !strcmp(first, "data_version") ||
				     !strcmp(first, "page_count") || !strcmp(first, "cache_size")))
			return SQLITE_OK;
		return db->without_log ? SQLITE_OK : SQLITE_DENY;
	case SQLITE_UPDATE:
		/* So SQLite asks when a virtual table such as json_each declares its columns; nothing is written. */
		if (first && !strcmp(first, "sqlite_master"))
			return SQLITE_OK;
		return db->mode == DB_WRITE ? SQLITE_OK : SQLITE_DENY;
	case SQLITE_INSERT:
	case SQLITE_DELETE:
	case SQLITE_SAVEPOINT:
		return db->mode == DB_WRITE ? SQLITE_OK : SQLITE_DENY;
	default:
		return SQLITE_DENY;
	}
}

void db_restrict(struct db *db)
{
	sqlite3_set_authorizer(db->handle, db_authorize, db);
}

static int db_progress(void *context)
{
	return db_is_late(context);
}

static int db_exec(struct db *db, const char *sql)
{
	return sqlite3_exec(db->handle, sql, NULL, NULL, NULL);
}

int db_configure(struct db *db)
{
	db_harden(db->handle);
	sqlite3_extended_result_codes(db->handle, 1);
	sqlite3_busy_timeout(db->handle, BUSY_TIMEOUT_MS);
	sqlite3_progress_handler(db->handle, 1000, db_progress, db);
	int code = functions_add(db->handle);
	if (code == SQLITE_OK)
		code = db_exec(db, "PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0; PRAGMA foreign_keys = ON;");
	if (code == SQLITE_OK)
		code = rows_register(db->handle);
	if (code == SQLITE_OK && db->mode == DB_READ) {
		sqlite3_db_config(db->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
		code = db_exec(db, "PRAGMA query_only = ON;");
	} else if (code == SQLITE_OK) {
		/* What a savepoint may take back stays in memory: it is little, and a file for it costs more than the
		 * write. */
		code = db_exec(db, "PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864;"
				   "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384;");
	}
	return code == SQLITE_OK ? fts_register(db) : code;
}

/* It is written into the file, and so not before the file is known to be a store, and up to date. */
enum db_status db_use_wal(struct db *db, struct db_error *ret_error)
{
	int code = db_exec(db, "PRAGMA journal_mode = WAL;");
	return code == SQLITE_OK ? DB_OK : db_refuse(db, code, ret_error);
}

/* That the rollback journal is gone is the commit, and has to be on the disk, which FULL leaves open. With a log EXTRA
 * is the same as FULL. */
enum db_status db_go_without_log(struct db *db, struct db_error *ret_error)
{
	int code = db_exec(db, "PRAGMA synchronous = EXTRA;");
	db->without_log = true;
	return code == SQLITE_OK ? DB_OK : db_refuse(db, code, ret_error);
}

void db_take_up_log(struct db *db)
{
	struct db_error error;
	if (db->without_log && sqlite3_get_autocommit(db->handle))
		db->without_log = db_use_wal(db, &error) != DB_OK;
}

void db_keep_pages(struct db *db, size_t bytes)
{
	char sql[64];
	snprintf(sql, sizeof(sql), "PRAGMA cache_size = -%zu;", bytes / 1024);
	if (db_exec(db, sql) != SQLITE_OK)
		log_line("store: it goes on with as much memory for pages as is usual");
}

void db_trust_references(struct db *db)
{
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_ENABLE_FKEY, 0, NULL);
}
