// SPDX-License-Identifier: MIT
#include "db/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "db/bundle_get.h"
#include "db/checking.h"
#include "db/numbers.h"
#include "db/quotes.h"
#include "db/review_digest.h"
#include "db/search_check.h"
#include "db/sha256.h"
#include "db/spans.h"
#include "db/stmt.h"
#include "db/store.h"
#include "db/text/anchor.h"
#include "db/text/date.h"
#include "db/text/key.h"
#include "db/text/utf8.h"

void check_found(struct checking *check, const char *format, ...)
{
	char what[512];
	va_list args;
	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	/* It may hold what a damaged store holds. */
	for (char *c = what; *c; c++) {
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = '?';
	}
	check->result.problems++;
	check->listener->found(what, check->listener->context);
}

static bool span_is_true(const struct text_map *map, const struct span *span)
{
	return span->start < span->end && span->end <= map->codepoints &&
	       text_map_to_byte(map, span->start) == span->byte_start &&
	       text_map_to_byte(map, span->end) == span->byte_end;
}

static void check_span(struct checking *check, const char *slug, const char *what, int64_t id, const struct span *span,
	const struct text_map *map)
{
	check->result.spans++;
	if (!span_is_true(map, span))
		check_found(check, "review %s: %s %lld: span [%u,%u) does not fit the text", slug, what,
			(long long)(id % ITEMS_PER_REVIEW + 1), span->start, span->end);
}

static enum db_status check_quote(
	struct checking *check, struct stmt *stmt, const char *slug, const struct text_map *map)
{
	const char *local_slug = stmt_text(stmt, COL_BUNDLE_QUOTES_LOCAL_SLUG, NULL);
	const char *spans = stmt_text(stmt, COL_BUNDLE_QUOTES_SPANS, NULL);
	int64_t codepoints = 0, count = 0;
	struct span span;
	if (!local_slug || !spans)
		return DB_NO_MEMORY;
	for (; spans_next(&spans, &span); count++) {
		check_span(check, slug, "quote", stmt_int(stmt, COL_BUNDLE_QUOTES_QUOTE_ID), &span, map);
		codepoints += (count ? QUOTE_GAP_CODEPOINTS : 0) + (int64_t)span.end - span.start;
	}
	if (*spans || !count)
		check_found(check, "quote %s~%s: %s", slug, local_slug,
			*spans ? "its spans are no numbers" : "it has no span");
	else if (codepoints != stmt_int(stmt, COL_BUNDLE_QUOTES_CODEPOINTS))
		check_found(check, "quote %s~%s: its length is not that of its spans", slug, local_slug);
	return DB_OK;
}

static enum db_status check_quotes(
	struct checking *check, int64_t review_id, const char *slug, const struct text_map *map)
{
	STMT_LEASE struct stmt *stmt = db_stmt(check->db, STMT_BUNDLE_QUOTES);
	stmt_bind_int(stmt, ARG_BUNDLE_QUOTES_REVIEW_ID, review_id);
	enum db_status status;
	while ((status = stmt_step(stmt)) == DB_OK) {
		status = check_quote(check, stmt, slug, map);
		if (status != DB_OK)
			return status;
	}
	return status == DB_NOT_FOUND ? DB_OK : status;
}

static enum db_status check_mention(
	struct checking *check, struct stmt *stmt, const char *slug, const struct text_map *map)
{
	int64_t mention_id = stmt_int(stmt, COL_BUNDLE_MENTIONS_MENTION_ID);
	const char *text = stmt_text(stmt, COL_BUNDLE_MENTIONS_SPAN, NULL);
	const char *agents = stmt_text(stmt, COL_BUNDLE_MENTIONS_AGENTS, NULL);
	long long number = mention_id % ITEMS_PER_REVIEW + 1;
	struct span span;
	uint64_t agent_id;
	if (!text || !agents)
		return DB_NO_MEMORY;
	if (spans_only(text, &span))
		check_span(check, slug, "mention", mention_id, &span, map);
	else
		check_found(check, "review %s: mention %lld: its span is no four numbers", slug, number);
	while (numbers_next(&agents, INT64_MAX, 1, &agent_id))
		continue;
	if (*agents)
		check_found(check, "review %s: mention %lld: whom it names is told by no numbers", slug, number);
	return DB_OK;
}

