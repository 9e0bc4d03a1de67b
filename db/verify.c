// SPDX-License-Identifier: MIT
#include "db/verify.h"

#include <stdlib.h>
#include <string.h>

#include "db/connection.h"
#include "db/fts.h"
#include "db/reviews.h"
#include "db/search_query.h"
#include "db/stmt.h"
#include "db/text/buffer.h"
#include "db/text/phrase.h"
#include "db/text/utf8.h"

const char *const verdict_names[VERDICTS] = {
	[VERDICT_EXACT] = "exact",
	[VERDICT_NORMALISED] = "normalised",
	[VERDICT_MISATTRIBUTED] = "misattributed",
	[VERDICT_ABSENT] = "absent",
};

/*
 * The index is asked for a few words in a row, since each costs a look at all its places; the texts it leads to are
 * compared with the whole passage. Where these few lead to too many texts, it is asked for more of them.
 */
enum { FEW_TOKENS = 4, MANY_TOKENS = 24 };

/* Texts of reviews are read up to so many bytes altogether. */
enum { TEXT_BYTES_MAX = 4 * 1024 * 1024 };

struct verifying {
	struct db *db;
	struct arena *arena;
	const struct int_list *claimed;
	struct phrase phrase;
	struct verify_match *matches;
	size_t count;
};

/* The first of `count` tokens in a row that are long together, and so seldom. */
static size_t choose_tokens(const struct phrase *phrase, size_t count)
{
	size_t best = 0, best_length = 0;
	for (size_t i = 0; i + count <= phrase->count; i++) {
		size_t length = 0;
		for (size_t j = i; j < i + count; j++)
			length += strlen(phrase->tokens[j]);
		if (length > best_length) {
			best = i;
			best_length = length;
		}
	}
	return best;
}

/* MATCH for up to `most` tokens; of quotes only in those of `speakers` if that is not NULL. NULL when memory runs out.
 */
static const char *match_of(
	struct verifying *verifying, enum search_kind kind, size_t most, const struct int_list *speakers)
{
	const struct phrase *phrase = &verifying->phrase;
	size_t count = phrase->count < most ? phrase->count : most;
	struct buffer match = { 0 };
	search_write_passage(
		&match, (const char(*)[FOLD_TOKEN_BYTES_MAX + 1]) phrase->tokens + choose_tokens(phrase, count), count);
	if (kind == SEARCH_REVIEW)
		buffer_append_string(&match, " AND \"" SEARCH_LABEL_REVIEW "\"");
	else if (speakers)
		search_write_labels(&match, LABEL_SPEAKER, speakers->items, speakers->count);
	const char *kept = match.failed ? NULL : arena_strndup(verifying->arena, match.data, match.length);
	buffer_deinit(&match);
	return kept;
}

static enum db_status read_rows(
	struct verifying *verifying, enum search_kind kind, const char *match, struct int_list *ids)
{
	STMT_LEASE struct stmt *stmt = db_stmt(verifying->db, STMT_VERIFY_ROWS);
	stmt_bind_text(stmt, ARG_VERIFY_ROWS_MATCH, match);
	stmt_bind_int(stmt, ARG_VERIFY_ROWS_REVIEWS, kind == SEARCH_REVIEW);
	stmt_bind_int(stmt, ARG_VERIFY_ROWS_LIMIT, VERIFY_PLACES_MAX);
	enum db_status status;
	while ((status = stmt_step(stmt)) == DB_OK)
		ids->items[ids->count++] = search_rowid_id(stmt_int(stmt, COL_VERIFY_ROWS_ID));
	return status == DB_NOT_FOUND ? DB_OK : status;
}

