// SPDX-License-Identifier: MIT
#include "db/fts.h"

#include <string.h>

#include "db/quotes.h"
#include "db/text/fold.h"
#include "db/text/query.h"
#include "db/word_forms.h"

/* The first of the columns of titles in schema/migrations/0002_search.sql. */
enum { COLUMN_TITLES = 4 };

static const double SCORE_TITLE = 3, SCORE_FORM = 0.4, BM25_K1 = 1.2, BM25_B = 0.75;
/* Above what the words of a query can reach together. */
static const double SCORE_EXACT = 1000;
/* Scores go through cursors as whole numbers. */
static const double SCORE_STEPS = 1e6;

/* Agents and works have their kind in the bits from this one on. */
enum { KIND_SHIFT = 60, KIND_AGENT = 1, KIND_WORK = 2 };

int64_t search_rowid(enum search_kind kind, int64_t id)
{
	switch (kind) {
	case SEARCH_QUOTE:
		break;
	case SEARCH_REVIEW:
		return id * ITEMS_PER_REVIEW + ITEMS_PER_REVIEW - 1;
	case SEARCH_AGENT:
		return (int64_t)KIND_AGENT << KIND_SHIFT | id;
	case SEARCH_WORK:
		return (int64_t)KIND_WORK << KIND_SHIFT | id;
	}
	return id;
}

enum search_kind search_rowid_kind(int64_t rowid)
{
	if (rowid >> KIND_SHIFT)
		return rowid >> KIND_SHIFT == KIND_AGENT ? SEARCH_AGENT : SEARCH_WORK;
	return rowid % ITEMS_PER_REVIEW == ITEMS_PER_REVIEW - 1 ? SEARCH_REVIEW : SEARCH_QUOTE;
}

int64_t search_rowid_id(int64_t rowid)
{
	if (search_rowid_kind(rowid) == SEARCH_REVIEW)
		return rowid / ITEMS_PER_REVIEW;
	return rowid & (((int64_t)1 << KIND_SHIFT) - 1);
}

/* The tokenizer is the connection. */
static int tokenizer_create(void *context, const char **args, int arg_count, Fts5Tokenizer **ret_tokenizer)
{
	(void)args;
	(void)arg_count;
	*ret_tokenizer = context;
	return SQLITE_OK;
}

static void tokenizer_delete(Fts5Tokenizer *tokenizer)
{
	(void)tokenizer;
}

/* Labels, each from its mark to the next. */
static int tokenize_labels(const char *text, size_t length, void *context, fts_token_taker *token)
{
	int code = SQLITE_OK;
	for (size_t start = 0; start < length && code == SQLITE_OK;) {
		const char *next = memchr(text + start + 1, SEARCH_LABEL[0], length - start - 1);
		size_t end = next ? (size_t)(next - text) : length;
		code = token(context, 0, text + start, (int)(end - start), (int)start, (int)end);
		start = end;
	}
	return code;
}

int fts_tokenize(const char *text, size_t length, void *context, fts_token_taker *token)
{
	struct fold fold;
	struct fold_token found;
	int code = SQLITE_OK;
	if (length && text[0] == SEARCH_LABEL[0])
		return tokenize_labels(text, length, context, token);
	fold_init(&fold, text, length);
	while (code == SQLITE_OK && fold_next_token(&fold, &found))
		code = token(context, 0, found.bytes, (int)found.length, (int)found.start, (int)found.end);
	return code;
}

/* A word on its way to FTS5 that is noted as it passes. */
struct noting {
	struct db *db;
	void *context;
	fts_token_taker *token;
};

static int note_token(void *context, int flags, const char *bytes, int length, int start, int end)
{
	const struct noting *noting = context;
	if (!word_forms_note(noting->db, noting->db->noted_language, bytes, (size_t)length))
		return SQLITE_NOMEM;
	return noting->token(noting->context, flags, bytes, length, start, end);
}

static int give_known_words(const struct known_words *known, void *context, fts_token_taker *token)
{
	int code = known ? SQLITE_OK : SQLITE_MISUSE;
	for (size_t i = 0; code == SQLITE_OK && i < known->range_count; i++) {
		for (size_t at = known->ranges[i].from; at < known->ranges[i].to && code == SQLITE_OK; at++) {
			const struct text_word *word = &known->words->items[at];
			code = token(context, 0, known->words->distinct + word->folded, word->folded_bytes,
				(int)word->start, (int)word->start + word->bytes);
		}
	}
	return code;
}

static int tokenizer_run(
	Fts5Tokenizer *tokenizer, void *context, int flags, const char *text, int length, fts_token_taker *token)
{
	(void)flags;
	struct noting noting = { .db = (struct db *)tokenizer, .context = context, .token = token };
	if (length && text[0] == SEARCH_KNOWN_WORDS[0])
		return give_known_words(noting.db->known_words, context, token);
	if (noting.db->noted_language == STEM_NONE)
		return fts_tokenize(text, text ? (size_t)length : 0, context, token);
	return fts_tokenize(text, text ? (size_t)length : 0, &noting, note_token);
}

/* How many words a row of that kind has, about. */
static double usual_length(enum search_kind kind)
{
	static const double lengths[SEARCH_KINDS] = {
		[SEARCH_QUOTE] = 25,
		[SEARCH_REVIEW] = 400,
		[SEARCH_AGENT] = 4,
		[SEARCH_WORK] = 4,
	};
	return lengths[kind];
}

/* How often the words of a query stand in a row. */
struct score_counts {
	double exact[QUERY_TOKENS_MAX], form[QUERY_TOKENS_MAX];
	size_t terms;
};

