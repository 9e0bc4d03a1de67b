// SPDX-License-Identifier: MIT
#include "db/passages.h"

#include <stdlib.h>

#include "db/connection.h"
#include "db/log.h"
#include "db/text/utf8.h"

enum { CODEPOINT_BYTES_MAX = 4 };

/* How far it is from one count of pairs to the next; READ_BYTES are read at a time to make them. */
enum { PAIRS_STEP = 1024, READ_BYTES = 8 * PAIRS_STEP };

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
	char *window = arena_reserve(arena, to - from);
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

/* Code points of four bytes in UTF-8, which are those of two units in UTF-16: as many as begin here. */
static uint32_t count_pairs(const char *text, size_t length)
{
	uint32_t count = 0;
	for (size_t i = 0; i < length; i++)
		count += (unsigned char)text[i] >= 0xf0;
	return count;
}

size_t passage_length(enum offset_unit unit, const char *text, size_t bytes)
{
	switch (unit) {
	case OFFSET_BYTE:
		return bytes;
	case OFFSET_UTF16:
		return utf8_count(text, bytes) + count_pairs(text, bytes);
	case OFFSET_CODEPOINT:
		break;
	}
	return utf8_count(text, bytes);
}

static enum db_status read_text(struct db *db, char *ret_text, size_t length, size_t from)
{
	int code = sqlite3_blob_read(db->text_blob, ret_text, (int)length, (int)from);
	return code == SQLITE_OK ? DB_OK : db_status_from(db, code, "passage");
}

/* Counts the pairs before every PAIRS_STEP-th byte of the open text. */
static enum db_status sample_pairs(struct db *db, int64_t review_id)
{
	char text[READ_BYTES];
	size_t bytes = (size_t)sqlite3_blob_bytes(db->text_blob);
	uint32_t *before = malloc((bytes / PAIRS_STEP + 1) * sizeof(*before));
	uint32_t count = 0;
	if (!before)
		return DB_NO_MEMORY;
	before[0] = 0;
	for (size_t from = 0; from < bytes; from += READ_BYTES) {
		size_t length = bytes - from < READ_BYTES ? bytes - from : READ_BYTES;
		enum db_status status = read_text(db, text, length, from);
		if (status != DB_OK) {
			free(before);
			return status;
		}
		for (size_t at = 0; at + PAIRS_STEP <= length; at += PAIRS_STEP) {
			count += count_pairs(text + at, PAIRS_STEP);
			before[(from + at) / PAIRS_STEP + 1] = count;
		}
	}
	free(db->pairs.before);
	db->pairs = (struct pairs) { .review_id = review_id, .before = before };
	return DB_OK;
}

static enum db_status pairs_before(struct db *db, uint32_t byte, uint32_t *ret_count)
{
	char text[PAIRS_STEP];
	size_t from = byte / PAIRS_STEP * PAIRS_STEP;
	if (byte > (uint32_t)sqlite3_blob_bytes(db->text_blob))
		return DB_CORRUPT;
	enum db_status status = read_text(db, text, byte - from, from);
	*ret_count = db->pairs.before[byte / PAIRS_STEP] + count_pairs(text, byte - from);
	return status;
}

enum db_status passage_convert(struct db *db, enum offset_unit unit, int64_t review_id, struct span *span)
{
	if (unit == OFFSET_BYTE) {
		span->start = span->byte_start;
		span->end = span->byte_end;
	}
	if (unit != OFFSET_UTF16)
		return DB_OK;
	uint32_t before_start = 0, before_end = 0;
	enum db_status status = passage_open_text(db, review_id);
	if (status == DB_OK && (!db->pairs.before || db->pairs.review_id != review_id))
		status = sample_pairs(db, review_id);
	if (status == DB_OK)
		status = pairs_before(db, span->byte_start, &before_start);
	if (status == DB_OK)
		status = pairs_before(db, span->byte_end, &before_end);
	span->start += before_start;
	span->end += before_end;
	return status;
}
