// SPDX-License-Identifier: MIT
#include "db/db.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "db/clock.h"
#include "db/connection.h"
#include "db/log.h"
#include "db/stmt.h"
#include "db/text/buffer.h"
#include "db/word_forms.h"

enum db_status db_status_of(int code)
{
	if (code == SQLITE_IOERR_NOMEM)
		return DB_NO_MEMORY;
	/* Even a reader needs a file for the memory that connections share. */
	if (code == SQLITE_IOERR_SHMSIZE)
		return DB_FULL;
	switch (code & 0xff) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE:
		return DB_OK;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_PROTOCOL:
		return DB_BUSY;
	case SQLITE_INTERRUPT:
		return DB_TIMEOUT;
	case SQLITE_NOMEM:
		return DB_NO_MEMORY;
	case SQLITE_FULL:
		return DB_FULL;
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
		return DB_IO;
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

enum db_status db_status_from(struct db *db, int code, const char *what)
{
	enum db_status status = db_status_of(code);
	/* All that can be wrong with it; SQLite forgets the reason. */
	if (code == SQLITE_ERROR && !strcmp(sqlite3_errmsg(db->handle), "vtable constructor failed: json_each"))
		status = DB_NO_MEMORY;
	if (status != DB_OK && status != DB_BUSY && status != DB_TIMEOUT)
		log_line("store: %s: %s (%d)", what, db->handle ? sqlite3_errmsg(db->handle) : sqlite3_errstr(code),
			code);
	return status;
}

const char *db_message(struct db *db)
{
	int code = sqlite3_errcode(db->handle);
	return code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE ? NULL : sqlite3_errmsg(db->handle);
}

bool db_is_new(const struct db *db)
{
	return db->is_new;
}

bool db_is_late(const struct db *db)
{
	return db->deadline_ns && clock_ns() > db->deadline_ns;
}

void db_set_timeout(struct db *db, unsigned timeout_ms)
{
	db->deadline_ns = timeout_ms ? clock_ns() + (int64_t)timeout_ms * 1000000 : 0;
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
	/* A link that leads nowhere: its own name is no place for a store. */
	struct stat link;
	if (resolved && lstat(resolved, &link) == 0) {
		free(resolved);
		resolved = NULL;
		errno = ENOENT;
	}
	return resolved;
}

/* Whether there is a file to open, or one may be made. */
static enum db_status db_look(const char *path, enum db_mode mode, struct db_error *ret_error)
{
	struct stat found;
	bool exists = stat(path, &found) == 0;
	if (exists ? S_ISREG(found.st_mode) : errno == ENOENT && mode == DB_WRITE)
		return DB_OK;
	snprintf(ret_error->message, sizeof(ret_error->message), "%s",
		exists ? "it is a folder or a device, not a file" : strerror(errno));
	return exists ? DB_CORRUPT : errno == EACCES ? DB_DENIED : DB_NOT_FOUND;
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
		return failed == ENOENT ? DB_NOT_FOUND : failed == ENOSPC ? DB_FULL : failed == EIO ? DB_IO : DB_DENIED;
	}
	if (flock(db->lock_fd, LOCK_EX | LOCK_NB) < 0) {
		snprintf(ret_error->message, sizeof(ret_error->message),
			"another program is writing to it; try again when that is done");
		return DB_BUSY;
	}
	return DB_OK;
}

enum db_status db_refuse(struct db *db, int code, struct db_error *ret_error)
{
	snprintf(ret_error->message, sizeof(ret_error->message), "%s",
		code == SQLITE_READONLY_DIRECTORY ? "its folder must be writable, for the files beside it"
		: code == SQLITE_READONLY_ROLLBACK
			? "its first import was cut short; import again, or serve it, and it is put right"
		: db_status_of(code) == DB_FULL ? "no space left on the disk"
						: sqlite3_errmsg(db->handle));
	return db_status_of(code);
}

