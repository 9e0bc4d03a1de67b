// SPDX-License-Identifier: MIT
/*
 * The limit of whoever commits each write by itself: single rows, one transaction and one wait for the disk each, with
 * the journal and the durability that reviewd has. commit_loop FILE SECONDS writes how many a second it were.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void check(int code, sqlite3 *db)
{
	if (code == SQLITE_OK || code == SQLITE_DONE)
		return;
	fprintf(stderr, "commit_loop: %s\n", sqlite3_errmsg(db));
	exit(1);
}

int main(int argc, char **argv)
{
	sqlite3 *db;
	sqlite3_stmt *insert;
	if (argc != 3)
		return 64;
	double seconds = strtod(argv[2], NULL);
	check(sqlite3_open(argv[1], &db), db);
	check(sqlite3_exec(db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE row (text TEXT NOT NULL)",
		      NULL, NULL, NULL),
		db);
	check(sqlite3_prepare_v2(db, "INSERT INTO row (text) VALUES ('Some words of a review.')", -1, &insert, NULL), db);
	double start = now();
	long count = 0;
	for (; now() - start < seconds; count++) {
		check(sqlite3_step(insert), db);
		check(sqlite3_reset(insert), db);
	}
	printf("%.1f\n", (double)count / (now() - start));
	sqlite3_finalize(insert);
	sqlite3_close(db);
	return 0;
}
