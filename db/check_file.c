// SPDX-License-Identifier: MIT
/* The file as SQLite sees it. */
#include <stdio.h>
#include <string.h>

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

/* What stops the first statement that meets it, in words for people; `code` is what SQLite said. */
static enum db_status tell_damage(struct db *db, int code, struct db_error *ret_error)
{
	enum db_status status = db_status_of(code);
	snprintf(ret_error->message, sizeof(ret_error->message), "%s%s", status == DB_CORRUPT ? "it is damaged: " : "",
		sqlite3_errmsg(db->handle));
	return status;
}

/* A number or a line that a pragma gives. DB_OK or, with the reason in ret_error, whatever was wrong. */
static enum db_status step_pragma(
	struct db *db, const char *pragma, sqlite3_stmt **ret_stmt, struct db_error *ret_error)
{
	int code = sqlite3_prepare_v2(db->handle, pragma, -1, ret_stmt, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_step(*ret_stmt);
	return code == SQLITE_ROW ? DB_OK : tell_damage(db, code, ret_error);
}

static enum db_status count_pages(struct db *db, int64_t *ret_pages, struct db_error *ret_error)
{
	sqlite3_stmt *stmt = NULL;
	enum db_status status = step_pragma(db, "PRAGMA page_count", &stmt, ret_error);
	if (status == DB_OK)
		*ret_pages = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return status;
}

static enum db_status check_structure(struct db *db, struct db_error *ret_error)
{
	sqlite3_stmt *stmt = NULL;
	enum db_status status = step_pragma(db, "PRAGMA quick_check(1)", &stmt, ret_error);
	const char *finding = status == DB_OK ? (const char *)sqlite3_column_text(stmt, 0) : NULL;
	if (status == DB_OK && !finding)
		status = DB_NO_MEMORY;
	if (finding && strcmp(finding, "ok") != 0) {
		int length = 0;
		const char *line = finding_next(&finding, &length);
		snprintf(ret_error->message, sizeof(ret_error->message), "it is damaged: %.*s", length,
			line ? line : "");
		status = DB_CORRUPT;
	}
	sqlite3_finalize(stmt);
	return status;
}

static enum db_status check_ends(struct db *db, enum statement_id id, struct db_error *ret_error)
{
	sqlite3_stmt *stmt = db->statements[id].handle;
	int code = sqlite3_step(stmt);
	enum db_status status = code == SQLITE_ROW ? DB_OK : tell_damage(db, code, ret_error);
	sqlite3_reset(stmt);
	return status;
}

enum db_status check_quick(struct db *db, int64_t pages_max, struct db_error *ret_error)
{
	int64_t pages = 0;
	enum db_status status = check_ends(db, STMT_CHECK_TABLE_ENDS, ret_error);
	if (status == DB_OK)
		status = check_ends(db, STMT_CHECK_INDEX_ENDS, ret_error);
	if (status == DB_OK)
		status = count_pages(db, &pages, ret_error);
	/* SQLite cannot be stopped within a table, however long it takes. */
	return status == DB_OK && pages <= pages_max ? check_structure(db, ret_error) : status;
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
