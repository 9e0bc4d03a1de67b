// SPDX-License-Identifier: MIT
/* The inside of a connection, for the files of db/ only. */
#pragma once

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "db/assembly.h"
#include "db/db.h"
#include "db/stmt.h"

/* Statements put together from fragments, kept by what they are made of; the oldest gives way. More than are ever
 * leased at once. */
enum { ASSEMBLED_MAX = 48 };

struct assembled {
	struct recipe recipe;
	struct stmt stmt; /* without a handle: free */
};

/* Counts of long lists; the oldest gives way. Shorter ones are soon counted again. */
enum { COUNTED_MAX = 32, COUNTED_BYTES = 256, COUNTED_FROM = 1000 };

struct counted {
	struct recipe recipe;
	int64_t revision; /* of the store; 0, with no recipe, where there is none */
	int64_t count;
	size_t length;
	char arguments[COUNTED_BYTES];
};

struct db {
	sqlite3 *handle;
	enum db_mode mode;
	bool is_new;
	bool in_read;
	int lock_fd;             /* the writer's lock, or -1 */
	int64_t deadline_ns;     /* CLOCK_MONOTONIC, 0 for none */
	sqlite3_blob *text_blob; /* the text read last, while a read lasts */
	int64_t text_blob_review;
	struct assembled assembled[ASSEMBLED_MAX];
	unsigned assembled_next;
	struct counted counted[COUNTED_MAX];
	unsigned counted_next;
	struct stmt statements[STATEMENT_COUNT];
};

/* What a result code of SQLite means; a fault is logged with `what`. */
enum db_status db_status_from(struct db *db, int code, const char *what);

/* From now on every statement ends with DB_TIMEOUT once `timeout_ms` are over; 0 for no limit. */
void db_set_timeout(struct db *db, unsigned timeout_ms);

/* Brings the schema to SCHEMA_VERSION; sets db->is_new. Writer only. */
DB_CHECKED enum db_status db_migrate(struct db *db, struct db_error *ret_error);
