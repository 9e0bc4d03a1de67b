// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "db/connection.h"
#include "db/search_index.h"
#include "db/stmt.h"

/* The first of these is the first look into the file: what is no database fails here. */
static int db_pragma_int(struct db *db, const char *pragma, int *ret_value)
{
	sqlite3_stmt *stmt = NULL;
	int code = sqlite3_prepare_v2(db->handle, pragma, -1, &stmt, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_step(stmt);
	if (code == SQLITE_ROW)
		*ret_value = sqlite3_column_int(stmt, 0);
	sqlite3_finalize(stmt);
	return code == SQLITE_ROW ? SQLITE_OK : code;
}

static int db_apply(struct db *db, int from)
{
	char mark[80];
	snprintf(mark, sizeof(mark), "PRAGMA application_id = %d; PRAGMA user_version = %d;", APPLICATION_ID,
		SCHEMA_VERSION);
	int code = SQLITE_OK, version = from;
	if (from == 0) {
		code = sqlite3_exec(db->handle, schema_new, NULL, NULL, NULL);
		version = SCHEMA_VERSION;
	}
	for (; version < SCHEMA_VERSION && code == SQLITE_OK; version++)
		code = sqlite3_exec(db->handle, schema_migrations[version], NULL, NULL, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_exec(db->handle, mark, NULL, NULL, NULL);
	if (code == SQLITE_OK && from == 0)
		code = sqlite3_exec(db->handle, schema_statements[STMT_STORE_CREATE].sql, NULL, NULL, NULL);
	return code;
}

/* What the steps of the schema leave to the program: keys, and the index of words. */
static enum db_status db_fill(struct db *db, int from, struct db_error *ret_error)
{
	bool any;
	enum db_status status = db_prepare_all(db, ret_error);
	if (status != DB_OK)
		return status;
	if (from)
		status = stmt_run(db_stmt(db, STMT_AGENT_NAMES_REKEY));
	if (status == DB_OK)
		status = search_catch_up(db, INT64_MAX, &any);
	if (status != DB_OK)
		db_refuse(db, sqlite3_errcode(db->handle), ret_error);
	return status;
}

/* All steps in one transaction: a store is of the old version or of the new one, never between. */
static enum db_status db_upgrade(struct db *db, int from, struct db_error *ret_error)
{
	int code = sqlite3_exec(db->handle, schema_statements[STMT_BEGIN_WRITE].sql, NULL, NULL, NULL);
	if (code == SQLITE_OK)
		code = db_apply(db, from);
	enum db_status status = code == SQLITE_OK ? db_fill(db, from, ret_error) : DB_OK;
	if (code == SQLITE_OK && status == DB_OK)
		code = sqlite3_exec(db->handle, schema_statements[STMT_COMMIT].sql, NULL, NULL, NULL);
	if (code == SQLITE_OK && status == DB_OK) {
		db->is_new = from == 0;
		return DB_OK;
	}
	if (code != SQLITE_OK)
		status = db_refuse(db, code, ret_error);
	if (!sqlite3_get_autocommit(db->handle))
		sqlite3_exec(db->handle, schema_statements[STMT_ROLLBACK].sql, NULL, NULL, NULL);
	return status;
}

enum db_status db_migrate(struct db *db, struct db_error *ret_error)
{
	int changes, version, application;
	int code = db_pragma_int(db, "PRAGMA schema_version", &changes);
	if (code == SQLITE_OK)
		code = db_pragma_int(db, "PRAGMA user_version", &version);
	if (code == SQLITE_OK)
		code = db_pragma_int(db, "PRAGMA application_id", &application);
	if (code != SQLITE_OK)
		return db_refuse(db, code, ret_error);
	bool empty = changes == 0;
	if (empty && db->mode == DB_WRITE)
		return db_upgrade(db, 0, ret_error);
	if (application != APPLICATION_ID || empty || version < 1) {
		snprintf(ret_error->message, sizeof(ret_error->message), "it is no reviewd store");
		return DB_CORRUPT;
	}
	if (version > SCHEMA_VERSION) {
		snprintf(ret_error->message, sizeof(ret_error->message),
			"it was made by a newer reviewd (schema %d, this one knows up to %d)", version, SCHEMA_VERSION);
		return DB_NEWER;
	}
	if (version == SCHEMA_VERSION)
		return DB_OK;
	if (db->mode == DB_READ) {
		snprintf(ret_error->message, sizeof(ret_error->message),
			"it was made by an older reviewd (schema %d) and must be opened for writing once", version);
		return DB_DENIED;
	}
	return db_upgrade(db, version, ret_error);
}
