// SPDX-License-Identifier: MIT
#include "db/passages.h"

#include "db/connection.h"
#include "db/log.h"
#include "db/text/utf8.h"

enum { CODEPOINT_BYTES_MAX = 4 };

/* The blob is opened once and then moved from text to text, which costs half as much. */
static enum db_status passage_open_text(struct db *db, int64_t review_id)
{
	int code = SQLITE_OK;
	if (!db->text_blob)
		code = sqlite3_blob_open(db->handle, "main", "review_text", "text", review_id, 0, &db->text_blob);
	else if (db->text_blob_review != review_id)
		code = sqlite3_blob_reopen(db->text_blob, review_id);
	if (code == SQLITE_OK) {
		db->text_blob_review = review_id;
		return DB_OK;
	}
	sqlite3_blob_close(db->text_blob);
	db->text_blob = NULL;
	return db_status_from(db, code, "passage");
}

/* Bytes that continue a code point begun before `text`. */
static size_t continuation(const char *text, size_t length)
{
	size_t skip = 0;
	while (skip < length && ((unsigned char)text[skip] & 0xc0) == 0x80)
		skip++;
	return skip;
}

enum db_status passage_read(struct db *db, int64_t review_id, uint64_t text_bytes, const struct span *span,
	size_t context, struct arena *arena, struct passage *ret_passage)
{
	size_t context_bytes = CODEPOINT_BYTES_MAX * context;
	if (span->byte_start >= span->byte_end || span->byte_end > text_bytes) {
		log_line("store: a span of review %lld lies outside its text; run 'reviewd check'",
			(long long)review_id);
		return DB_CORRUPT;
	}
	enum db_status status = passage_open_text(db, review_id);
	if (status != DB_OK)
		return status;
	size_t from = span->byte_start > context_bytes ? span->byte_start - context_bytes : 0;
	size_t to = text_bytes - span->byte_end > context_bytes ? span->byte_end + context_bytes : (size_t)text_bytes;
	char *window = arena_alloc(arena, to - from + 1);
	if (!window)
		return DB_NO_MEMORY;
	int code = sqlite3_blob_read(db->text_blob, window, (int)(to - from), (int)from);
	if (code != SQLITE_OK)
		return db_status_from(db, code, "passage");

	size_t start = span->byte_start - from, end = span->byte_end - from;
	size_t first = continuation(window, start);
	size_t before = utf8_backward(window + first, start - first, context) + first;
	size_t behind = utf8_forward(window, to - from, end, context);
	struct passage passage = {
		.span = *span,
		.exact = arena_strndup(arena, window + start, end - start),
		.prefix = arena_strndup(arena, window + before, start - before),
		.suffix = arena_strndup(arena, window + end, behind - end),
	};
	if (!passage.exact || !passage.prefix || !passage.suffix)
		return DB_NO_MEMORY;
	*ret_passage = passage;
	return DB_OK;
}