/* Numbers of quotes or reviews in which the passage may stand. */
static enum db_status find_rows(
	struct verifying *verifying, enum search_kind kind, const struct int_list *speakers, struct int_list *ret_ids)
{
	static const size_t most[] = { FEW_TOKENS, MANY_TOKENS };
	struct int_list ids = { .items = arena_array(verifying->arena, VERIFY_PLACES_MAX, sizeof(*ids.items)) };
	enum db_status status = ids.items ? DB_OK : DB_NO_MEMORY;
	for (size_t i = 0; i < sizeof(most) / sizeof(most[0]) && status == DB_OK; i++) {
		const char *match = match_of(verifying, kind, most[i], speakers);
		ids.count = 0;
		status = match ? read_rows(verifying, kind, match, &ids) : DB_NO_MEMORY;
		if (ids.count < VERIFY_PLACES_MAX || verifying->phrase.count <= most[i])
			break;
	}
	*ret_ids = ids;
	return status;
}

static struct verify_match *add_match(struct verifying *verifying)
{
	struct verify_match *items = arena_push(verifying->arena, verifying->matches, verifying->count, sizeof(*items));
	if (!items)
		return NULL;
	verifying->matches = items;
	items[verifying->count] = (struct verify_match) { .exact = false };
	return &items[verifying->count++];
}

static bool is_claimed(const struct verifying *verifying, const struct quote *quote)
{
	const struct agent_refs *speakers = &quote->agents[ROLE_SPEAKER];
	for (size_t i = 0; verifying->claimed && i < speakers->count; i++) {
		for (size_t c = 0; c < verifying->claimed->count; c++) {
			if (speakers->items[i].agent_id == verifying->claimed->items[c])
				return true;
		}
	}
	return false;
}

/* The part [start,end) of a passage's words, in bytes, as a span of the text. */
static struct span part_of(const struct passage *passage, size_t start, size_t end)
{
	struct span span = passage->span;
	uint32_t before = (uint32_t)utf8_count(passage->exact, start);
	span.end = span.start + before + (uint32_t)utf8_count(passage->exact + start, end - start);
	span.start += before;
	span.byte_end = span.byte_start + (uint32_t)end;
	span.byte_start += (uint32_t)start;
	return span;
}

/* What belongs to the passage before its first word and behind its last. */
static struct span widen(const struct verifying *verifying, struct span span, bool before, bool behind)
{
	const struct phrase *phrase = &verifying->phrase;
	if (before) {
		span.byte_start -= (uint32_t)phrase->lead;
		span.start -= (uint32_t)utf8_count(phrase->text, phrase->lead);
	}
	if (behind) {
		span.byte_end += (uint32_t)phrase->tail;
		span.end += (uint32_t)utf8_count(phrase->text + phrase->length - phrase->tail, phrase->tail);
	}
	return span;
}

/* A place in the joined words of a quote: a match for each of its spans that the place runs over. */
static enum db_status add_quote_place(
	struct verifying *verifying, const struct quote *quote, struct phrase_place place, bool exact)
{
	size_t from = 0;
	for (size_t i = 0; i < quote->passage_count; i++) {
		const struct passage *passage = &quote->passages[i];
		size_t length = strlen(passage->exact);
		size_t start = place.start > from ? place.start - from : 0;
		size_t end = place.end < from + length ? place.end - from : length;
		if (place.start < from + length && place.end > from) {
			struct verify_match *match = add_match(verifying);
			if (!match)
				return DB_NO_MEMORY;
			match->exact = exact;
			match->claimed = is_claimed(verifying, quote);
			match->quote = *quote;
			match->review_id = quote->quote_id / ITEMS_PER_REVIEW;
			match->review_slug = quote->review_slug;
			match->words = part_of(passage, start, end);
			match->passage.span = widen(verifying, match->words, exact && place.start >= from,
				exact && place.end <= from + length);
		}
		from += length + strlen(QUOTE_GAP);
	}
	return DB_OK;
}