/* A store on a disk that cannot be written, with nothing left to take over from its last writer. */
static bool db_is_immutable(const char *path)
{
	char wal_path[PATH_MAX];
	struct stat wal;
	if (access(path, W_OK) == 0 || errno != EROFS)
		return false;
	snprintf(wal_path, sizeof(wal_path), "%s-wal", path);
	return stat(wal_path, &wal) < 0 || wal.st_size == 0;
}

/* Such a store has no place for the files beside it, and needs none. */
static int db_open_immutable(struct db *db, const char *path, int flags)
{
	struct buffer uri = { 0 };
	buffer_append_string(&uri, "file:");
	for (; *path; path++) {
		if (strchr("%?#", *path))
			buffer_printf(&uri, "%%%02X", (unsigned)*path);
		else
			buffer_append_char(&uri, *path);
	}
	buffer_append_string(&uri, "?immutable=1");
	int code = uri.failed ? SQLITE_NOMEM : sqlite3_open_v2(uri.data, &db->handle, flags | SQLITE_OPEN_URI, NULL);
	buffer_deinit(&uri);
	return code;
}

/* Nobody asks SQLite how much memory it has; counting it takes a lock of the whole process for each piece. */
static void db_count_no_memory(void)
{
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static enum db_status db_open_file(struct db *db, const char *path, struct db_error *ret_error)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, db_count_no_memory);
	int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE;
	flags |= db->mode == DB_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
	db->is_immutable = db->mode == DB_READ && db_is_immutable(path);
	int code =
		db->is_immutable ? db_open_immutable(db, path, flags) : sqlite3_open_v2(path, &db->handle, flags, NULL);
	if (!db->handle)
		return DB_NO_MEMORY;
	if (code == SQLITE_OK)
		code = db_configure(db);
	if (code == SQLITE_OK)
		return db_migrate(db, ret_error);
	enum db_status status = db_refuse(db, code, ret_error);
	if ((code & 0xff) == SQLITE_CANTOPEN && access(path, db->mode == DB_READ ? R_OK : R_OK | W_OK) < 0 &&
		errno == EACCES) {
		snprintf(ret_error->message, sizeof(ret_error->message), "%s", strerror(errno));
		status = DB_DENIED;
	}
	return status;
}

enum db_status db_prepare_all(struct db *db, struct db_error *ret_error)
{
	for (int i = 0; i < STATEMENT_COUNT; i++) {
		const struct schema_statement *schema = &schema_statements[i];
		struct stmt *stmt = &db->statements[i];
		if (stmt->handle)
			continue;
		stmt->db = db;
		stmt->name = schema->name;
		stmt->args = schema->args;
		/* A reader has no use for it, and so no way to run it. */
		if (db->mode == DB_READ && schema->writes)
			continue;
		int code =
			sqlite3_prepare_v3(db->handle, schema->sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt->handle, NULL);
		if (code != SQLITE_OK) {
			snprintf(ret_error->message, sizeof(ret_error->message), "statement %s: %s", schema->name,
				sqlite3_errmsg(db->handle));
			/* Every statement fits a sound store, so a table or a column is missing. */
			return code == SQLITE_ERROR ? DB_CORRUPT : db_status_of(code);
		}
		if (sqlite3_bind_parameter_count(stmt->handle) != schema->args ||
			sqlite3_column_count(stmt->handle) != schema->columns) {
			snprintf(ret_error->message, sizeof(ret_error->message),
				"statement %s differs from what was built in", schema->name);
			return DB_FAULT;
		}
		/* Nor for what else begins a write. */
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
		db->mode = mode == DB_READ ? DB_READ : DB_WRITE;
		db->noted_language = STEM_NONE;
		status = db_look(resolved, db->mode, ret_error);
		/* SQLite's own name for a file of nobody else's. */
		bool temporary = mode == DB_TRY && access(resolved, F_OK) < 0;
		if (status == DB_OK && db->mode == DB_WRITE && !temporary)
			status = db_take_lock(db, resolved, ret_error);
		if (status == DB_OK)
			status = db_open_file(db, temporary ? "" : resolved, ret_error);
		if (status == DB_OK)
			status = db_prepare_all(db, ret_error);
		if (status == DB_OK && db->mode == DB_WRITE && !temporary)
			status = mode == DB_FILL && db->is_new ? db_go_without_log(db, ret_error)
							       : db_use_wal(db, ret_error);
		if (status == DB_OK && db->mode == DB_READ)
			db_watch_commits(db);
		if (status == DB_OK)
			db_restrict(db);
		free(resolved);
	}
	if (status == DB_OK)
		*ret_db = db;
	else if (resolved && db->is_new && mode == DB_WRITE)
		db_unmake(db);
	else if (resolved)
		db_close(db);
	else
		free(db);
	return status;
}

