// SPDX-License-Identifier: MIT
/* All reviews of a store as NDJSON: a bundle on each line, in the order of their ids. */
#pragma once

#include "db/arena.h"
#include "db/db.h"
#include "db/text/buffer.h"

/* Zero-initialise, with the connection in it, which stays the caller's. */
struct bundle_lines {
	struct db *db;
	struct arena arena; /* for one bundle */
	struct buffer last; /* the id of the one before */
};

/*
 * Appends the next line. Between db_begin_read() and db_end_read(): all lines of one snapshot are told alike.
 * DB_NOT_FOUND: that was all, and nothing is appended.
 */
DB_CHECKED enum db_status bundle_lines_next(struct bundle_lines *lines, struct buffer *out);

/* Appends that of one review. DB_NOT_FOUND: there is none with this id. */
DB_CHECKED enum db_status bundle_lines_one(struct bundle_lines *lines, const char *slug, struct buffer *out);

void bundle_lines_deinit(struct bundle_lines *lines);