/* The words of a quote with what stands before and behind them, where a passage may begin and end. */
static enum db_status look_through_quote(struct verifying *verifying, int64_t quote_id)
{
	struct quote quote;
	if (db_is_late(verifying->db))
		return DB_TIMEOUT;
	enum db_status status = quote_by_id(verifying->db, quote_id, verifying->arena, &quote);
	const char *text = status == DB_OK ? quote_text(&quote, verifying->arena) : NULL;
	if (!text)
		return status == DB_OK ? DB_NO_MEMORY : status;
	const char *prefix = quote.passages[0].prefix;
	const char *around =
		arena_printf(verifying->arena, "%s%s%s", prefix, text, quote.passages[quote.passage_count - 1].suffix);
	struct phrase_place places[VERIFY_MATCHES_MAX];
	size_t count, before = strlen(prefix);
	if (!around || !phrase_find(&verifying->phrase, text, strlen(text), places, VERIFY_MATCHES_MAX, &count))
		return DB_NO_MEMORY;
	for (size_t i = 0; i < count && status == DB_OK; i++) {
		struct phrase_place there = { places[i].start + before, places[i].end + before };
		status = add_quote_place(verifying, &quote, places[i],
			phrase_is_exact(&verifying->phrase, around, strlen(around), there));
	}
	return status;
}

static bool has_quote(const struct verifying *verifying, int64_t quote_id)
{
	for (size_t i = 0; i < verifying->count; i++) {
		if (verifying->matches[i].quote.quote_id == quote_id)
			return true;
	}
	return false;
}

static enum db_status look_through_quotes(struct verifying *verifying, const struct int_list *speakers)
{
	struct int_list ids;
	enum db_status status = find_rows(verifying, SEARCH_QUOTE, speakers, &ids);
	for (size_t i = 0; i < ids.count && status == DB_OK && verifying->count < VERIFY_PLACES_MAX; i++) {
		if (!has_quote(verifying, ids.items[i]))
			status = look_through_quote(verifying, ids.items[i]);
	}
	return status;
}

/* Whether a quote has the place already. */
static bool has_place(const struct verifying *verifying, int64_t review_id, struct phrase_place place)
{
	for (size_t i = 0; i < verifying->count; i++) {
		const struct verify_match *match = &verifying->matches[i];
		if (match->review_id == review_id && match->words.byte_start == place.start &&
			match->words.byte_end == place.end)
			return true;
	}
	return false;
}

static enum db_status look_through_review(struct verifying *verifying, int64_t review_id, size_t *bytes_read)
{
	struct review review;
	struct phrase_place places[VERIFY_MATCHES_MAX];
	const char *text;
	size_t bytes, count;
	enum db_status status = review_by_id(verifying->db, review_id, verifying->arena, &review);
	if (status == DB_OK)
		status = review_text_get(verifying->db, review_id, verifying->arena, &text, &bytes);
	if (status != DB_OK)
		return status;
	if (!phrase_find(&verifying->phrase, text, bytes, places, VERIFY_MATCHES_MAX, &count))
		return DB_NO_MEMORY;
	*bytes_read += bytes;
	for (size_t i = 0; i < count; i++) {
		if (has_place(verifying, review_id, places[i]))
			continue;
		struct verify_match *match = add_match(verifying);
		if (!match)
			return DB_NO_MEMORY;
		match->exact = phrase_is_exact(&verifying->phrase, text, bytes, places[i]);
		match->review_id = review_id;
		match->review_slug = review.slug;
		match->words = (struct span) {
			.start = (uint32_t)utf8_count(text, places[i].start),
			.end = (uint32_t)utf8_count(text, places[i].end),
			.byte_start = (uint32_t)places[i].start,
			.byte_end = (uint32_t)places[i].end,
		};
		match->passage.span = widen(verifying, match->words, match->exact, match->exact);
	}
	return DB_OK;
}

