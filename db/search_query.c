// SPDX-License-Identifier: MIT
#include "db/search_query.h"

#include <string.h>

#include "db/word_forms.h"

/* The columns of the index that are in each language (schema/migrations/0002_search.sql). */
static const char *const language_columns[STEM_LANGUAGES] = {
	[STEM_DUTCH] = "{text_nl title_nl}",
	[STEM_ENGLISH] = "{text_en title_en}",
	[STEM_GERMAN] = "{text_de title_de}",
};

/* The MATCH text is made of folded tokens alone, which are letters and digits: nothing in it needs escaping. */
struct writing {
	struct buffer match, weights;
};

static void write_weight(struct writing *writing, size_t term, enum search_weight weight)
{
	buffer_append_char(&writing->weights, (char)('a' + term));
	buffer_append_char(&writing->weights, (char)weight);
}

static void write_phrase(struct buffer *match, const char (*tokens)[FOLD_TOKEN_BYTES_MAX + 1], size_t count)
{
	buffer_append_char(match, '"');
	for (size_t i = 0; i < count; i++)
		buffer_printf(match, "%s%s", i ? " " : "", tokens[i]);
	buffer_append_char(match, '"');
}

/* One term: its words, or any of their other forms in texts of the language they are forms in. */
static void write_term(struct writing *writing, const struct search_query *query, size_t number)
{
	const struct query_term *term = &query->typed.terms[number];
	const char(*tokens)[FOLD_TOKEN_BYTES_MAX + 1] = query->typed.tokens + term->first;
	buffer_append_char(&writing->match, '(');
	write_phrase(&writing->match, tokens, term->count);
	if (term->prefix)
		buffer_append_char(&writing->match, '*');
	write_weight(writing, number, term->excluded ? WEIGHT_EXCLUDED : WEIGHT_EXACT);
	for (int language = 0; language < STEM_LANGUAGES; language++) {
		const struct string_list *forms = &query->forms[number][language];
		for (size_t i = 0; i < forms->count; i++) {
			if (i)
				buffer_append_string(&writing->match, " OR ");
			else
				buffer_printf(&writing->match, " OR %s:(", language_columns[language]);
			buffer_printf(&writing->match, "\"%s\"", forms->items[i]);
			write_weight(writing, number, WEIGHT_FORM);
		}
		buffer_append_string(&writing->match, forms->count ? ")" : "");
	}
	buffer_append_char(&writing->match, ')');
}

/* All terms that are looked for, and none of those excluded. */
static void write_query(struct writing *writing, const struct search_query *query)
{
	const struct query *typed = &query->typed;
	const char *between = "(";
	for (size_t i = 0; i < typed->term_count; i++) {
		if (typed->terms[i].excluded)
			continue;
		buffer_append_string(&writing->match, between);
		write_term(writing, query, i);
		between = " AND ";
	}
	between = ") NOT (";
	for (size_t i = 0; i < typed->term_count; i++) {
		if (!typed->terms[i].excluded)
			continue;
		buffer_append_string(&writing->match, between);
		write_term(writing, query, i);
		between = " OR ";
	}
	buffer_append_char(&writing->match, ')');
}

/* A single word that was typed bare. */
static bool takes_forms(const struct query *query, const struct query_term *term)
{
	const char *word = query->tokens[term->first];
	return term->count == 1 && !term->quoted && !term->prefix && !term->excluded &&
	       stem_has_forms(word, strlen(word));
}

enum db_status search_query_make(
	struct db *db, const char *typed, bool with_forms, struct arena *arena, struct search_query *ret_query)
{
	memset(ret_query, 0, sizeof(*ret_query));
	query_parse(typed, strlen(typed), &ret_query->typed);
	const struct query *query = &ret_query->typed;
	if (!query_finds(query))
		return DB_OK;
	enum db_status status = DB_OK;
	for (size_t i = 0; i < query->term_count && with_forms; i++) {
		if (!takes_forms(query, &query->terms[i]))
			continue;
		for (int language = 0; language < STEM_LANGUAGES && status == DB_OK; language++)
			status = word_forms_of(db, (enum stem_language)language, query->tokens[query->terms[i].first],
				arena, &ret_query->forms[i][language]);
	}
	if (status != DB_OK)
		return status;
	struct writing writing = { .match = { 0 } };
	write_query(&writing, ret_query);
	if (!writing.match.failed && !writing.weights.failed) {
		ret_query->match = arena_strdup(arena, writing.match.data);
		ret_query->weights = arena_strdup(arena, writing.weights.data);
	}
	buffer_deinit(&writing.match);
	buffer_deinit(&writing.weights);
	return ret_query->match && ret_query->weights ? DB_OK : DB_NO_MEMORY;
}

const char *search_match_reviews(const struct search_query *query, struct arena *arena)
{
	return arena_printf(arena, "%s AND \"" SEARCH_LABEL_REVIEW "\"", query->match);
}

/* The column of the texts in a language; NULL for a tag that is not just one of those with stems. */
static const char *text_column_of(const char *tag)
{
	static const char *const columns[STEM_LANGUAGES] = {
		[STEM_DUTCH] = "text_nl",
		[STEM_ENGLISH] = "text_en",
		[STEM_GERMAN] = "text_de",
	};
	enum stem_language language = stem_language_of(tag);
	return language == STEM_NONE || strchr(tag, '-') ? NULL : columns[language];
}

bool search_write_quotes(struct buffer *match, const struct search_query *query, const struct string_list *languages)
{
	bool by_column = languages->count > 0;
	for (size_t i = 0; i < languages->count; i++)
		by_column = by_column && text_column_of(languages->items[i]);
	if (!by_column) {
		buffer_append_string(match, query->match);
		return false;
	}
	buffer_append_char(match, '{');
	for (size_t i = 0; i < languages->count; i++)
		buffer_printf(match, "%s ", text_column_of(languages->items[i]));
	buffer_printf(match, "}:(%s)", query->match);
	return true;
}

void search_write_passage(struct buffer *match, const char (*tokens)[FOLD_TOKEN_BYTES_MAX + 1], size_t count)
{
	buffer_append_string(match, "{text_nl text_en text_de text_other}:");
	write_phrase(match, tokens, count);
}

void search_write_labels(struct buffer *match, enum search_label label, const int64_t *ids, size_t count)
{
	for (size_t i = 0; i < count; i++)
		buffer_printf(match, "%s\"" SEARCH_LABEL "%c%lld\"", i ? " OR " : " AND (", label, (long long)ids[i]);
	buffer_append_string(match, count ? ")" : "");
}
