// SPDX-License-Identifier: MIT
#include "db/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "db/bundle.h"
#include "db/connection.h"
#include "db/quotes.h"
#include "db/sha256.h"
#include "db/stmt.h"
#include "db/store.h"
#include "db/text/anchor.h"
#include "db/text/key.h"
#include "db/text/utf8.h"

struct checking {
	struct db *db;
	const struct check_listener *listener;
	struct check_result result;
};

__attribute__((format(printf, 2, 3))) static void check_found(struct checking *check, const char *format, ...)
{
	char what[512];
	va_list args;
	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	check->result.problems++;
	check->listener->found(what, check->listener->context);
}

enum db_status check_quick(struct db *db, unsigned timeout_ms, struct db_error *ret_error)
{
	sqlite3_stmt *check = NULL;
	db_set_timeout(db, timeout_ms);
	int code = sqlite3_prepare_v2(db->handle, "PRAGMA quick_check(1)", -1, &check, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_step(check);
	enum db_status status = DB_OK;
	if (code == SQLITE_ROW) {
		const char *finding = (const char *)sqlite3_column_text(check, 0);
		if (!finding || strcmp(finding, "ok") != 0) {
			snprintf(ret_error->message, sizeof(ret_error->message), "%s", finding ? finding : "no memory");
			status = finding ? DB_CORRUPT : DB_NO_MEMORY;
		}
	} else if ((code & 0xff) != SQLITE_INTERRUPT) {
		snprintf(ret_error->message, sizeof(ret_error->message), "%s", sqlite3_errmsg(db->handle));
		status = db_status_from(db, code, "quick_check");
	}
	sqlite3_finalize(check);
	db_set_timeout(db, 0);
	return status;
}

/* A damaged file may make the check itself fail: that is a finding, too. */
static enum db_status check_integrity(struct checking *check)
{
	sqlite3_stmt *stmt = NULL;
	int code = sqlite3_prepare_v2(check->db->handle, "PRAGMA integrity_check", -1, &stmt, NULL);
	while (code == SQLITE_OK || code == SQLITE_ROW) {
		code = sqlite3_step(stmt);
		const char *finding = code == SQLITE_ROW ? (const char *)sqlite3_column_text(stmt, 0) : "ok";
		if (finding && strcmp(finding, "ok") != 0)
			check_found(check, "file: %s", finding);
	}
	sqlite3_finalize(stmt);
	if (code == SQLITE_DONE)
		return DB_OK;
	enum db_status status = db_status_from(check->db, code, "integrity_check");
	if (status == DB_CORRUPT)
		check_found(check, "file: %s", db_message(check->db));
	return status;
}

static enum db_status check_foreign_keys(struct checking *check)
{
	enum { TABLE, ROW, PARENT };
	sqlite3_stmt *stmt = NULL;
	int code = sqlite3_prepare_v2(check->db->handle, "PRAGMA foreign_key_check", -1, &stmt, NULL);
	while (code == SQLITE_OK || code == SQLITE_ROW) {
		code = sqlite3_step(stmt);
		if (code == SQLITE_ROW)
			check_found(check, "table %s: row %lld refers to a row of %s that is not there",
				(const char *)sqlite3_column_text(stmt, TABLE),
				(long long)sqlite3_column_int64(stmt, ROW),
				(const char *)sqlite3_column_text(stmt, PARENT));
	}
	sqlite3_finalize(stmt);
	return code == SQLITE_DONE ? DB_OK : db_status_from(check->db, code, "foreign_key_check");
}

static bool span_is_true(const struct text_map *map, const struct span *span)
{
	return span->start < span->end && span->end <= map->codepoints &&
	       text_map_to_byte(map, span->start) == span->byte_start &&
	       text_map_to_byte(map, span->end) == span->byte_end;
}

/* The columns of both statements that give spans, from the id on. */
_Static_assert((int)COL_BUNDLE_MENTIONS_START_CODEPOINT == (int)COL_BUNDLE_QUOTE_SPANS_START_CODEPOINT + 1 &&
		       (int)COL_BUNDLE_MENTIONS_END_BYTE == (int)COL_BUNDLE_QUOTE_SPANS_END_BYTE + 1,
	"spans stand in the same order");

static enum db_status check_spans(struct checking *check, struct stmt *stmt, int first, const char *slug,
	const char *what, const struct text_map *map)
{
	enum db_status status;
	while ((status = stmt_step(stmt)) == DB_OK) {
		struct span span = {
			.start = (uint32_t)stmt_int(stmt, first),
			.end = (uint32_t)stmt_int(stmt, first + 1),
			.byte_start = (uint32_t)stmt_int(stmt, first + 2),
			.byte_end = (uint32_t)stmt_int(stmt, first + 3),
		};
		check->result.spans++;
		if (!span_is_true(map, &span))
			check_found(check, "review %s: %s %lld: span [%u,%u) does not fit the text", slug, what,
				(long long)(stmt_int(stmt, 0) % ITEMS_PER_REVIEW + 1), span.start, span.end);
	}
	return status == DB_NOT_FOUND ? DB_OK : status;
}

static enum db_status check_places(
	struct checking *check, int64_t review_id, const char *slug, const struct text_map *map)
{
	STMT_LEASE struct stmt *spans = db_stmt(check->db, STMT_BUNDLE_QUOTE_SPANS);
	stmt_bind_int(spans, ARG_BUNDLE_QUOTE_SPANS_REVIEW_ID, review_id);
	enum db_status status = check_spans(check, spans, COL_BUNDLE_QUOTE_SPANS_START_CODEPOINT, slug, "quote", map);
	if (status != DB_OK)
		return status;
	STMT_LEASE struct stmt *mentions = db_stmt(check->db, STMT_BUNDLE_MENTIONS);
	stmt_bind_int(mentions, ARG_BUNDLE_MENTIONS_REVIEW_ID, review_id);
	return check_spans(check, mentions, COL_BUNDLE_MENTIONS_START_CODEPOINT, slug, "mention", map);
}

static enum db_status check_text(struct checking *check, struct stmt *review)
{
	int64_t review_id = stmt_int(review, COL_CHECK_REVIEWS_REVIEW_ID);
	const char *slug = stmt_text(review, COL_CHECK_REVIEWS_SLUG, NULL);
	STMT_LEASE struct stmt *stmt = db_stmt(check->db, STMT_REVIEW_TEXT_GET);
	stmt_bind_int(stmt, ARG_REVIEW_TEXT_GET_REVIEW_ID, review_id);
	enum db_status status = stmt_step(stmt);
	if (status == DB_NOT_FOUND) {
		check_found(check, "review %s: the text is missing", slug);
		return DB_OK;
	}
	size_t bytes = 0;
	const char *text = status == DB_OK ? stmt_text(stmt, COL_REVIEW_TEXT_GET_TEXT, &bytes) : NULL;
	if (!text)
		return status == DB_OK ? stmt_row_status(stmt) : status;
	size_t invalid = utf8_find_invalid(text, bytes);
	if (invalid < bytes || memchr(text, '\0', bytes)) {
		check_found(check, "review %s: the text is no longer valid UTF-8 at byte %zu", slug, invalid);
		return DB_OK;
	}
	char sha256[SHA256_HEX_LENGTH + 1];
	struct text_map map;
	if (!sha256_hex(text, bytes, sha256) || !text_map_init(&map, text, bytes))
		return DB_NO_MEMORY;
	if (strcmp(sha256, stmt_text(review, COL_CHECK_REVIEWS_TEXT_SHA256, NULL)) != 0)
		check_found(check, "review %s: the text differs from its SHA-256", slug);
	if (stmt_int(review, COL_CHECK_REVIEWS_TEXT_BYTES) != (int64_t)bytes ||
		stmt_int(review, COL_CHECK_REVIEWS_TEXT_CODEPOINTS) != (int64_t)map.codepoints)
		check_found(check, "review %s: the length of the text differs from what is noted", slug);
	status = check_places(check, review_id, slug, &map);
	text_map_deinit(&map);
	return status;
}

static enum db_status check_reviews(struct checking *check, int64_t total)
{
	STMT_LEASE struct stmt *stmt = db_stmt(check->db, STMT_CHECK_REVIEWS);
	enum db_status status;
	while ((status = stmt_step(stmt)) == DB_OK) {
		status = check_text(check, stmt);
		if (status != DB_OK)
			return status;
		check->result.reviews++;
		if (check->listener->progress)
			check->listener->progress(check->result.reviews, total, check->listener->context);
	}
	return status == DB_NOT_FOUND ? DB_OK : status;
}

static enum db_status check_names(struct checking *check)
{
	STMT_LEASE struct stmt *stmt = db_stmt(check->db, STMT_CHECK_NAMES);
	struct buffer key = { 0 };
	enum db_status status;
	while ((status = stmt_step(stmt)) == DB_OK) {
		size_t length = 0;
		const char *name = stmt_text(stmt, COL_CHECK_NAMES_NAME, &length);
		const char *stored = stmt_text(stmt, COL_CHECK_NAMES_KEY, NULL);
		buffer_clear(&key);
		if (name)
			name_key(&key, name, length);
		if (!name || !stored || key.failed) {
			status = DB_NO_MEMORY;
			break;
		}
		check->result.names++;
		if (strcmp(stored, key.data ? key.data : "") != 0)
			check_found(check, "agent %s: the key of the name '%s' is wrong",
				stmt_text(stmt, COL_CHECK_NAMES_SLUG, NULL), name);
	}
	buffer_deinit(&key);
	return status == DB_NOT_FOUND ? DB_OK : status;
}

/* Statements whose every row is something that must not be. */
static enum db_status check_nothing(struct checking *check, enum statement_id id, const char *what)
{
	STMT_LEASE struct stmt *stmt = db_stmt(check->db, id);
	enum db_status status;
	while ((status = stmt_step(stmt)) == DB_OK)
		check_found(check, "%s %s", stmt_text(stmt, 0, NULL), what);
	return status == DB_NOT_FOUND ? DB_OK : status;
}

static enum db_status check_counts(struct checking *check, const struct store_info *info)
{
	const struct {
		const char *what;
		int64_t noted;
	} counts[] = {
		[COL_CHECK_COUNTS_REVIEWS] = { "reviews", info->reviews },
		[COL_CHECK_COUNTS_WORKS] = { "works", info->works },
		[COL_CHECK_COUNTS_CHARACTERS] = { "characters", info->agents[AGENT_CHARACTER] },
		[COL_CHECK_COUNTS_PEOPLE] = { "people", info->agents[AGENT_PERSON] },
		[COL_CHECK_COUNTS_ORGANISATIONS] = { "organisations", info->agents[AGENT_ORGANISATION] },
		[COL_CHECK_COUNTS_QUOTES] = { "quotes", info->quotes },
		[COL_CHECK_COUNTS_MENTIONS] = { "mentions", info->mentions },
	};
	STMT_LEASE struct stmt *stmt = db_stmt(check->db, STMT_CHECK_COUNTS);
	enum db_status status = stmt_step(stmt);
	for (int i = 0; status == DB_OK && i < (int)(sizeof(counts) / sizeof(counts[0])); i++) {
		if (stmt_int(stmt, i) != counts[i].noted)
			check_found(check, "store: there are %lld %s, but %lld are noted", (long long)stmt_int(stmt, i),
				counts[i].what, (long long)counts[i].noted);
	}
	return status;
}

static enum db_status check_content(struct checking *check, struct arena *arena)
{
	static const struct {
		enum statement_id id;
		const char *what;
	} nothing[] = {
		{ STMT_CHECK_NAMELESS_AGENTS, "(agent): its name is not among its names" },
		{ STMT_CHECK_AGENT_KEYS, "(agent): what it is sorted by is not its name" },
		{ STMT_CHECK_WORK_KEYS, "(work): what it is sorted by is not its title" },
		{ STMT_CHECK_REVIEW_KEYS, "(review): what it is sorted by is not its title or reviewer" },
		{ STMT_CHECK_REVIEW_QUOTES, "(review): it has more or fewer quotes than are noted" },
		{ STMT_CHECK_REVIEW_TRAITS, "(review): other quotes are alike than are noted" },
		{ STMT_CHECK_SPANLESS_QUOTES, "(quote): it has no span" },
		{ STMT_CHECK_QUOTE_KEYS, "(quote): its place in random orders is not that of its id" },
		{ STMT_CHECK_QUOTE_LENGTHS, "(quote): its length is not that of its spans" },
		{ STMT_CHECK_EMPTY_MENTIONS, "(review): a mention names nobody, or agents and a work" },
	};
	struct store_info info;
	enum db_status status = store_get(check->db, arena, &info);
	if (status == DB_OK)
		status = check_reviews(check, info.reviews);
	if (status == DB_OK)
		status = check_names(check);
	for (size_t i = 0; i < sizeof(nothing) / sizeof(nothing[0]) && status == DB_OK; i++)
		status = check_nothing(check, nothing[i].id, nothing[i].what);
	return status == DB_OK ? check_counts(check, &info) : status;
}

enum db_status check_store(struct db *db, const struct check_listener *listener, struct check_result *ret_result)
{
	struct checking check = { .db = db, .listener = listener };
	struct arena arena = { 0 };
	enum db_status status = db_begin_read(db, 0);
	if (status == DB_OK)
		status = check_integrity(&check);
	if (status == DB_OK)
		status = check_foreign_keys(&check);
	/* In a damaged file the rest would only tell the same again in other words. */
	if (status == DB_OK && !check.result.problems)
		status = check_content(&check, &arena);
	db_end_read(db);
	arena_deinit(&arena);
	*ret_result = check.result;
	return status == DB_CORRUPT && check.result.problems ? DB_OK : status;
}
