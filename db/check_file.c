// SPDX-License-Identifier: MIT
/* The file as SQLite sees it. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "db/checking.h"
#include "db/connection.h"
#include "db/stmt.h"

/*
 * The next line of what SQLite finds wrong with a file, at the start of *finding, which moves behind it; NULL when
 * there is none. SQLite puts several into one row, under a heading that says which database it is.
 */
static const char *finding_next(const char **finding, int *ret_length)
{
	while (*finding && **finding) {
		const char *line = *finding;
		size_t length = strcspn(line, "\n");
		*finding = line + length + (line[length] == '\n');
		if (length && strncmp(line, "*** in database", strlen("*** in database")) != 0) {
			*ret_length = (int)length;
			return line;
		}
	}
	return NULL;
}

/*
 * Ends a check when its time is over. While SQLite (3.40) goes through the pages of a file it calls no progress
 * handler, but it does look whether it was interrupted.
 */
struct alarm {
	sqlite3 *handle;
	struct timespec until;
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	bool off;
};

static void *ring(void *context)
{
	struct alarm *alarm = context;
	int error = 0;
	pthread_mutex_lock(&alarm->mutex);
	while (!alarm->off && !error)
		error = pthread_cond_timedwait(&alarm->changed, &alarm->mutex, &alarm->until);
	if (!alarm->off)
		sqlite3_interrupt(alarm->handle);
	pthread_mutex_unlock(&alarm->mutex);
	return NULL;
}

/* 0 for no limit; without a thread for the alarm there is none either. */
static int step_in_time(struct db *db, sqlite3_stmt *check, unsigned timeout_ms)
{
	struct alarm alarm = { .handle = db->handle };
	pthread_condattr_t clock;
	pthread_t thread;
	clock_gettime(CLOCK_MONOTONIC, &alarm.until);
	alarm.until.tv_sec += timeout_ms / 1000;
	alarm.until.tv_nsec += (long)(timeout_ms % 1000) * 1000000;
	alarm.until.tv_sec += alarm.until.tv_nsec / 1000000000;
	alarm.until.tv_nsec %= 1000000000;
	pthread_condattr_init(&clock);
	pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
	pthread_mutex_init(&alarm.mutex, NULL);
	pthread_cond_init(&alarm.changed, &clock);
	pthread_condattr_destroy(&clock);
	bool set = timeout_ms && pthread_create(&thread, NULL, ring, &alarm) == 0;
	int code = sqlite3_step(check);
	pthread_mutex_lock(&alarm.mutex);
	alarm.off = true;
	pthread_cond_signal(&alarm.changed);
	pthread_mutex_unlock(&alarm.mutex);
	if (set)
		pthread_join(thread, NULL);
	pthread_cond_destroy(&alarm.changed);
	pthread_mutex_destroy(&alarm.mutex);
	return code;
}

enum db_status check_quick(struct db *db, unsigned timeout_ms, struct db_error *ret_error)
{
	sqlite3_stmt *check = NULL;
	int code = sqlite3_prepare_v2(db->handle, "PRAGMA quick_check(1)", -1, &check, NULL);
	if (code == SQLITE_OK)
		code = step_in_time(db, check, timeout_ms);
	enum db_status status = DB_OK;
	if (code == SQLITE_ROW) {
		const char *finding = (const char *)sqlite3_column_text(check, 0);
		if (!finding) {
			status = DB_NO_MEMORY;
		} else if (strcmp(finding, "ok") != 0) {
			int length = 0;
			const char *line = finding_next(&finding, &length);
			snprintf(ret_error->message, sizeof(ret_error->message), "it is damaged: %.*s", length,
				line ? line : "");
			status = DB_CORRUPT;
		}
	} else if ((code & 0xff) != SQLITE_INTERRUPT) {
		snprintf(ret_error->message, sizeof(ret_error->message), "%s", sqlite3_errmsg(db->handle));
		status = db_status_of(code);
	}
	sqlite3_finalize(check);
	return status;
}

static enum db_status check_integrity(struct checking *check)
{
	sqlite3_stmt *stmt = NULL;
	int code = sqlite3_prepare_v2(check->db->handle, "PRAGMA integrity_check", -1, &stmt, NULL);
	while (code == SQLITE_OK || code == SQLITE_ROW) {
		code = sqlite3_step(stmt);
		const char *finding = code == SQLITE_ROW ? (const char *)sqlite3_column_text(stmt, 0) : "ok";
		const char *line;
		int length;
		if (finding && !strcmp(finding, "ok"))
			continue;
		while ((line = finding_next(&finding, &length)))
			check_found(check, "file: %.*s", length, line);
	}
	sqlite3_finalize(stmt);
	return code == SQLITE_DONE ? DB_OK : db_status_from(check->db, code, "integrity_check");
}

static enum db_status check_schema(struct checking *check)
{
	enum db_status status = DB_OK;
	for (int i = 0; i < SCHEMA_OBJECTS && status == DB_OK; i++) {
		STMT_LEASE struct stmt *stmt = db_stmt(check->db, STMT_CHECK_OBJECT);
		stmt_bind_text(stmt, ARG_CHECK_OBJECT_NAME, schema_objects[i]);
		status = stmt_step(stmt);
		if (status == DB_NOT_FOUND) {
			check_found(check, "file: %s is missing", schema_objects[i]);
			status = DB_OK;
		}
	}
	return status;
}

/* One line for all rows of a table that miss something in the same other table: SQLite gives them in a row. */
static enum db_status check_foreign_keys(struct checking *check)
{
	enum { TABLE = 0, PARENT = 2 };
	sqlite3_stmt *stmt = NULL;
	char table[64] = "", parent[64] = "";
	int64_t rows = 0;
	int code = sqlite3_prepare_v2(check->db->handle, "PRAGMA foreign_key_check", -1, &stmt, NULL);
	while (code == SQLITE_OK || code == SQLITE_ROW) {
		code = sqlite3_step(stmt);
		const char *in = code == SQLITE_ROW ? (const char *)sqlite3_column_text(stmt, TABLE) : NULL;
		const char *to = code == SQLITE_ROW ? (const char *)sqlite3_column_text(stmt, PARENT) : NULL;
		if (rows && (!in || !to || strcmp(in, table) != 0 || strcmp(to, parent) != 0)) {
			check_found(check, "table %s: rows that refer to what table %s does not have: %lld", table,
				parent, (long long)rows);
			rows = 0;
		}
		if (in && to) {
			snprintf(table, sizeof(table), "%s", in);
			snprintf(parent, sizeof(parent), "%s", to);
			rows++;
		}
	}
	sqlite3_finalize(stmt);
	return code == SQLITE_DONE ? DB_OK : db_status_from(check->db, code, "foreign_key_check");
}

enum db_status check_file(struct checking *check)
{
	enum db_status status = check_integrity(check);
	if (status == DB_OK)
		status = check_schema(check);
	return status == DB_OK ? check_foreign_keys(check) : status;
}
