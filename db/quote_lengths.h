// SPDX-License-Identifier: MIT
/*
 * The table quote_length, by which quotes are sorted and filtered by length. Quotes come in any order of their lengths,
 * and each that is put by itself costs the way through the tree; so they are gathered, and put in that order: when they
 * are many, and before the transaction ends. For the files of db/ only.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "db/db.h"

struct quote_length {
	int64_t codepoints, quote_id;
};

/* Gathered, and not in the store yet. */
struct quote_lengths {
	struct quote_length *items; /* NULL: none */
	size_t count;
};

DB_CHECKED enum db_status quote_lengths_add(struct db *db, int64_t codepoints, int64_t quote_id);

/* Puts what was gathered into the store. Before anything reads the table, or takes away what was added. */
DB_CHECKED enum db_status quote_lengths_put(struct db *db);

/* Forgets what was gathered: the write is rolled back. */
void quote_lengths_forget(struct db *db);
