// SPDX-License-Identifier: MIT
/*
 * Functions that the SQL of schema/ may call besides SQLite's own; NULL gives NULL.
 *
 *   name_key(name)                        db/text/key.h
 *   shuffle_key(review_slug, local_slug)  db/shuffle.h
 *   shuffle_number(shuffle_key, seed)     db/shuffle.h
 *
 * scripts/embed_sql.py knows their names, too.
 */
#pragma once

struct sqlite3;

/* A result code of SQLite. */
int functions_add(struct sqlite3 *handle);