static enum db_status check_mentions(
	struct checking *check, int64_t review_id, const char *slug, const struct text_map *map)
{
	STMT_LEASE struct stmt *stmt = db_stmt(check->db, STMT_BUNDLE_MENTIONS);
	stmt_bind_int(stmt, ARG_BUNDLE_MENTIONS_REVIEW_ID, review_id);
	enum db_status status;
	while ((status = stmt_step(stmt)) == DB_OK) {
		status = check_mention(check, stmt, slug, map);
		if (status != DB_OK)
			return status;
	}
	return status == DB_NOT_FOUND ? DB_OK : status;
}

/* The dates by which lists are filtered are made from the one that was given. `first` is the column of that one. */
static void check_dates(struct checking *check, struct stmt *stmt, int first, const char *noun, const char *slug)
{
	size_t length = 0;
	const char *date = stmt_text(stmt, first, &length);
	int64_t from = 0, to = 0;
	bool dated = date && edtf_parse(date, length, &from, &to);
	if (stmt_is_null(stmt, first + 1) == dated || stmt_is_null(stmt, first + 2) == dated ||
		(dated && (stmt_int(stmt, first + 1) != from || stmt_int(stmt, first + 2) != to)))
		check_found(check, "%s %s: its first and last day do not fit its date '%.40s'", noun, slug,
			date ? date : "");
}

/* What the bundle said of the review, as one hash: nothing was moved, exchanged or lost that fits the text all the
 * same. */
