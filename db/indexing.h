// SPDX-License-Identifier: MIT
/*
 * What the index of words has to hold, row by row, made from what the store says.
 * For db/search_index.c, which puts it in and takes it out, and
 * db/search_check.c, which compares.
 */
#pragma once

#include <stdint.h>

#include "db/arena.h"
#include "db/db.h"
#include "db/fts.h"
#include "db/text/buffer.h"
#include "db/text/stem.h"

struct words {
	const char *bytes; /* NULL: there are none */
	size_t length;
};

struct index_row {
	int64_t rowid;
	enum stem_language language;
	struct words text, title, labels;
	struct known_words known; /* those of the text; without ranges: they are not known */
};

/* Who takes the rows, and the names that are suggested. Strings are borrowed for the call. */
struct index_taker {
	enum db_status (*row)(void *context, const struct index_row *row);
	enum db_status (*name)(void *context, enum search_kind kind, int64_t id, int64_t position, const char *name);
	void *context;
};

/* Zero-initialise but for db and taker. */
struct indexing {
	struct db *db;
	const struct index_taker *taker;
	const struct text_words *words; /* of the review; NULL: not known */
	struct arena arena;             /* for what one thing has */
	struct buffer joined, labels, ranges;
};

void indexing_deinit(struct indexing *indexing);

/* The review `id` and before it its quotes, or that agent or work, in the order of their rows. DB_NOT_FOUND: the store
 * does not have it. */
DB_CHECKED enum db_status indexing_run(struct indexing *indexing, enum search_kind kind, int64_t id);

/* The columns of the index: a text in every language and in none, the titles alike, the labels. */
enum {
	INDEX_TITLES = STEM_LANGUAGES + 1, /* the first of the titles */
	INDEX_LABELS = 2 * INDEX_TITLES,
	INDEX_COLUMNS
};

/* What a row has in that column. */
struct words index_row_column(const struct index_row *row, int column);
