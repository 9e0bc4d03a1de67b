// SPDX-License-Identifier: MIT
/* The inside of a connection, for the files of db/ only. */
#pragma once

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "db/assembly.h"
#include "db/db.h"
#include "db/quote_lengths.h"
#include "db/stmt.h"
#include "db/store.h"
#include "db/text/stem.h"
#include "db/text/word_set.h"

/* Statements put together from fragments, kept by what they are made of; the oldest gives way. More than are ever
 * leased at once. */
enum { ASSEMBLED_MAX = 48 };

struct assembled {
	struct recipe recipe;
	struct stmt stmt; /* without a handle: free */
};

/* How long a lock of somebody else is waited for. */
enum { BUSY_TIMEOUT_MS = 2000 };

/* "RVWD", in the file's header, so that file(1) and we know the file. */
enum { APPLICATION_ID = 0x52565744 };

/* Counts of long lists; the oldest gives way. Shorter ones are soon counted again. */
enum { COUNTED_MAX = 32, COUNTED_BYTES = 256, COUNTED_FROM = 1000 };

struct counted {
	struct recipe recipe;
	int64_t revision; /* of the store; 0, with no recipe, where there is none */
	int64_t count;
	size_t length;
	char arguments[COUNTED_BYTES];
};

/* How many code points that are pairs in UTF-16 stand before certain bytes of a text (db/passages.c). */
struct pairs {
	int64_t review_id;
	uint32_t *before; /* NULL: not counted */
};

/* What is read once in a read or a write. */
struct snapshot {
	struct store_info store;          /* its uuid is NULL: not read yet */
	char uuid[STORE_UUID_LENGTH + 2]; /* room for one too many: such a one is wrong */
	bool is_changed;                  /* store_set() has; the row is written with the commit */
	bool is_raised;                   /* the revision has been, in this write */
	bool was_raised;                  /* before the savepoint */
};

/* Noted for the index in this write, without the table: as many as clients write at once. An import has more. */
enum { DUE_MAX = 256 };

struct db {
	sqlite3 *handle;
	enum db_mode mode;
	bool is_new;
	bool in_read;
	bool may_linger;   /* db_linger() tells */
	bool lingers;      /* an ended read is still there for the next one */
	bool is_immutable; /* a file that nobody can write */
	bool in_write;
	bool without_log;                   /* a new store that is being filled; see DB_FILL */
	bool index_later;                   /* db_index_later() */
	bool index_in_doubt;                /* db_rollback() tells why */
	bool due_table_empty;               /* search_due is known to be; the writer's, for db/search_index.c */
	bool index_thinned;                 /* rows were taken out of the index in this write */
	int lock_fd;                        /* the writer's lock, or -1 */
	int64_t deadline_ns;                /* CLOCK_MONOTONIC, 0 for none */
	uint64_t generation;                /* of the read, as far as it lingers */
	struct snapshot snapshot;           /* of the read, however long it lingers, or the write */
	const volatile uint64_t *wal_index; /* NULL: what others commit is not seen there */
	int log_pages;                      /* committed, and not in the file yet */
	sqlite3_blob *text_blob;            /* the text read last, while the snapshot lasts */
	int64_t text_blob_review;
	struct pairs pairs;                          /* as long */
	struct quote_lengths lengths;                /* the writer's */
	struct stemmers *stemmers;                   /* NULL until they are needed */
	struct word_set words_known[STEM_LANGUAGES]; /* the writer's, for db/word_forms.c */
	size_t words_put[STEM_LANGUAGES];            /* how many bytes of them are in the store */
	const struct known_words *known_words;       /* of the row that is being indexed; see db/fts.h */
	enum stem_language noted_language;           /* of the row that is being indexed, while its words are noted */
	struct assembled assembled[ASSEMBLED_MAX];
	unsigned assembled_next;
	int64_t due[DUE_MAX]; /* rowids in the index, in no order */
	size_t due_count;
	struct counted counted[COUNTED_MAX];
	unsigned counted_next;
	struct stmt statements[STATEMENT_COUNT];
};

/* What a result code of SQLite means. */
enum db_status db_status_of(int code);

/* The same; a fault is logged with `what`. */
enum db_status db_status_from(struct db *db, int code, const char *what);

/* The same while a connection opens: what went wrong is told in ret_error, and not logged. */
enum db_status db_refuse(struct db *db, int code, struct db_error *ret_error);

/* From now on every statement ends with DB_TIMEOUT once `timeout_ms` are over; 0 for no limit. */
void db_set_timeout(struct db *db, unsigned timeout_ms);

/* Whether that time is over: for what takes long outside of statements. */
bool db_is_late(const struct db *db);

/* Prepares every statement that is not prepared yet. */
DB_CHECKED enum db_status db_prepare_all(struct db *db, struct db_error *ret_error);

/* The settings of a connection that was opened just now; an error code of SQLite. */
int db_configure(struct db *db);

/* From now on no statement is prepared that does more than the mode lets it. */
void db_restrict(struct db *db);

/* A writer's journal: the log, or the rollback journal until db_take_up_log() finds the first commit made. */
DB_CHECKED enum db_status db_use_wal(struct db *db, struct db_error *ret_error);
DB_CHECKED enum db_status db_go_without_log(struct db *db, struct db_error *ret_error);

/* Where it fails, for somebody who reads just then, it is done with the next commit or when the connection is closed.
 */
void db_take_up_log(struct db *db);

/* From now on db_generation() knows; the connection has read before. */
void db_watch_commits(struct db *db);

/* Brings the schema to SCHEMA_VERSION; sets db->is_new. Writer only. */
DB_CHECKED enum db_status db_migrate(struct db *db, struct db_error *ret_error);
