// SPDX-License-Identifier: MIT
#include "db/rows.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "db/connection.h"

/*
 * BATCH_ROWS: enough for what a statement costs to vanish, few enough for the processor's cache. Most bundles have few
 * rows of a kind, or none, and room for hundreds would cost more than they: it begins with FEW_ROWS.
 */
enum { FEW_ROWS = 4, BATCH_ROWS = 256 };

enum { COLUMN_TEXTS = ROW_NUMBERS, COLUMN_SOURCE = COLUMN_TEXTS + ROW_TEXTS };
enum { ARG_SOURCE = 1 };

struct rows {
	struct db *db;
	enum statement_id statement;
	struct arena *arena;
	struct row *items;
	size_t count, capacity;
};

static const char rows_pointer[] = "rows";

struct rows_cursor {
	sqlite3_vtab_cursor base;
	const struct rows *rows;
	size_t at;
};

static int rows_connect(
	sqlite3 *handle, void *context, int argc, const char *const *argv, sqlite3_vtab **ret_table, char **ret_error)
{
	(void)context;
	(void)argc;
	(void)argv;
	(void)ret_error;
	int code = sqlite3_declare_vtab(handle, schema_fragments[FRAGMENT_ROW_TABLE]);
	*ret_table = code == SQLITE_OK ? sqlite3_malloc(sizeof(**ret_table)) : NULL;
	if (*ret_table)
		**ret_table = (sqlite3_vtab) { 0 };
	else if (code == SQLITE_OK)
		code = SQLITE_NOMEM;
	return code;
}

static int rows_disconnect(sqlite3_vtab *table)
{
	sqlite3_free(table);
	return SQLITE_OK;
}

/* There is one way: all rows of a source, in their order. */
static int rows_best_index(sqlite3_vtab *table, sqlite3_index_info *info)
{
	(void)table;
	for (int i = 0; i < info->nConstraint; i++) {
		if (!info->aConstraint[i].usable || info->aConstraint[i].iColumn != COLUMN_SOURCE ||
			info->aConstraint[i].op != SQLITE_INDEX_CONSTRAINT_EQ)
			continue;
		info->aConstraintUsage[i].argvIndex = 1;
		info->aConstraintUsage[i].omit = 1;
		return SQLITE_OK;
	}
	return SQLITE_CONSTRAINT;
}

static int rows_open(sqlite3_vtab *table, sqlite3_vtab_cursor **ret_cursor)
{
	(void)table;
	struct rows_cursor *cursor = sqlite3_malloc(sizeof(*cursor));
	if (!cursor)
		return SQLITE_NOMEM;
	*cursor = (struct rows_cursor) { 0 };
	*ret_cursor = &cursor->base;
	return SQLITE_OK;
}

static int rows_close(sqlite3_vtab_cursor *base)
{
	sqlite3_free(base);
	return SQLITE_OK;
}

static struct rows_cursor *cursor_of(sqlite3_vtab_cursor *base)
{
	return (struct rows_cursor *)base;
}

static int rows_filter(sqlite3_vtab_cursor *base, int number, const char *string, int argc, sqlite3_value **argv)
{
	(void)number;
	(void)string;
	struct rows_cursor *cursor = cursor_of(base);
	cursor->rows = argc ? sqlite3_value_pointer(argv[0], rows_pointer) : NULL;
	cursor->at = 0;
	return SQLITE_OK;
}

static int rows_next(sqlite3_vtab_cursor *base)
{
	cursor_of(base)->at++;
	return SQLITE_OK;
}

static int rows_eof(sqlite3_vtab_cursor *base)
{
	const struct rows_cursor *cursor = cursor_of(base);
	return !cursor->rows || cursor->at >= cursor->rows->count;
}

static int rows_column(sqlite3_vtab_cursor *base, sqlite3_context *context, int column)
{
	const struct rows_cursor *cursor = cursor_of(base);
	const struct row *row = &cursor->rows->items[cursor->at];
	if (column < ROW_NUMBERS && row->numbers[column] != ROW_NULL)
		sqlite3_result_int64(context, row->numbers[column]);
	else if (column >= ROW_NUMBERS && column < COLUMN_SOURCE)
		sqlite3_result_text(context, row->texts[column - COLUMN_TEXTS], -1, SQLITE_STATIC);
	return SQLITE_OK;
}

static int rows_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *ret_rowid)
{
	*ret_rowid = (sqlite3_int64)cursor_of(base)->at;
	return SQLITE_OK;
}

int rows_register(sqlite3 *handle)
{
	/* Without xCreate the table is there by itself and in no schema. */
	static const sqlite3_module module = {
		.xConnect = rows_connect,
		.xBestIndex = rows_best_index,
		.xDisconnect = rows_disconnect,
		.xOpen = rows_open,
		.xClose = rows_close,
		.xFilter = rows_filter,
		.xNext = rows_next,
		.xEof = rows_eof,
		.xColumn = rows_column,
		.xRowid = rows_rowid,
	};
	return sqlite3_create_module_v2(handle, "row", &module, NULL, NULL);
}

struct rows *rows_begin(struct db *db, enum statement_id statement, struct arena *arena)
{
	struct rows *rows = arena_reserve(arena, sizeof(*rows));
	if (rows)
		*rows = (struct rows) { .db = db, .statement = statement, .arena = arena };
	return rows;
}

struct rows *rows_of_numbers(const struct int_list *numbers, struct arena *arena)
{
	struct rows *rows = arena_reserve(arena, sizeof(*rows));
	struct row *items = arena_reserve(arena, numbers->count * sizeof(*items));
	if (!rows || !items)
		return NULL;
	*rows = (struct rows) { .items = items, .count = numbers->count };
	for (size_t i = 0; i < numbers->count; i++)
		rows->items[i].numbers[0] = numbers->items[i];
	return rows;
}

void rows_bind(struct rows *rows, struct stmt *stmt)
{
	stmt_bind_pointer(stmt, ARG_SOURCE, rows, rows_pointer);
}

enum db_status rows_end(struct rows *rows)
{
	if (!rows->count)
		return DB_OK;
	struct stmt *stmt = db_stmt(rows->db, rows->statement);
	rows_bind(rows, stmt);
	enum db_status status = stmt_run(stmt);
	rows->count = 0;
	return status;
}

enum db_status rows_add(struct rows *rows, const struct row *row)
{
	if (rows->count == rows->capacity) {
		size_t capacity = rows->capacity ? BATCH_ROWS : FEW_ROWS;
		struct row *items = arena_reserve(rows->arena, capacity * sizeof(*items));
		if (!items)
			return DB_NO_MEMORY;
		if (rows->count)
			memcpy(items, rows->items, rows->count * sizeof(*items));
		rows->items = items;
		rows->capacity = capacity;
	}
	rows->items[rows->count++] = *row;
	return rows->count == BATCH_ROWS ? rows_end(rows) : DB_OK;
}
