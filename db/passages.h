// SPDX-License-Identifier: MIT
/*
 * Passages: a span with the words that stand there, read from the text itself.
 *
 * Only the pages of the file that hold the span are read, whatever the length
 * of the text, so that a quote is never a copy that could differ from it.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "db/arena.h"
#include "db/bundle.h"
#include "db/db.h"

/* Code points of text shown on either side of a span, unless more are asked for. */
enum { PASSAGE_CONTEXT = 32 };

struct passage {
	struct span span;
	const char *exact;
	const char *prefix, *suffix; /* shorter, or empty, at the ends of the text */
};

/*
 * With up to `context` code points on either side. `text_bytes` is the length of the review's text. Only between
 * db_begin_read() and db_end_read().
 */
DB_CHECKED enum db_status passage_read(struct db *db, int64_t review_id, uint64_t text_bytes, const struct span *span,
	size_t context, struct arena *arena, struct passage *ret_passage);
