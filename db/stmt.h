// SPDX-License-Identifier: MIT
/*
 * Statements of schema/queries, by name: leased, bound, stepped, released.
 *
 * For the files of db/ only. ARG_ and COL_ constants are generated with the
 * statement (schema_sql.h), so that a renamed column does not compile. A lease
 * must be released before the same statement is leased again: an unreset SELECT
 * would hold its snapshot and stop checkpoints.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "db/arena.h"
#include "db/db.h"
#include "schema_sql.h"

struct sqlite3_stmt;

struct stmt {
	struct db *db;
	struct sqlite3_stmt *handle;
	const char *name;
	uint64_t unbound; /* one bit for each argument still to bind */
	int args;
	bool leased;
	bool no_memory; /* a copy of a column failed */
	bool corrupt;   /* a column had what it cannot have */
};

#define STMT_LEASE __attribute__((cleanup(stmt_cleanup)))

/* Never NULL. */
struct stmt *db_stmt(struct db *db, enum statement_id id);

/* For a statement that is held elsewhere (db/assembly.h). */
void stmt_lease(struct stmt *stmt);

void stmt_release(struct stmt *stmt);
void stmt_cleanup(struct stmt **stmt);

/* Bound strings are borrowed until the release. NULL binds NULL. */
void stmt_bind_int(struct stmt *stmt, int arg, int64_t value);
void stmt_bind_real(struct stmt *stmt, int arg, double value);
void stmt_bind_text(struct stmt *stmt, int arg, const char *value);
void stmt_bind_text_n(struct stmt *stmt, int arg, const char *value, uint64_t length);
void stmt_bind_null(struct stmt *stmt, int arg);
/* For tables made in memory: `type` is constant and the same on both sides. */
void stmt_bind_pointer(struct stmt *stmt, int arg, void *value, const char *type);

/* DB_OK: there is a row. DB_NOT_FOUND: there are no more. */
DB_CHECKED enum db_status stmt_step(struct stmt *stmt);

/* To run it once more under the same lease; what was bound stays. */
void stmt_rewind(struct stmt *stmt);

/* Runs a statement that gives no rows, and releases it. */
DB_CHECKED enum db_status stmt_run(struct stmt *stmt);

/* Runs a statement that inserts one row, and releases it; gives the number of the row. (RETURNING makes a table for
 * what it returns, which costs more than such a row.) */
DB_CHECKED enum db_status stmt_insert(struct stmt *stmt, int64_t *ret_id);

/* Runs a statement that gives one number, and releases it. */
DB_CHECKED enum db_status stmt_count(struct stmt *stmt, int64_t *ret_count);

/*
 * Columns of the row. stmt_copy() gives NULL for NULL, and when memory runs out: then stmt_row_status() is
 * DB_NO_MEMORY.
 */
int64_t stmt_int(struct stmt *stmt, int column);
double stmt_real(struct stmt *stmt, int column);
/* A number from 0 to count - 1. 0 for any other, which only a damaged store has: stmt_row_status() is then DB_CORRUPT.
 */
int stmt_choice(struct stmt *stmt, int column, int count);
bool stmt_is_null(struct stmt *stmt, int column);
const char *stmt_text(struct stmt *stmt, int column, size_t *ret_length); /* borrowed until the next step */
char *stmt_copy(struct stmt *stmt, int column, struct arena *arena);
DB_CHECKED enum db_status stmt_row_status(const struct stmt *stmt);
