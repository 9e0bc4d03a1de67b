// SPDX-License-Identifier: MIT
#include "db/stmt.h"

#include <assert.h>
#include <sqlite3.h>

#include "db/connection.h"
#include "db/log.h"

void stmt_lease(struct stmt *stmt)
{
	assert(!stmt->leased);
	stmt->leased = true;
	stmt->no_memory = stmt->corrupt = false;
	stmt->unbound = ((uint64_t)1 << stmt->args) - 1;
}

struct stmt *db_stmt(struct db *db, enum statement_id id)
{
	struct stmt *stmt = &db->statements[id];
	stmt_lease(stmt);
	return stmt;
}

void stmt_release(struct stmt *stmt)
{
	if (!stmt || !stmt->leased)
		return;
	/* A reader has no handle for what writes, and clearing the bindings of none would crash. */
	if (stmt->handle) {
		sqlite3_reset(stmt->handle);
		sqlite3_clear_bindings(stmt->handle);
	}
	stmt->leased = false;
}

void stmt_cleanup(struct stmt **stmt)
{
	stmt_release(*stmt);
}

/* Binding fails only for lack of memory or a wrong number; the step then finds the argument unbound. */
static void stmt_bound(struct stmt *stmt, int arg, int code)
{
	if (code == SQLITE_OK)
		stmt->unbound &= ~((uint64_t)1 << (arg - 1));
	else if (code == SQLITE_NOMEM)
		stmt->no_memory = true;
}

void stmt_bind_int(struct stmt *stmt, int arg, int64_t value)
{
	stmt_bound(stmt, arg, sqlite3_bind_int64(stmt->handle, arg, value));
}

void stmt_bind_real(struct stmt *stmt, int arg, double value)
{
	stmt_bound(stmt, arg, sqlite3_bind_double(stmt->handle, arg, value));
}

void stmt_bind_text(struct stmt *stmt, int arg, const char *value)
{
	stmt_bound(stmt, arg, sqlite3_bind_text(stmt->handle, arg, value, -1, SQLITE_STATIC));
}

void stmt_bind_text_n(struct stmt *stmt, int arg, const char *value, uint64_t length)
{
	stmt_bound(stmt, arg, sqlite3_bind_text64(stmt->handle, arg, value, length, SQLITE_STATIC, SQLITE_UTF8));
}

void stmt_bind_null(struct stmt *stmt, int arg)
{
	stmt_bound(stmt, arg, sqlite3_bind_null(stmt->handle, arg));
}

void stmt_bind_pointer(struct stmt *stmt, int arg, void *value, const char *type)
{
	stmt_bound(stmt, arg, sqlite3_bind_pointer(stmt->handle, arg, value, type, NULL));
}

enum db_status stmt_step(struct stmt *stmt)
{
	if (stmt->no_memory)
		return DB_NO_MEMORY;
	/* SQLite would take NULL for what was forgotten, and a reader holds no statement that writes. */
	if (stmt->unbound || !stmt->handle) {
		log_line("store: %s: %s", stmt->name,
			stmt->handle ? "an argument is not bound" : "this connection only reads");
		return DB_FAULT;
	}
	int code = sqlite3_step(stmt->handle);
	if (code == SQLITE_ROW)
		return DB_OK;
	if (code == SQLITE_DONE)
		return DB_NOT_FOUND;
	return db_status_from(stmt->db, code, stmt->name);
}

void stmt_rewind(struct stmt *stmt)
{
	sqlite3_reset(stmt->handle);
}

enum db_status stmt_run(struct stmt *stmt)
{
	enum db_status status = stmt_step(stmt);
	stmt_release(stmt);
	return status == DB_NOT_FOUND ? DB_OK : status;
}

enum db_status stmt_insert(struct stmt *stmt, int64_t *ret_id)
{
	enum db_status status = stmt_run(stmt);
	if (status == DB_OK)
		*ret_id = sqlite3_last_insert_rowid(stmt->db->handle);
	return status;
}

enum db_status stmt_count(struct stmt *stmt, int64_t *ret_count)
{
	enum db_status status = stmt_step(stmt);
	if (status == DB_OK)
		*ret_count = stmt_int(stmt, 0);
	stmt_release(stmt);
	return status;
}

int64_t stmt_int(struct stmt *stmt, int column)
{
	return sqlite3_column_int64(stmt->handle, column);
}

double stmt_real(struct stmt *stmt, int column)
{
	return sqlite3_column_double(stmt->handle, column);
}

int stmt_choice(struct stmt *stmt, int column, int count)
{
	int64_t value = stmt_int(stmt, column);
	if (value >= 0 && value < count)
		return (int)value;
	log_line("store: %s: %lld in column %d; run 'reviewd check'", stmt->name, (long long)value, column);
	stmt->corrupt = true;
	return 0;
}

bool stmt_is_null(struct stmt *stmt, int column)
{
	return sqlite3_column_type(stmt->handle, column) == SQLITE_NULL;
}

const char *stmt_text(struct stmt *stmt, int column, size_t *ret_length)
{
	const char *text = (const char *)sqlite3_column_text(stmt->handle, column);
	if (!text)
		stmt->no_memory |= !stmt_is_null(stmt, column);
	else if (ret_length)
		*ret_length = (size_t)sqlite3_column_bytes(stmt->handle, column);
	return text;
}

char *stmt_copy(struct stmt *stmt, int column, struct arena *arena)
{
	size_t length = 0;
	const char *text = stmt_text(stmt, column, &length);
	if (!text)
		return NULL;
	char *copy = arena_strndup(arena, text, length);
	if (!copy)
		stmt->no_memory = true;
	return copy;
}

enum db_status stmt_row_status(const struct stmt *stmt)
{
	return stmt->no_memory ? DB_NO_MEMORY : stmt->corrupt ? DB_CORRUPT : DB_OK;
}
