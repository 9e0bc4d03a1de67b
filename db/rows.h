// SPDX-License-Identifier: MIT
/*
 * Rows made in memory that one statement puts into a table, hundreds at a time,
 * or finds others by: a statement for each row would take twice as long. For the
 * files of db/ only.
 *
 * To SQL they are the table `row`, with the columns n0 to n8 for numbers, t0
 * and t1 for texts, and their place as the rowid; the statement says which rows are meant by
 * WHERE source = :source, its only parameter.
 */
#pragma once

#include <stdint.h>

#include "db/arena.h"
#include "db/db.h"
#include "db/lists.h"
#include "schema_sql.h"

enum { ROW_NUMBERS = 9, ROW_TEXTS = 2 };
#define ROW_NULL INT64_MIN

struct row {
	int64_t numbers[ROW_NUMBERS]; /* as many as the statement asks for; ROW_NULL is NULL */
	const char *texts[ROW_TEXTS]; /* borrowed until rows_end() */
};

struct rows;
struct sqlite3;
struct stmt;

/* Makes the table known to a connection; an error code of SQLite. */
int rows_register(struct sqlite3 *handle);

/* NULL when memory runs out. The rows live in the arena. */
struct rows *rows_begin(struct db *db, enum statement_id statement, struct arena *arena);

/* Both may run the statement. rows_end() must follow the last row. */
DB_CHECKED enum db_status rows_add(struct rows *rows, const struct row *row);
DB_CHECKED enum db_status rows_end(struct rows *rows);

/* The same numbers as n0 of as many rows, for statements that read; NULL when memory runs out. */
struct rows *rows_of_numbers(const struct int_list *numbers, struct arena *arena);

/* Rows are borrowed until the statement is released. */
void rows_bind(struct rows *rows, struct stmt *stmt);
