// SPDX-License-Identifier: MIT
#include "db/db.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "db/connection.h"
#include "db/functions.h"
#include "db/log.h"
#include "db/stmt.h"

enum { BUSY_TIMEOUT_MS = 2000 };

enum db_status db_status_from(struct db *db, int code, const char *what)
{
	switch (code & 0xff) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE:
		return DB_OK;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return DB_BUSY;
	case SQLITE_INTERRUPT:
		return DB_TIMEOUT;
	default:
		break;
	}
	log_line("store: %s: %s (%d)", what, db->handle ? sqlite3_errmsg(db->handle) : sqlite3_errstr(code), code);
	if (code == SQLITE_NOMEM || code == SQLITE_IOERR_NOMEM)
		return DB_NO_MEMORY;
	switch (code & 0xff) {
	case SQLITE_FULL:
		return DB_FULL;
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_AUTH:
		return DB_DENIED;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return DB_CORRUPT;
	default:
		return DB_FAULT;
	}
}

const char *db_message(struct db *db)
{
	return sqlite3_errmsg(db->handle);
}

bool db_is_new(const struct db *db)
{
	return db->is_new;
}

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
		{ SQLITE_LIMIT_LENGTH, 4 * 1024 * 1024 },
		{ SQLITE_LIMIT_SQL_LENGTH, 64 * 1024 },
		{ SQLITE_LIMIT_EXPR_DEPTH, 20 },
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
		if (first && (!strcmp(first, "quick_check") || !strcmp(first, "integrity_check") ||
				     !strcmp(first, "foreign_key_check")))
			return SQLITE_OK;
		return SQLITE_DENY;
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

static int64_t db_now_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static int db_is_late(void *context)
{
	const struct db *db = context;
	return db->deadline_ns && db_now_ns() > db->deadline_ns;
}

void db_set_timeout(struct db *db, unsigned timeout_ms)
{
	db->deadline_ns = timeout_ms ? db_now_ns() + (int64_t)timeout_ms * 1000000 : 0;
}

/* Absolute, so that it can neither be taken for a file: URI nor for ":memory:", with symbolic links resolved. */
static char *db_resolve(const char *path)
{
	char *resolved = realpath(path, NULL);
	if (resolved || errno != ENOENT)
		return resolved;
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	char *folder = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
	char *resolved_folder = folder ? realpath(folder, NULL) : NULL;
	if (resolved_folder && *name && asprintf(&resolved, "%s/%s", resolved_folder, name) < 0)
		resolved = NULL;
	free(resolved_folder);
	free(folder);
	return resolved;
}

