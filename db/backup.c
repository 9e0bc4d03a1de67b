// SPDX-License-Identifier: MIT
#include "db/backup.h"

#include "db/connection.h"
#include "db/log.h"

/* Few enough for progress to move, enough for a step to cost nothing by itself. */
enum { PAGES_A_STEP = 256 };

/* The open read keeps its snapshot from step to step, so that no write of others makes the copying begin again. */
static int copy_pages(sqlite3_backup *backup, int64_t page_bytes, const struct backup_listener *listener)
{
	int code;
	do {
		code = sqlite3_backup_step(backup, PAGES_A_STEP);
		int64_t pages = sqlite3_backup_pagecount(backup);
		if (listener->progress)
			listener->progress((pages - sqlite3_backup_remaining(backup)) * page_bytes, pages * page_bytes,
				listener->context);
	} while (code == SQLITE_OK);
	return code == SQLITE_DONE ? SQLITE_OK : code;
}

static int page_size(sqlite3 *handle, int64_t *ret_bytes)
{
	sqlite3_stmt *stmt = NULL;
	int code = sqlite3_prepare_v2(handle, "PRAGMA page_size", -1, &stmt, NULL);
	if (code == SQLITE_OK && (code = sqlite3_step(stmt)) == SQLITE_ROW)
		*ret_bytes = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return code == SQLITE_ROW ? SQLITE_OK : code;
}

/* Whatever goes wrong, the file is thrown away: it needs no journal, and whoever keeps it has it written to the disk.
 */
static int copy_into(sqlite3 *copy, struct db *db, const struct backup_listener *listener)
{
	int64_t page_bytes = 0;
	int code = sqlite3_exec(copy, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;", NULL, NULL, NULL);
	if (code == SQLITE_OK)
		code = page_size(copy, &page_bytes);
	if (code != SQLITE_OK)
		return code;
	sqlite3_backup *backup = sqlite3_backup_init(copy, "main", db->handle, "main");
	if (!backup)
		return sqlite3_extended_errcode(copy);
	code = copy_pages(backup, page_bytes, listener);
	int finished = sqlite3_backup_finish(backup);
	return code == SQLITE_OK ? finished : code;
}

enum db_status db_backup(struct db *db, const char *path, const struct backup_listener *listener)
{
	sqlite3 *copy = NULL;
	int code =
		sqlite3_open_v2(path, &copy, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
	if (code == SQLITE_OK)
		code = copy_into(copy, db, listener);
	enum db_status status = db_status_of(code);
	if (status != DB_OK)
		log_line("store: backup: %s (%d)", copy ? sqlite3_errmsg(copy) : sqlite3_errstr(code), code);
	sqlite3_close(copy);
	return status;
}
