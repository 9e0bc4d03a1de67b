// SPDX-License-Identifier: MIT
#include "db/search_check.h"

#include <string.h>

#include "db/connection.h"
#include "db/indexing.h"
#include "db/suggestions.h"
#include "db/word_forms.h"

/*
 * Both sides are reduced to sums of hashes, one addend for each word at each place, which need no order: the index
 * gives its words term by term, the texts theirs row by row.
 */
struct sums {
	uint64_t words[SEARCH_KINDS]; /* of the rows of each kind */
	uint64_t names;               /* of what is suggested */
	int64_t rows;
};

struct comparing {
	struct db *db;
	struct sums made;
	struct word_set words[STEM_LANGUAGES]; /* looked up already */
	int64_t missing_forms;
};

static uint64_t mix(uint64_t hash, uint64_t value)
{
	hash = (hash ^ value) * UINT64_C(0x9e3779b97f4a7c15);
	return hash ^ hash >> 29;
}

static uint64_t hash_bytes(const char *bytes, size_t length)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);
	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (unsigned char)bytes[i]) * UINT64_C(0x100000001b3);
	return hash;
}

static uint64_t hash_place(const char *term, size_t length, int64_t rowid, int64_t column, int64_t place)
{
	return mix(mix(mix(hash_bytes(term, length), (uint64_t)rowid), (uint64_t)column), (uint64_t)place);
}

static uint64_t hash_name(const char *key, int64_t inner, int64_t kind, int64_t id, int64_t position)
{
	return mix(mix(mix(mix(hash_bytes(key, strlen(key)), (uint64_t)inner), (uint64_t)kind), (uint64_t)id),
		(uint64_t)position);
}

/* A column of a row that is being read. */
struct reading {
	struct comparing *comparing;
	const struct index_row *row;
	int column;
	int64_t place;
	enum db_status status;
};

/* Each word of each language once. */
static enum db_status look_up_form(
	struct comparing *comparing, enum stem_language language, const char *word, size_t length)
{
	uint32_t start;
	bool added, has = true;
	if (!word_set_add(&comparing->words[language], word, length, &start, &added))
		return DB_NO_MEMORY;
	enum db_status status = DB_OK;
	if (added && stem_has_forms(word, length))
		status = word_forms_has(comparing->db, language, word, length, &has);
	comparing->missing_forms += !has;
	return status;
}

static int add_word(void *context, int flags, const char *bytes, int length, int start, int end)
{
	(void)flags;
	(void)start;
	(void)end;
	struct reading *reading = context;
	const struct index_row *row = reading->row;
	reading->comparing->made.words[search_rowid_kind(row->rowid)] +=
		hash_place(bytes, (size_t)length, row->rowid, reading->column, reading->place++);
	if (row->language != STEM_NONE && search_rowid_kind(row->rowid) != SEARCH_QUOTE)
		reading->status = look_up_form(reading->comparing, row->language, bytes, (size_t)length);
	return reading->status == DB_OK ? SQLITE_OK : SQLITE_ABORT;
}

static enum db_status add_row(void *context, const struct index_row *row)
{
	struct reading reading = { .comparing = context, .row = row, .status = DB_OK };
	reading.comparing->made.rows++;
	for (int i = 0; i < INDEX_COLUMNS && reading.status == DB_OK; i++) {
		struct words words = index_row_column(row, i);
		reading.column = i;
		reading.place = 0;
		if (words.bytes && fts_tokenize(words.bytes, words.length, &reading, add_word) != SQLITE_OK)
			break;
	}
	return reading.status;
}

static enum db_status add_name(void *context, enum search_kind kind, int64_t id, int64_t position, const char *name)
{
	struct comparing *comparing = context;
	struct suggestion_keys keys;
	enum db_status status = suggestion_keys_init(&keys, name) ? DB_OK : DB_NO_MEMORY;
	const char *key;
	int64_t inner;
	while (status == DB_OK && (key = suggestion_keys_next(&keys, &inner)))
		comparing->made.names += hash_name(key, inner, kind, id, position);
	suggestion_keys_deinit(&keys);
	return status;
}