static enum db_status check_digest(struct checking *check, struct stmt *review)
{
	const char *slug = stmt_text(review, COL_CHECK_REVIEWS_SLUG, NULL);
	const char *noted = stmt_text(review, COL_CHECK_REVIEWS_DIGEST, NULL);
	size_t count = (size_t)stmt_int(review, COL_CHECK_REVIEWS_AGENTS);
	struct bundle bundle;
	char digest[SHA256_HEX_LENGTH + 1];
	arena_clear(&check->arena);
	if (!slug || !noted)
		return DB_NO_MEMORY;
	enum db_status status = bundle_get(check->db, slug, &check->arena, &bundle);
	if (status == DB_CORRUPT) {
		check_found(check, "review %s: it cannot be read whole", slug);
		return DB_OK;
	}
	if (status != DB_OK)
		return status;
	struct index_list agents = { .items = arena_array(&check->arena, count, sizeof(*agents.items)) };
	for (; agents.items && agents.count < count; agents.count++)
		agents.items[agents.count] = agents.count;
	if (!agents.items || !review_digest(&bundle, &agents, digest))
		return DB_NO_MEMORY;
	if (strcmp(digest, noted) != 0)
		check_found(check, "review %s: its quotes, mentions or fields differ from their digest", slug);
	return DB_OK;
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
	const char *nul = memchr(text, '\0', bytes);
	if (invalid < bytes || nul) {
		check_found(check, "review %s: the text %s at byte %zu", slug,
			invalid < bytes ? "is no longer valid UTF-8" : "has a NUL",
			invalid < bytes ? invalid : (size_t)(nul - text));
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
	status = check_quotes(check, review_id, slug, &map);
	if (status == DB_OK)
		status = check_mentions(check, review_id, slug, &map);
	text_map_deinit(&map);
	return status;
}

static enum db_status check_reviews(struct checking *check, int64_t total)
{
	STMT_LEASE struct stmt *stmt = db_stmt(check->db, STMT_CHECK_REVIEWS);
	enum db_status status;
	while ((status = stmt_step(stmt)) == DB_OK) {
		int64_t before = check->result.problems;
		status = check_text(check, stmt);
		/* What is wrong already would only be told once more, and less clearly. */
		if (status == DB_OK && check->result.problems == before)
			status = check_digest(check, stmt);
		if (status != DB_OK)
			return status;
		check_dates(check, stmt, COL_CHECK_REVIEWS_PUBLISHED, "review",
			stmt_text(stmt, COL_CHECK_REVIEWS_SLUG, NULL));
		check->result.reviews++;
		if (check->listener->progress)
			check->listener->progress(check->result.reviews, total, check->listener->context);
	}
	return status == DB_NOT_FOUND ? DB_OK : status;
}

static enum db_status check_works(struct checking *check)
{
	STMT_LEASE struct stmt *stmt = db_stmt(check->db, STMT_CHECK_WORKS);
	enum db_status status;
	while ((status = stmt_step(stmt)) == DB_OK)
		check_dates(
			check, stmt, COL_CHECK_WORKS_PUBLISHED, "work", stmt_text(stmt, COL_CHECK_WORKS_SLUG, NULL));
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
static enum db_status check_nothing(struct checking *check)
{
	static const struct {
		enum statement_id id;
		const char *noun, *what;
	} statements[] = {
		{ STMT_CHECK_CHOICES, "id", "a kind, form, attribution or role that there is not" },
		{ STMT_CHECK_NAMELESS_AGENTS, "agent", "its name is not among its names" },
		{ STMT_CHECK_GAPPED_NAMES, "agent", "one of its names is missing" },
		{ STMT_CHECK_AGENT_KEYS, "agent", "what it is sorted by is not its name" },
		{ STMT_CHECK_WORK_KEYS, "work", "what it is sorted by is not its title" },
		{ STMT_CHECK_REVIEW_KEYS, "review", "what it is sorted by is not its title or reviewer" },
		{ STMT_CHECK_REVIEW_QUOTES, "review", "it has more or fewer quotes than are noted" },
		{ STMT_CHECK_REVIEW_TRAITS, "review", "other quotes are alike than are noted" },
		{ STMT_CHECK_AGENT_ROLES, "agent", "it has other quotes than are noted" },
		{ STMT_CHECK_QUOTE_SPEAKERS, "quote", "the speaker in its row is another" },
		{ STMT_CHECK_QUOTE_LENGTHS, "quote", "its place by length is another, or one too many" },
		{ STMT_CHECK_REVIEW_PLACES, "review", "its places in random orders are too few or taken" },
		{ STMT_CHECK_QUOTE_KEYS, "quote", "its place in random orders is not that of its id" },
		{ STMT_CHECK_EMPTY_MENTIONS, "review", "a mention names nobody, or agents and a work" },
		{ STMT_CHECK_STRAY_MENTIONS, "review number", "there is none, but mentions in it" },
		{ STMT_CHECK_MENTION_AGENTS, "review", "other agents lead to its mentions than these name" },
		{ STMT_CHECK_UNLOGGED, "id", "the log of changes does not have it as it is" },
		{ STMT_CHECK_OVERLOGGED, "id", "the log of changes has what the store does not have" },
	};
	enum db_status status = DB_NOT_FOUND;
	for (size_t i = 0; i < sizeof(statements) / sizeof(statements[0]) && status == DB_NOT_FOUND; i++) {
		STMT_LEASE struct stmt *stmt = db_stmt(check->db, statements[i].id);
		while ((status = stmt_step(stmt)) == DB_OK)
			check_found(
				check, "%s %s: %s", statements[i].noun, stmt_text(stmt, 0, NULL), statements[i].what);
	}
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

static enum db_status check_content(struct checking *check)
{
	struct store_info info;
	enum db_status status = store_get(check->db, &check->arena, &info);
	if (status == DB_CORRUPT) {
		check_found(check, "store: its one row of counts is missing");
		return DB_OK;
	}
	if (status == DB_OK && strlen(info.uuid) != STORE_UUID_LENGTH)
		check_found(check, "store: its uuid '%.40s' is none", info.uuid);
	if (status == DB_OK)
		status = check_nothing(check);
	if (status == DB_OK)
		status = check_reviews(check, info.reviews);
	if (status == DB_OK)
		status = check_works(check);
	if (status == DB_OK)
		status = check_names(check);
	if (status == DB_OK)
		status = check_counts(check, &info);
	/* Made from what is wrong, the index cannot be right. */
	if (status == DB_OK && !check->result.problems)
		status = search_check(check->db, check->listener, &check->result.problems);
	return status;
}

enum db_status check_store(struct db *db, const struct check_listener *listener, struct check_result *ret_result)
{
	struct checking check = { .db = db, .listener = listener };
	enum db_status status = db_begin_read(db, 0);
	if (status == DB_OK)
		status = check_file(&check);
	/* In a damaged file the rest would only tell the same again in other words. */
	if (status == DB_OK && !check.result.problems)
		status = check_content(&check);
	if (status == DB_CORRUPT) {
		if (!check.result.problems)
			check_found(&check, "file: %s", db_message(db) ? db_message(db) : "what it holds does not fit");
		status = DB_OK;
	}
	db_end_read(db);
	arena_deinit(&check.arena);
	*ret_result = check.result;
	return status;
}
