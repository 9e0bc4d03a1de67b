// SPDX-License-Identifier: MIT
/*
 * The limit of whoever has all rows ready: row_loop SOURCE DEST reads the rows of all plain tables of SOURCE into
 * memory and puts them into the same tables of DEST, with one prepared INSERT a table, in one transaction and with the
 * durability that reviewd has. Writes how many rows it were and the seconds from the first INSERT to the commit.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { TABLES_MAX = 64 };

struct table {
	sqlite3_stmt *insert;
	int columns;
	sqlite3_value **values; /* row by row */
	size_t count, room;
};

static double now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int check(int code, sqlite3 *db)
{
	if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE)
		return code;
	fprintf(stderr, "row_loop: %s\n", sqlite3_errmsg(db));
	exit(1);
}

static sqlite3_stmt *prepare(sqlite3 *db, char *sql)
{
	sqlite3_stmt *stmt;
	check(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), db);
	sqlite3_free(sql);
	return stmt;
}

/* Its columns, but those that are made from others. */
static char *columns_of(sqlite3 *db, const char *name, const char *format)
{
	sqlite3_stmt *stmt = prepare(db, sqlite3_mprintf("SELECT name FROM pragma_table_info(%Q)", name));
	char *columns = sqlite3_mprintf("");
	while (check(sqlite3_step(stmt), db) == SQLITE_ROW)
		columns = sqlite3_mprintf(format, columns, *columns ? "," : "", sqlite3_column_text(stmt, 0));
	sqlite3_finalize(stmt);
	return columns;
}

static void read_table(sqlite3 *source, sqlite3 *dest, const char *name, struct table *table)
{
	char *names = columns_of(source, name, "%z%s%s"), *marks = columns_of(source, name, "%z%s?");
	sqlite3_stmt *stmt = prepare(source, sqlite3_mprintf("SELECT %s FROM \"%w\"", names, name));
	*table = (struct table) { .columns = sqlite3_column_count(stmt) };
	table->insert = prepare(dest, sqlite3_mprintf("INSERT INTO \"%w\" (%s) VALUES (%s)", name, names, marks));
	while (check(sqlite3_step(stmt), source) == SQLITE_ROW) {
		if (table->count + (size_t)table->columns > table->room) {
			table->room = table->room * 2 + 1024;
			table->values = realloc(table->values, table->room * sizeof(*table->values));
			if (!table->values)
				exit(1);
		}
		for (int i = 0; i < table->columns; i++)
			table->values[table->count++] = sqlite3_value_dup(sqlite3_column_value(stmt, i));
	}
	sqlite3_finalize(stmt);
	sqlite3_free(names);
	sqlite3_free(marks);
}

static void insert_rows(sqlite3 *dest, const struct table *table)
{
	for (size_t at = 0; at < table->count; at += (size_t)table->columns) {
		for (int i = 0; i < table->columns; i++)
			check(sqlite3_bind_value(table->insert, i + 1, table->values[at + (size_t)i]), dest);
		check(sqlite3_step(table->insert), dest);
		check(sqlite3_reset(table->insert), dest);
	}
}

int main(int argc, char **argv)
{
	static struct table tables[TABLES_MAX];
	sqlite3 *source, *dest;
	size_t count = 0, rows = 0;
	if (argc != 3)
		return 64;
	check(sqlite3_open(argv[1], &source), source);
	check(sqlite3_open(argv[2], &dest), dest);
	check(sqlite3_exec(dest,
		      "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = OFF;"
		      "PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY",
		      NULL, NULL, NULL),
		dest);
	sqlite3_stmt *names = prepare(dest, sqlite3_mprintf("SELECT name FROM sqlite_schema WHERE type = 'table' "
							    "AND name NOT LIKE 'sqlite%%' ORDER BY rowid"));
	while (check(sqlite3_step(names), dest) == SQLITE_ROW && count < TABLES_MAX) {
		read_table(source, dest, (const char *)sqlite3_column_text(names, 0), &tables[count]);
		rows += tables[count].count / (size_t)tables[count].columns;
		count++;
	}
	sqlite3_finalize(names);
	double start = now();
	check(sqlite3_exec(dest, "BEGIN IMMEDIATE", NULL, NULL, NULL), dest);
	for (size_t i = 0; i < count; i++)
		insert_rows(dest, &tables[i]);
	check(sqlite3_exec(dest, "COMMIT", NULL, NULL, NULL), dest);
	printf("%zu %.4f\n", rows, now() - start);
	return 0;
}
