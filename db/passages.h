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

/* What an offset of a text counts: Unicode code points, the units of UTF-16 (JavaScript, Java), or bytes of UTF-8. */
enum offset_unit { OFFSET_CODEPOINT, OFFSET_UTF16, OFFSET_BYTE };
enum { OFFSET_UNITS = 3 };

/* How long a piece of text is in `unit`. */
size_t passage_length(enum offset_unit unit, const char *text, size_t bytes);

/*
 * With up to `context` code points on either side. `text_bytes` is the length of the review's text. Only between
 * db_begin_read() and db_end_read().
 */
DB_CHECKED enum db_status passage_read(struct db *db, int64_t review_id, uint64_t text_bytes, const struct span *span,
	size_t context, struct arena *arena, struct passage *ret_passage);

/*
 * Gives the start and the end of a span, both in code points, in `unit`. For UTF-16 the text is read once, however many
 * spans of the same review follow each other. Only between db_begin_read() and db_end_read().
 */
DB_CHECKED enum db_status passage_convert(struct db *db, enum offset_unit unit, int64_t review_id, struct span *span);