static enum db_status db_take_lock(struct db *db, const char *path, struct db_error *ret_error)
{
	char lock_path[PATH_MAX];
	if ((size_t)snprintf(lock_path, sizeof(lock_path), "%s-lock", path) >= sizeof(lock_path)) {
		snprintf(ret_error->message, sizeof(ret_error->message), "the path is too long");
		return DB_NOT_FOUND;
	}
	db->lock_fd = open(lock_path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
	if (db->lock_fd < 0) {
		int failed = errno;
		snprintf(ret_error->message, sizeof(ret_error->message), "cannot make the lock file: %s",
			strerror(failed));
		return failed == ENOENT ? DB_NOT_FOUND : failed == ENOSPC ? DB_FULL : DB_DENIED;
	}
	if (flock(db->lock_fd, LOCK_EX | LOCK_NB) < 0) {
		snprintf(ret_error->message, sizeof(ret_error->message),
			"another program is writing to it; try again when that is done");
		return DB_BUSY;
	}
	return DB_OK;
}

static int db_exec(struct db *db, const char *sql)
{
	return sqlite3_exec(db->handle, sql, NULL, NULL, NULL);
}

static int db_configure(struct db *db)
{
	db_harden(db->handle);
	sqlite3_extended_result_codes(db->handle, 1);
	sqlite3_busy_timeout(db->handle, BUSY_TIMEOUT_MS);
	sqlite3_progress_handler(db->handle, 1000, db_is_late, db);
	int code = functions_add(db->handle);
	if (code == SQLITE_OK)
		code = db_exec(db, "PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0; PRAGMA foreign_keys = ON;");
	if (code == SQLITE_OK && db->mode == DB_READ) {
		sqlite3_db_config(db->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
		code = db_exec(db, "PRAGMA query_only = ON;");
	} else if (code == SQLITE_OK) {
		code = db_exec(db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
				   "PRAGMA journal_size_limit = 67108864;");
	}
	return code;
}

static enum db_status db_open_file(struct db *db, const char *path, struct db_error *ret_error)
{
	int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE;
	flags |= db->mode == DB_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
	int code = sqlite3_open_v2(path, &db->handle, flags, NULL);
	if (!db->handle)
		return DB_NO_MEMORY;
	if (code == SQLITE_OK)
		code = db_configure(db);
	if (code == SQLITE_OK)
		return db_migrate(db, ret_error);
	snprintf(ret_error->message, sizeof(ret_error->message), "%s", sqlite3_errmsg(db->handle));
	if ((code & 0xff) == SQLITE_CANTOPEN)
		return access(path, db->mode == DB_READ ? R_OK : R_OK | W_OK) < 0 && errno == EACCES ? DB_DENIED
												     : DB_FAULT;
	return db_status_from(db, code, "open");
}

static enum db_status db_prepare_all(struct db *db, struct db_error *ret_error)
{
	for (int i = 0; i < STATEMENT_COUNT; i++) {
		const struct schema_statement *schema = &schema_statements[i];
		struct stmt *stmt = &db->statements[i];
		int code =
			sqlite3_prepare_v3(db->handle, schema->sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt->handle, NULL);
		if (code != SQLITE_OK) {
			snprintf(ret_error->message, sizeof(ret_error->message), "statement %s: %s", schema->name,
				sqlite3_errmsg(db->handle));
			return db_status_from(db, code, schema->name);
		}
		if (sqlite3_bind_parameter_count(stmt->handle) != schema->args ||
			sqlite3_column_count(stmt->handle) != schema->columns) {
			snprintf(ret_error->message, sizeof(ret_error->message),
				"statement %s differs from what was built in", schema->name);
			return DB_FAULT;
		}
		stmt->db = db;
		stmt->name = schema->name;
		stmt->args = schema->args;
		/* A reader has no use for it, and so no way to run it. */
		if (db->mode == DB_READ && !sqlite3_stmt_readonly(stmt->handle)) {
			sqlite3_finalize(stmt->handle);
			stmt->handle = NULL;
		}
	}
	return DB_OK;
}

enum db_status db_open(const char *path, enum db_mode mode, struct db **ret_db, struct db_error *ret_error)
{
	ret_error->message[0] = '\0';
	struct db *db = calloc(1, sizeof(*db));
	char *resolved = db ? db_resolve(path) : NULL;
	enum db_status status = DB_OK;
	if (!resolved) {
		status = db && errno != ENOMEM ? (errno == EACCES ? DB_DENIED : DB_NOT_FOUND) : DB_NO_MEMORY;
		snprintf(ret_error->message, sizeof(ret_error->message), "%s", strerror(errno));
	} else {
		db->lock_fd = -1;
		db->mode = mode;
		if (mode == DB_READ && access(resolved, F_OK) < 0) {
			snprintf(ret_error->message, sizeof(ret_error->message), "%s", strerror(errno));
			status = DB_NOT_FOUND;
		}
		if (status == DB_OK && mode == DB_WRITE)
			status = db_take_lock(db, resolved, ret_error);
		if (status == DB_OK)
			status = db_open_file(db, resolved, ret_error);
		if (status == DB_OK)
			status = db_prepare_all(db, ret_error);
		if (status == DB_OK)
			sqlite3_set_authorizer(db->handle, db_authorize, db);
		free(resolved);
	}
	if (status == DB_OK)
		*ret_db = db;
	else if (resolved)
		db_close(db);
	else
		free(db);
	return status;
}

void db_close(struct db *db)
{
	if (!db)
		return;
	sqlite3_blob_close(db->text_blob);
	for (int i = 0; i < ASSEMBLED_MAX; i++)
		sqlite3_finalize(db->assembled[i].stmt.handle);
	for (int i = 0; i < STATEMENT_COUNT; i++)
		sqlite3_finalize(db->statements[i].handle);
	sqlite3_close(db->handle);
	if (db->lock_fd >= 0)
		close(db->lock_fd);
	free(db);
}

enum db_status db_begin_read(struct db *db, unsigned timeout_ms)
{
	db_set_timeout(db, timeout_ms);
	enum db_status status = stmt_run(db_stmt(db, STMT_BEGIN_READ));
	db->in_read = status == DB_OK;
	return status;
}

void db_end_read(struct db *db)
{
	if (!db->in_read)
		return;
	/* An open blob holds the snapshot just as a running statement does. */
	sqlite3_blob_close(db->text_blob);
	db->text_blob = NULL;
	db->in_read = false;
	db->deadline_ns = 0;
	if (stmt_run(db_stmt(db, STMT_COMMIT)) != DB_OK)
		log_line("store: a read could not be ended");
}

enum db_status db_begin_write(struct db *db)
{
	return stmt_run(db_stmt(db, STMT_BEGIN_WRITE));
}

enum db_status db_commit(struct db *db)
{
	return stmt_run(db_stmt(db, STMT_COMMIT));
}

void db_rollback(struct db *db)
{
	/* Some faults have rolled back already: a full disk, an I/O error, no memory. */
	if (!sqlite3_get_autocommit(db->handle) && stmt_run(db_stmt(db, STMT_ROLLBACK)) != DB_OK)
		log_line("store: a write could not be rolled back");
}

enum db_status db_savepoint(struct db *db)
{
	return stmt_run(db_stmt(db, STMT_SAVEPOINT_BEGIN));
}

enum db_status db_savepoint_release(struct db *db)
{
	return stmt_run(db_stmt(db, STMT_SAVEPOINT_RELEASE));
}

void db_savepoint_rollback(struct db *db)
{
	if (sqlite3_get_autocommit(db->handle))
		return;
	if (stmt_run(db_stmt(db, STMT_SAVEPOINT_ROLLBACK)) != DB_OK || db_savepoint_release(db) != DB_OK)
		log_line("store: a part of a write could not be rolled back");
}

const char *db_library_version(void)
{
	return sqlite3_libversion();
}

int db_schema_version(void)
{
	return SCHEMA_VERSION;
}