/* What the store makes of its texts. */
static enum db_status sum_made(struct comparing *comparing)
{
	const struct index_taker adder = { add_row, add_name, comparing };
	struct indexing indexing = { .db = comparing->db, .taker = &adder };
	STMT_LEASE struct stmt *stmt = db_stmt(comparing->db, STMT_CHECK_SEARCH_THINGS);
	enum db_status status;
	while ((status = stmt_step(stmt)) == DB_OK) {
		enum search_kind kind = (enum search_kind)stmt_int(stmt, COL_CHECK_SEARCH_THINGS_KIND);
		int64_t id = stmt_int(stmt, COL_CHECK_SEARCH_THINGS_ID);
		status = indexing_run(&indexing, kind, id);
		if (status != DB_OK)
			break;
	}
	indexing_deinit(&indexing);
	return status == DB_NOT_FOUND ? DB_OK : status;
}

/* What the index has. */
static enum db_status sum_indexed(struct db *db, struct sums *sums)
{
	enum db_status status;
	{
		STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_CHECK_SEARCH_WORDS);
		while ((status = stmt_step(stmt)) == DB_OK) {
			size_t length = 0;
			const char *term = stmt_text(stmt, COL_CHECK_SEARCH_WORDS_TERM, &length);
			int64_t rowid = stmt_int(stmt, COL_CHECK_SEARCH_WORDS_DOC);
			if (!term)
				return DB_NO_MEMORY;
			sums->words[search_rowid_kind(rowid)] +=
				hash_place(term, length, rowid, stmt_int(stmt, COL_CHECK_SEARCH_WORDS_COL),
					stmt_int(stmt, COL_CHECK_SEARCH_WORDS_PLACE));
		}
		if (status != DB_NOT_FOUND)
			return status;
	}
	STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_CHECK_SUGGESTIONS);
	while ((status = stmt_step(stmt)) == DB_OK) {
		const char *key = stmt_text(stmt, COL_CHECK_SUGGESTIONS_KEY, NULL);
		if (!key)
			return DB_NO_MEMORY;
		sums->names += hash_name(key, stmt_int(stmt, COL_CHECK_SUGGESTIONS_INNER),
			stmt_int(stmt, COL_CHECK_SUGGESTIONS_KIND), stmt_int(stmt, COL_CHECK_SUGGESTIONS_ID),
			stmt_int(stmt, COL_CHECK_SUGGESTIONS_POSITION));
	}
	return status == DB_NOT_FOUND ? stmt_count(db_stmt(db, STMT_CHECK_SEARCH_ROWS), &sums->rows) : status;
}

static void tell(const struct check_listener *listener, int64_t *problems, bool wrong, const char *what)
{
	if (!wrong)
		return;
	++*problems;
	listener->found(what, listener->context);
}

enum db_status search_check(struct db *db, const struct check_listener *listener, int64_t *problems)
{
	static const char *const wrong[SEARCH_KINDS] = {
		[SEARCH_QUOTE] = "index of words: it differs from what the quotes say",
		[SEARCH_REVIEW] = "index of words: it differs from what the reviews say",
		[SEARCH_AGENT] = "index of words: it differs from what the agents are called",
		[SEARCH_WORK] = "index of words: it differs from what the works are called",
	};
	struct comparing comparing = { .db = db };
	struct sums indexed = { .rows = 0 };
	int64_t due = 0;
	enum db_status status = stmt_count(db_stmt(db, STMT_CHECK_SEARCH_DUE), &due);
	if (status != DB_OK)
		return status;
	/* Without these it cannot be right. */
	tell(listener, problems, due != 0,
		"index of words: not everything is in it yet; the next import or start of a server puts it in");
	if (due)
		return DB_OK;
	status = sum_made(&comparing);
	for (int i = 0; i < STEM_LANGUAGES; i++)
		word_set_deinit(&comparing.words[i]);
	if (status == DB_OK)
		status = sum_indexed(db, &indexed);
	if (status != DB_OK)
		return status;
	for (int kind = 0; kind < SEARCH_KINDS; kind++)
		tell(listener, problems, indexed.words[kind] != comparing.made.words[kind], wrong[kind]);
	tell(listener, problems, indexed.rows != comparing.made.rows, "index of words: its number of rows is wrong");
	tell(listener, problems, indexed.names != comparing.made.names,
		"suggestions: they differ from the names and titles");
	tell(listener, problems, comparing.missing_forms != 0, "forms of words: words of the texts are missing");
	return DB_OK;
}
