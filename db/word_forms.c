// SPDX-License-Identifier: MIT
#include "db/word_forms.h"

#include <stdlib.h>
#include <string.h>

#include "db/connection.h"

/* Words that are known need no look into the store; so many are remembered. */
enum { WORDS_REMEMBERED = 1 << 18 };

static bool has_stemmers(struct db *db)
{
	if (!db->stemmers)
		db->stemmers = stemmers_new();
	return db->stemmers != NULL;
}

/* A word that is its own stem, as half of them are, needs no row: it is known from all the others. */
static bool is_stem(const char *word, size_t length, const char *stem, size_t stem_length)
{
	return length == stem_length && !memcmp(word, stem, length);
}

static enum db_status put_word(struct db *db, enum stem_language language, const char *word, size_t length)
{
	size_t stem_length = 0;
	const char *stem = stem_of(db->stemmers, language, word, length, &stem_length);
	if (!stem)
		return DB_NO_MEMORY;
	if (is_stem(word, length, stem, stem_length))
		return DB_OK;
	struct stmt *stmt = db_stmt(db, STMT_WORD_FORM_PUT);
	stmt_bind_int(stmt, ARG_WORD_FORM_PUT_LANGUAGE, language);
	stmt_bind_text_n(stmt, ARG_WORD_FORM_PUT_STEM, stem, stem_length);
	stmt_bind_text_n(stmt, ARG_WORD_FORM_PUT_WORD, word, length);
	return stmt_run(stmt);
}

bool word_forms_note(struct db *db, enum stem_language language, const char *word, size_t length)
{
	uint32_t start;
	bool added;
	return !stem_has_forms(word, length) || word_set_add(&db->words_known[language], word, length, &start, &added);
}

static int compare_words(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* In their order, so that what comes next goes beside what went before. */
static enum db_status put_words(struct db *db, enum stem_language language, const char *from, const char *to)
{
	size_t count = 0, n = 0;
	for (const char *word = from; word < to; word += strlen(word) + 1)
		count++;
	const char **words = reallocarray(NULL, count, sizeof(*words));
	if (!words)
		return DB_NO_MEMORY;
	for (const char *word = from; word < to; word += strlen(word) + 1)
		words[n++] = word;
	qsort(words, count, sizeof(*words), compare_words);
	enum db_status status = DB_OK;
	for (size_t i = 0; i < count && status == DB_OK; i++)
		status = put_word(db, language, words[i], strlen(words[i]));
	free(words);
	return status;
}

enum db_status word_forms_put(struct db *db)
{
	enum db_status status = DB_OK;
	for (int i = 0; i < STEM_LANGUAGES && status == DB_OK; i++) {
		struct word_set *known = &db->words_known[i];
		if (known->words.length == db->words_put[i])
			continue;
		status = has_stemmers(db) ? put_words(db, (enum stem_language)i, known->words.data + db->words_put[i],
						    known->words.data + known->words.length)
					  : DB_NO_MEMORY;
		if (known->count > WORDS_REMEMBERED)
			word_set_deinit(known);
		db->words_put[i] = known->words.length;
	}
	return status;
}

void word_forms_forget(struct db *db)
{
	for (int i = 0; i < STEM_LANGUAGES; i++) {
		word_set_deinit(&db->words_known[i]);
		db->words_put[i] = 0;
	}
}

enum db_status word_forms_has(
	struct db *db, enum stem_language language, const char *word, size_t length, bool *ret_has)
{
	size_t stem_length = 0;
	const char *stem = has_stemmers(db) ? stem_of(db->stemmers, language, word, length, &stem_length) : NULL;
	if (!stem)
		return DB_NO_MEMORY;
	*ret_has = is_stem(word, length, stem, stem_length);
	if (*ret_has)
		return DB_OK;
	STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_WORD_FORM_GET);
	stmt_bind_int(stmt, ARG_WORD_FORM_GET_LANGUAGE, language);
	stmt_bind_text_n(stmt, ARG_WORD_FORM_GET_STEM, stem, stem_length);
	stmt_bind_text_n(stmt, ARG_WORD_FORM_GET_WORD, word, length);
	enum db_status status = stmt_step(stmt);
	*ret_has = status == DB_OK;
	return status == DB_NOT_FOUND ? DB_OK : status;
}

static bool add_form(struct arena *arena, struct string_list *forms, const char *form)
{
	const char **items = arena_push(arena, forms->items, forms->count, sizeof(*items));
	if (!items || !form)
		return false;
	forms->items = items;
	items[forms->count++] = form;
	return true;
}

enum db_status word_forms_of(struct db *db, enum stem_language language, const char *word, struct arena *arena,
	struct string_list *ret_forms)
{
	size_t stem_length = 0, again_length = 0;
	struct string_list forms = { .items = NULL };
	const char *found = has_stemmers(db) ? stem_of(db->stemmers, language, word, strlen(word), &stem_length) : NULL;
	const char *stem = found ? arena_strndup(arena, found, stem_length) : NULL;
	const char *again = stem ? stem_of(db->stemmers, language, stem, stem_length, &again_length) : NULL;
	if (!again)
		return DB_NO_MEMORY;
	/* Stemmers may make of a stem another one. */
	if (is_stem(stem, stem_length, again, again_length) && strcmp(stem, word) != 0 &&
		!add_form(arena, &forms, stem))
		return DB_NO_MEMORY;
	STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_WORD_FORMS);
	stmt_bind_int(stmt, ARG_WORD_FORMS_LANGUAGE, language);
	stmt_bind_text(stmt, ARG_WORD_FORMS_STEM, stem);
	stmt_bind_text(stmt, ARG_WORD_FORMS_EXCEPT, word);
	stmt_bind_int(stmt, ARG_WORD_FORMS_LIMIT, WORD_FORMS_MAX);
	enum db_status status;
	while ((status = stmt_step(stmt)) == DB_OK) {
		if (!add_form(arena, &forms, stmt_copy(stmt, COL_WORD_FORMS_WORD, arena)))
			return DB_NO_MEMORY;
	}
	*ret_forms = forms;
	return status == DB_NOT_FOUND ? DB_OK : status;
}