static int count_phrase(const Fts5ExtensionApi *fts, Fts5Context *context, int phrase, size_t term, bool form,
	struct score_counts *counts)
{
	Fts5PhraseIter iterator;
	int column, offset;
	int code = fts->xPhraseFirst(context, phrase, &iterator, &column, &offset);
	double *count = form ? &counts->form[term] : &counts->exact[term];
	if (term >= counts->terms)
		counts->terms = term + 1;
	while (code == SQLITE_OK && column >= 0) {
		*count += column >= COLUMN_TITLES ? SCORE_TITLE : 1;
		fts->xPhraseNext(context, &iterator, &column, &offset);
	}
	return code;
}

static double score_of(const struct score_counts *counts, double length)
{
	double score = 0;
	bool exact = true;
	for (size_t i = 0; i < counts->terms; i++) {
		double count = counts->exact[i] + SCORE_FORM * counts->form[i];
		exact = exact && counts->exact[i] > 0;
		score += count * (BM25_K1 + 1) / (count + BM25_K1 * (1 - BM25_B + BM25_B * length));
	}
	return exact ? score + SCORE_EXACT : score;
}

/* The score of the row that stands there. A code of SQLite. */
static int score_row(const Fts5ExtensionApi *fts, Fts5Context *context, const char *weights, int64_t *ret_score)
{
	struct score_counts counts = { .terms = 0 };
	int phrases = fts->xPhraseCount(context);
	int size = 0;
	int code = weights && strlen(weights) == 2 * (size_t)phrases ? SQLITE_OK : SQLITE_MISUSE;
	for (int i = 0; i < phrases && code == SQLITE_OK; i++) {
		size_t term = (size_t)(weights[2 * i] - 'a');
		char weight = weights[2 * i + 1];
		if (weight != WEIGHT_EXCLUDED && term < QUERY_TOKENS_MAX)
			code = count_phrase(fts, context, i, term, weight == WEIGHT_FORM, &counts);
	}
	if (code == SQLITE_OK)
		code = fts->xColumnSize(context, -1, &size);
	double length = size / usual_length(search_rowid_kind(fts->xRowid(context)));
	*ret_score = (int64_t)(score_of(&counts, length) * SCORE_STEPS);
	return code;
}

static void search_score(
	const Fts5ExtensionApi *fts, Fts5Context *context, sqlite3_context *result, int arg_count, sqlite3_value **args)
{
	int64_t score = 0;
	const char *weights = arg_count == 1 ? (const char *)sqlite3_value_text(args[0]) : NULL;
	int code = score_row(fts, context, weights, &score);
	if (code == SQLITE_OK)
		sqlite3_result_int64(result, score);
	else
		sqlite3_result_error_code(result, code);
}

const char gathering_type[] = "gathering";

static bool comes_before(const struct scored_row *a, const struct scored_row *b)
{
	return a->score > b->score || (a->score == b->score && a->rowid > b->rowid);
}

/* Puts the row where it belongs among the best so far, if it is one of them. */
static void gather_best(struct gathering *gathering, struct scored_row row)
{
	if (!comes_before(&gathering->after, &row))
		return;
	size_t at = gathering->best_count;
	if (at == gathering->limit && !comes_before(&row, &gathering->best[at - 1]))
		return;
	gathering->best_count += at < gathering->limit;
	at -= at == gathering->limit;
	for (; at > 0 && comes_before(&row, &gathering->best[at - 1]); at--)
		gathering->best[at] = gathering->best[at - 1];
	gathering->best[at] = row;
}

/* Rows come in ascending order, so that the last ones are the newest. */
static void search_gather(
	const Fts5ExtensionApi *fts, Fts5Context *context, sqlite3_context *result, int arg_count, sqlite3_value **args)
{
	struct gathering *gathering = arg_count == 2 ? sqlite3_value_pointer(args[1], gathering_type) : NULL;
	struct scored_row row = { .rowid = fts->xRowid(context) };
	int code = gathering && gathering->limit ? SQLITE_OK : SQLITE_MISUSE;
	if (code == SQLITE_OK && row.rowid < gathering->after.rowid)
		gathering->newest[gathering->newest_count++ % gathering->limit] = row.rowid;
	if (code == SQLITE_OK && gathering->count++ < gathering->scored_max) {
		code = score_row(fts, context, (const char *)sqlite3_value_text(args[0]), &row.score);
		gather_best(gathering, row);
	}
	if (code == SQLITE_OK)
		sqlite3_result_int(result, 0);
	else
		sqlite3_result_error_code(result, code);
}

static int find_api(struct db *db, fts5_api **ret_api)
{
	sqlite3_stmt *stmt = NULL;
	*ret_api = NULL;
	int code = sqlite3_prepare_v2(db->handle, schema_statements[STMT_FTS5_API].sql, -1, &stmt, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_bind_pointer(stmt, ARG_FTS5_API_API, (void *)ret_api, "fts5_api_ptr", NULL);
	if (code == SQLITE_OK)
		sqlite3_step(stmt);
	sqlite3_finalize(stmt);
	return code == SQLITE_OK && !*ret_api ? SQLITE_ERROR : code;
}

int fts_register(struct db *db)
{
	static fts5_tokenizer tokenizer = { tokenizer_create, tokenizer_delete, tokenizer_run };
	fts5_api *api;
	int code = find_api(db, &api);
	if (code == SQLITE_OK)
		code = api->xCreateTokenizer(api, "reviewd", db, &tokenizer, NULL);
	if (code == SQLITE_OK)
		code = api->xCreateFunction(api, "search_score", NULL, search_score, NULL);
	if (code == SQLITE_OK)
		code = api->xCreateFunction(api, "search_gather", NULL, search_gather, NULL);
	return code;
}
