// SPDX-License-Identifier: MIT
/*
 * A server that tells how SQLite goes about each statement: plans STORE OUT
 *
 * It notes every statement that any connection runs. When it is told to stop, it asks SQLite for the plans of all named
 * statements and of those that were noted besides, and writes them to OUT: name (empty for a statement without one),
 * SQL and the lines of the plan, with US between and RS behind.
 */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "db/connection.h"
#include "server/reviewd.h"

enum { NOTED_MAX = 20000 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static char *noted[NOTED_MAX];
static size_t noted_count;

static bool is_named(const char *sql)
{
	for (int i = 0; i < STATEMENT_COUNT; i++) {
		if (!strcmp(schema_statements[i].sql, sql))
			return true;
	}
	return false;
}

/* FTS5 runs statements of its own, on tables of its own; all others that are put together ask for something. */
static bool is_assembled(const char *sql)
{
	return (!strncmp(sql, "SELECT", 6) || !strncmp(sql, "WITH", 4)) && !strstr(sql, "'main'.'") && !is_named(sql);
}

static int note(unsigned event, void *context, void *statement, void *sql_or_comment)
{
	(void)event;
	(void)context;
	(void)sql_or_comment;
	const char *sql = sqlite3_sql(statement);
	pthread_mutex_lock(&mutex);
	size_t i = 0;
	while (sql && i < noted_count && strcmp(noted[i], sql) != 0)
		i++;
	if (sql && i == noted_count && is_assembled(sql)) {
		if (i == NOTED_MAX || !(noted[i] = strdup(sql)))
			abort();
		noted_count++;
	}
	pthread_mutex_unlock(&mutex);
	return 0;
}

static int listen_in(sqlite3 *handle, const char **ret_error, const struct sqlite3_api_routines *api)
{
	(void)ret_error;
	(void)api;
	return sqlite3_trace_v2(handle, SQLITE_TRACE_STMT, note, NULL);
}

static int write_plan(sqlite3 *handle, const char *name, const char *sql, FILE *out)
{
	sqlite3_stmt *stmt = NULL;
	char *question = sqlite3_mprintf("EXPLAIN QUERY PLAN %s", sql);
	int code = question ? sqlite3_prepare_v2(handle, question, -1, &stmt, NULL) : SQLITE_NOMEM;
	if (code == SQLITE_OK) {
		fprintf(out, "%s\x1f%s\x1f", name, sql);
		while ((code = sqlite3_step(stmt)) == SQLITE_ROW)
			fprintf(out, "%s\n", (const char *)sqlite3_column_text(stmt, 3));
		fputs("\x1e", out);
	}
	if (code != SQLITE_OK && code != SQLITE_DONE)
		fprintf(stderr, "plans: %s: %s\n", sql, sqlite3_errmsg(handle));
	sqlite3_finalize(stmt);
	sqlite3_free(question);
	return code == SQLITE_DONE ? 0 : 1;
}

static int write_plans(const char *store, const char *file)
{
	struct db *db;
	struct db_error error;
	int failed = 0;
	FILE *out = fopen(file, "w");
	if (!out || db_open(store, DB_WRITE, &db, &error) != DB_OK)
		return 1;
	for (int i = 0; i < STATEMENT_COUNT; i++)
		failed |= write_plan(db->handle, schema_statements[i].name, schema_statements[i].sql, out);
	for (size_t i = 0; i < noted_count; i++)
		failed |= write_plan(db->handle, "", noted[i], out);
	db_close(db);
	for (size_t i = 0; i < noted_count; i++)
		free(noted[i]);
	return fclose(out) == 0 ? failed : 1;
}

int main(int argc, char **argv)
{
	struct reviewd *service = NULL;
	struct reviewd_error error = { "usage: plans STORE OUT" };
	sigset_t ends;
	int number;
	if (argc == 3 && sqlite3_auto_extension((void (*)(void))listen_in) == SQLITE_OK) {
		sigemptyset(&ends);
		sigaddset(&ends, SIGTERM);
		pthread_sigmask(SIG_BLOCK, &ends, NULL);
		const struct reviewd_options options = { .db = argv[1], .listen = "127.0.0.1:0" };
		if (reviewd_open(&options, &service, &error) == REVIEWD_OK &&
			reviewd_start(service, &error) == REVIEWD_OK) {
			printf("listening on %s\n", reviewd_address(service));
			fflush(stdout);
			sigwait(&ends, &number);
			reviewd_close(service);
			sqlite3_reset_auto_extension();
			return write_plans(argv[1], argv[2]);
		}
	}
	fprintf(stderr, "plans: %s\n", error.message);
	reviewd_close(service);
	return 1;
}
