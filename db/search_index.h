// SPDX-License-Identifier: MIT
/*
 * Filling the index of words.
 *
 * What changes is noted, and indexed in one go right before the commit: FTS5
 * gathers rows in memory only while their rowids ascend and no savepoint is made
 * in between, and without gathering an import is ten times slower. New reviews
 * ascend by themselves: an import has each indexed as it comes, while the next one
 * is read.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "db/db.h"
#include "db/fts.h"
#include "db/text/text_words.h"

/* A review with its quotes, an agent or a work is new in the store. */
DB_CHECKED enum db_status search_note_new(struct db *db, enum search_kind kind, int64_t id);

/* It is about to change, or to go: to be called while the store still has what was indexed. */
DB_CHECKED enum db_status search_note_change(struct db *db, enum search_kind kind, int64_t id);

/*
 * Indexes a review that was noted as new right away, so that its commit has less to do. Left to the commit where it is
 * not in memory, or something was taken out in this write: then its row is not the last one. `words`: those of its
 * text, or NULL.
 */
DB_CHECKED enum db_status search_index_new(struct db *db, int64_t review_id, const struct text_words *words);

/*
 * What was noted in this write is in memory alone, as long as it is little: db_commit() indexes it. Into the table
 * search_due with it: for another write, or because a part of this one may be taken back.
 */
DB_CHECKED enum db_status search_put_off(struct db *db);

/* A write was taken back, or a part of it behind search_put_off(). */
void search_rolled_back(struct db *db);

/* Indexes what was noted, but no more than so many reviews; db_commit() calls it. `ret_any`: there was something. */
DB_CHECKED enum db_status search_catch_up(struct db *db, int64_t reviews, bool *ret_any);