static enum db_status look_through_reviews(struct verifying *verifying)
{
	struct int_list ids;
	size_t bytes_read = 0;
	enum db_status status = find_rows(verifying, SEARCH_REVIEW, NULL, &ids);
	for (size_t i = 0;
		i < ids.count && status == DB_OK && verifying->count < VERIFY_PLACES_MAX && bytes_read < TEXT_BYTES_MAX;
		i++)
		status = look_through_review(verifying, ids.items[i], &bytes_read);
	return status;
}

static int compare_matches(const void *a, const void *b)
{
	const struct verify_match *x = a, *y = b;
	if (x->claimed != y->claimed)
		return x->claimed ? -1 : 1;
	if (x->exact != y->exact)
		return x->exact ? -1 : 1;
	if (x->review_id != y->review_id)
		return x->review_id < y->review_id ? -1 : 1;
	if (x->words.start != y->words.start)
		return x->words.start < y->words.start ? -1 : 1;
	return (x->quote.quote_id > y->quote.quote_id) - (x->quote.quote_id < y->quote.quote_id);
}

/* What stands there. */
static enum db_status read_place(struct verifying *verifying, struct verify_match *match)
{
	struct review review;
	enum db_status status = review_by_id(verifying->db, match->review_id, verifying->arena, &review);
	if (status != DB_OK)
		return status;
	struct span span = match->passage.span;
	return passage_read(verifying->db, match->review_id, review.text_bytes, &span, PASSAGE_CONTEXT,
		verifying->arena, &match->passage);
}

static enum db_status conclude(struct verifying *verifying, struct verification *ret_verification)
{
	struct verification result = { .verdict = VERDICT_ABSENT, .matches = verifying->matches };
	if (verifying->count) {
		qsort(verifying->matches, verifying->count, sizeof(*verifying->matches), compare_matches);
		/* The best comes first. */
		const struct verify_match *best = &verifying->matches[0];
		result.verdict = best->exact ? VERDICT_EXACT : VERDICT_NORMALISED;
		if (verifying->claimed && !best->claimed)
			result.verdict = VERDICT_MISATTRIBUTED;
	}
	enum db_status status = DB_OK;
	for (; result.count < verifying->count && result.count < VERIFY_MATCHES_MAX && status == DB_OK; result.count++)
		status = read_place(verifying, &verifying->matches[result.count]);
	*ret_verification = result;
	return status == DB_NOT_FOUND ? DB_CORRUPT : status;
}

enum db_status verify(struct db *db, const char *text, const struct int_list *claimed, struct arena *arena,
	struct verification *ret_verification)
{
	struct verifying verifying = { .db = db, .arena = arena, .claimed = claimed };
	if (!phrase_init(&verifying.phrase, text, strlen(text)))
		return DB_NO_MEMORY;
	enum db_status status = verifying.phrase.count ? DB_OK : DB_INVALID;
	if (status == DB_OK && claimed && claimed->count)
		status = look_through_quotes(&verifying, claimed);
	if (status == DB_OK)
		status = look_through_quotes(&verifying, NULL);
	if (status == DB_OK)
		status = look_through_reviews(&verifying);
	if (status == DB_OK)
		status = conclude(&verifying, ret_verification);
	phrase_deinit(&verifying.phrase);
	return status;
}

/* Several places of one quote share its spans. */
static bool is_converted(const struct verification *verification, size_t number)
{
	const struct passage *passages = verification->matches[number].quote.passages;
	bool found = !passages;
	for (size_t i = 0; i < number && !found; i++)
		found = verification->matches[i].quote.passages == passages;
	return found;
}

enum db_status verification_convert(struct db *db, enum offset_unit unit, struct verification *verification)
{
	enum db_status status = DB_OK;
	for (size_t i = 0; i < verification->count && status == DB_OK; i++) {
		struct verify_match *match = &verification->matches[i];
		status = passage_convert(db, unit, match->review_id, &match->passage.span);
		if (status == DB_OK && !is_converted(verification, i))
			status = quotes_convert(db, unit, &match->quote, 1);
	}
	return status;
}