enum db_status db_open_patiently(const char *path, unsigned wait_ms, struct db **ret_db, struct db_error *ret_error)
{
	const struct timespec moment = { .tv_nsec = 10 * 1000000 };
	int64_t until = clock_ns() + (int64_t)wait_ms * 1000000;
	for (;;) {
		enum db_status status = db_open(path, DB_WRITE, ret_db, ret_error);
		if (status != DB_BUSY || clock_ns() >= until)
			return status;
		nanosleep(&moment, NULL);
	}
}

void db_close(struct db *db)
{
	if (!db)
		return;
	sqlite3_blob_close(db->text_blob);
	free(db->pairs.before);
	db_take_up_log(db);
	for (int i = 0; i < ASSEMBLED_MAX; i++)
		sqlite3_finalize(db->assembled[i].stmt.handle);
	for (int i = 0; i < STATEMENT_COUNT; i++)
		sqlite3_finalize(db->statements[i].handle);
	sqlite3_close(db->handle);
	stemmers_free(db->stemmers);
	word_forms_forget(db);
	quote_lengths_forget(db);
	if (db->lock_fd >= 0)
		close(db->lock_fd);
	free(db);
}

void db_unmake(struct db *db)
{
	static const char *const endings[] = { "", "-journal", "-wal", "-shm", "-lock" };
	char path[PATH_MAX];
	const char *name = sqlite3_db_filename(db->handle, "main");
	for (size_t i = 0; name && i < sizeof(endings) / sizeof(endings[0]); i++) {
		snprintf(path, sizeof(path), "%s%s", name, endings[i]);
		if (unlink(path) < 0 && errno != ENOENT)
			log_line("store: %s cannot be taken away: %s", path, strerror(errno));
	}
	/* Not in a file that is no longer there. */
	db->without_log = false;
	db_close(db);
}

static int db_note_log(void *context, sqlite3 *handle, const char *schema, int pages)
{
	struct db *db = context;
	(void)handle;
	(void)schema;
	db->log_pages = pages;
	return SQLITE_OK;
}

void db_checkpoint_by_hand(struct db *db)
{
	/* Takes the place of SQLite's own checkpoints. */
	sqlite3_wal_hook(db->handle, db_note_log, db);
}

enum db_status db_checkpoint(struct db *db, bool empty)
{
	int pages = 0;
	/* Readers come and go; there is no need to wait for them. */
	sqlite3_busy_timeout(db->handle, 0);
	int code = sqlite3_wal_checkpoint_v2(
		db->handle, "main", empty ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE, &pages, NULL);
	sqlite3_busy_timeout(db->handle, BUSY_TIMEOUT_MS);
	if (code == SQLITE_OK && pages >= 0)
		db->log_pages = empty ? 0 : pages;
	enum db_status status = db_status_from(db, code, "checkpoint");
	return status == DB_BUSY ? DB_OK : status;
}

int db_log_pages(const struct db *db)
{
	return db->log_pages;
}

enum db_status db_try_to_write(struct db *db)
{
	enum db_status status = db_begin_write(db);
	if (status == DB_OK)
		status = stmt_run(db_stmt(db, STMT_TRIAL_WRITE));
	if (status == DB_OK)
		status = db_commit(db);
	if (status != DB_OK)
		db_rollback(db);
	return status == DB_OK ? db_checkpoint(db, false) : status;
}

const char *db_library_version(void)
{
	return sqlite3_libversion();
}

int db_schema_version(void)
{
	return SCHEMA_VERSION;
}
