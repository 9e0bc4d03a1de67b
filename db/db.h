// SPDX-License-Identifier: MIT
/*
 * A connection to the store: one SQLite file in WAL mode.
 *
 * Readers can only read. There is one writer at a time, over all processes: it
 * holds a lock on `<path>-lock`, and it alone writes and checkpoints, which also
 * keeps clear of the WAL-reset bug of SQLite before 3.51.3. A connection belongs
 * to one thread at a time. Every statement is prepared when it opens.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct db;

/*
 * How a call ended. DB_OK, and the outcomes a declaration names, are for the caller to handle; all others are faults:
 * already logged, to be passed on unchanged.
 */
enum db_status {
	DB_OK,
	DB_NOT_FOUND, /* no such row, no more rows, no such file */
	DB_INVALID,   /* the data contradicts the store */
	DB_BUSY,      /* somebody else is writing */
	DB_TIMEOUT,   /* the statement took longer than it may */
	DB_NO_MEMORY,
	DB_FULL,    /* no space on the disk */
	DB_IO,      /* the disk failed */
	DB_DENIED,  /* no permission, or the file is read-only */
	DB_CORRUPT, /* not a store, or a damaged one */
	DB_NEWER,   /* a store of a later version of this program */
	DB_FAULT    /* anything else: a bug */
};

#define DB_CHECKED __attribute__((warn_unused_result))

enum db_mode {
	DB_READ,  /* the file must exist */
	DB_WRITE, /* makes a missing file, brings an older one up to date, takes the writer's lock */
	DB_FILL,  /* as DB_WRITE, for much at once: see below */
	DB_TRY    /* as DB_WRITE, but for a missing file: then a store that nobody sees and that ends with db_close() */
};

/* One line for people, without a path. */
struct db_error {
	char message[256];
};

/*
 * Opens the store at `path`. On failure nothing is open, nothing was made but the writer's
 * lock file unless the disk failed half-way, a file that is no store is as it was, and `ret_error` says why.
 * DB_NOT_FOUND, DB_BUSY, DB_DENIED, DB_FULL, DB_IO, DB_CORRUPT, DB_NEWER, DB_NO_MEMORY, DB_FAULT.
 *
 * With DB_FILL the first commit into a file that was missing goes without the log, in which every page would be written
 * first; until then others wait, and take it for busy after two seconds. What is cut short before is rolled back by the
 * next writer.
 */
DB_CHECKED enum db_status db_open(const char *path, enum db_mode mode, struct db **ret_db, struct db_error *ret_error);

/* Accepts NULL. The writer checkpoints and gives its lock back. */
void db_close(struct db *db);

/* Closes, and takes away the store that this connection made: half of what was to be in it would be worse. */
void db_unmake(struct db *db);

/* True when this connection made the file. */
bool db_is_new(const struct db *db);

/* What SQLite said of the last call on this connection, for people; NULL when it had no fault. */
const char *db_message(struct db *db);

/*
 * One consistent snapshot for all reads until db_end_read(). From `timeout_ms` on every statement ends with DB_TIMEOUT;
 * 0 for no limit. DB_BUSY while another process recovers the file.
 */
DB_CHECKED enum db_status db_begin_read(struct db *db, unsigned timeout_ms);
void db_end_read(struct db *db);

/*
 * From now on a snapshot lingers after db_end_read(), and is that of the next read too if nothing was committed in
 * between: many short reads become one. Until db_let_go(), which must come soon: while anybody has a snapshot the log
 * cannot be emptied.
 */
void db_linger(struct db *db);
void db_let_go(struct db *db);

/* From now on so many bytes of the file may stay in memory, instead of 2 MB, or 16 of a writer. */
void db_keep_pages(struct db *db, size_t bytes);

/*
 * Another one after each commit, by whatever connection of whatever process, from when a read would see it; 0: that
 * cannot be told. Only of a DB_READ connection.
 */
uint64_t db_generation(const struct db *db);

/* Opens for writing, and waits for at most `wait_ms` while another process is writing. */
DB_CHECKED enum db_status db_open_patiently(
	const char *path, unsigned wait_ms, struct db **ret_db, struct db_error *ret_error);

/*
 * Writing: DB_BUSY, DB_FULL, DB_IO, and after any failure the transaction is to be rolled back. A commit is on disk
 * when it returns DB_OK.
 */
DB_CHECKED enum db_status db_begin_write(struct db *db);
DB_CHECKED enum db_status db_commit(struct db *db);
void db_rollback(struct db *db);

/*
 * From now on commits leave the index of words as it is, which is most of what they cost. What is missing in it is
 * noted, and put in by the next commit of any other connection, or by db_catch_up().
 */
void db_index_later(struct db *db);
DB_CHECKED enum db_status db_catch_up(struct db *db);

/*
 * From now on SQLite does not look up again what rows refer to: bundle_put() has found or made all of it in the same
 * transaction, and looking takes a sixth of an import. `reviewd check` looks.
 */
void db_trust_references(struct db *db);

/* A part of a write that can be taken back alone. */
DB_CHECKED enum db_status db_savepoint(struct db *db);
DB_CHECKED enum db_status db_savepoint_release(struct db *db);
void db_savepoint_rollback(struct db *db);

/* How many rows were written so far, for good or not. */
int64_t db_changes(const struct db *db);

/*
 * The log of what was committed goes into the file itself: by commits now and then, or, after db_checkpoint_by_hand(),
 * with db_checkpoint() alone. That is as far as readers let it; `empty`: and the log is emptied if none is in the way.
 */
void db_checkpoint_by_hand(struct db *db);
DB_CHECKED enum db_status db_checkpoint(struct db *db, bool empty);

/* Pages in that log after the last commit; only with db_checkpoint_by_hand(). */
int db_log_pages(const struct db *db);

/* A write that changes nothing anybody sees, to find out whether the disk takes one. */
DB_CHECKED enum db_status db_try_to_write(struct db *db);

/* Of SQLite as it runs, and of the schema this program makes; constant. */
const char *db_library_version(void);
int db_schema_version(void);
