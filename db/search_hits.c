// SPDX-License-Identifier: MIT
#include "db/search_hits.h"

#include <stdlib.h>
#include <string.h>

#include "db/text/utf8.h"

/* Code points shown before the first hit of an excerpt, and of a word that may be cut off at either end. */
enum { EXCERPT_LEAD = 60, WORD_CUT = 24, BYTE_VALUES = 256 };

/* A text that is read token by token; phrases look back at the last few. */
struct scanning {
	const struct search_query *query;
	enum stem_language language;
	bool begins[BYTE_VALUES]; /* the first bytes of what may end a term */
	struct fold_token ring[QUERY_TOKENS_MAX];
	size_t count; /* tokens read */
};

static const struct fold_token *token_back(const struct scanning *scanning, size_t back)
{
	return &scanning->ring[(scanning->count - 1 - back) % QUERY_TOKENS_MAX];
}

static void scanning_init(struct scanning *scanning, const struct search_query *query, enum stem_language language)
{
	scanning->query = query;
	scanning->language = language;
	scanning->count = 0;
	memset(scanning->begins, 0, sizeof(scanning->begins));
	for (size_t i = 0; i < query->typed.term_count; i++) {
		const struct query_term *term = &query->typed.terms[i];
		if (term->excluded)
			continue;
		scanning->begins[(unsigned char)query->typed.tokens[term->first + term->count - 1][0]] = true;
		for (size_t f = 0; language != STEM_NONE && f < query->forms[i][language].count; f++)
			scanning->begins[(unsigned char)query->forms[i][language].items[f][0]] = true;
	}
}

static bool is_form(const struct scanning *scanning, size_t term, const struct fold_token *token)
{
	if (scanning->language == STEM_NONE)
		return false;
	const struct string_list *forms = &scanning->query->forms[term][scanning->language];
	for (size_t i = 0; i < forms->count; i++) {
		if (!strcmp(forms->items[i], token->bytes))
			return true;
	}
	return false;
}

/* Whether the last tokens read are that term. */
static bool term_ends_here(const struct scanning *scanning, size_t number)
{
	const struct query *typed = &scanning->query->typed;
	const struct query_term *term = &typed->terms[number];
	const struct fold_token *last = token_back(scanning, 0);
	if (term->excluded || term->count > scanning->count)
		return false;
	if (is_form(scanning, number, last))
		return true;
	const char *wanted = typed->tokens[term->first + term->count - 1];
	if (term->prefix ? strncmp(wanted, last->bytes, strlen(wanted)) != 0 : strcmp(wanted, last->bytes) != 0)
		return false;
	for (size_t back = 1; back < term->count; back++) {
		if (strcmp(typed->tokens[term->first + term->count - 1 - back], token_back(scanning, back)->bytes) != 0)
			return false;
	}
	return true;
}

/* Of the beginning of a word only that beginning. */
static struct search_hit hit_of(const struct scanning *scanning, size_t number, const char *text)
{
	const struct query_term *term = &scanning->query->typed.terms[number];
	const struct fold_token *last = token_back(scanning, 0);
	struct search_hit hit = {
		.start = token_back(scanning, term->count - 1)->start, .end = last->end, .term = number
	};
	if (term->prefix)
		hit.end = fold_prefix_end(text, last->start, last->end,
			strlen(scanning->query->typed.tokens[term->first + term->count - 1]));
	return hit;
}

enum db_status search_hits_find(const struct search_query *query, enum stem_language language, const char *text,
	size_t length, struct arena *arena, struct search_hits *ret_hits)
{
	struct scanning scanning;
	struct search_hits hits = { .items = NULL };
	struct fold fold;
	scanning_init(&scanning, query, language);
	fold_init(&fold, text, length);
	while (hits.count < SEARCH_HITS_MAX &&
		fold_next_token(&fold, &scanning.ring[scanning.count % QUERY_TOKENS_MAX])) {
		scanning.count++;
		const struct fold_token *last = token_back(&scanning, 0);
		if (!scanning.begins[(unsigned char)last->bytes[0]])
			continue;
		for (size_t i = 0; i < query->typed.term_count; i++) {
			if (!term_ends_here(&scanning, i))
				continue;
			struct search_hit *items = arena_push(arena, hits.items, hits.count, sizeof(*items));
			if (!items)
				return DB_NO_MEMORY;
			hits.items = items;
			items[hits.count++] = hit_of(&scanning, i, text);
		}
	}
	*ret_hits = hits;
	return DB_OK;
}

static int compare_hits(const void *a, const void *b)
{
	const struct search_hit *x = a, *y = b;
	return (x->start > y->start) - (x->start < y->start);
}

void search_hits_merge(struct search_hits *hits)
{
	size_t kept = 0;
	if (hits->count)
		qsort(hits->items, hits->count, sizeof(*hits->items), compare_hits);
	for (size_t i = 0; i < hits->count; i++) {
		struct search_hit *before = kept ? &hits->items[kept - 1] : NULL;
		if (!before || hits->items[i].start > before->end)
			hits->items[kept++] = hits->items[i];
		else if (hits->items[i].end > before->end)
			before->end = hits->items[i].end;
	}
	hits->count = kept;
}

/* The hit from which on the most terms stand within an excerpt. */
static size_t best_hit(const struct search_hits *hits)
{
	size_t best = 0, best_terms = 0;
	for (size_t i = 0; i < hits->count; i++) {
		unsigned terms = 0;
		for (size_t j = i; j < hits->count &&
				   hits->items[j].end < hits->items[i].start + EXCERPT_CODEPOINTS - EXCERPT_LEAD;
			j++)
			terms |= 1u << hits->items[j].term;
		size_t count = (size_t)__builtin_popcount(terms);
		if (count > best_terms) {
			best = i;
			best_terms = count;
		}
	}
	return best;
}

static bool is_white(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

struct excerpt excerpt_choose(const struct search_hits *hits, const char *text, size_t length)
{
	if (utf8_forward(text, length, 0, EXCERPT_CODEPOINTS) == length)
		return (struct excerpt) { 0, length };
	size_t first = 0, last = 0;
	if (hits->count) {
		const struct search_hit *hit = &hits->items[best_hit(hits)];
		first = hit->start;
		last = hit->end;
	}
	struct excerpt excerpt = { .start = utf8_backward(text, first, EXCERPT_LEAD) };
	excerpt.end = utf8_forward(text, length, excerpt.start, EXCERPT_CODEPOINTS);
	if (excerpt.end < last)
		excerpt.end = last;
	/* Cut between words, where one ends soon. */
	if (excerpt.start) {
		size_t limit = utf8_forward(text, first, excerpt.start, WORD_CUT);
		size_t at = excerpt.start;
		while (at < limit && !is_white(text[at]))
			at++;
		while (at < first && is_white(text[at]))
			at++;
		excerpt.start = at < limit ? at : excerpt.start;
	}
	if (excerpt.end < length) {
		size_t limit = utf8_backward(text, excerpt.end, WORD_CUT);
		size_t at = excerpt.end;
		while (at > limit && at > last && !is_white(text[at - 1]))
			at--;
		while (at > last && at > limit && is_white(text[at - 1]))
			at--;
		excerpt.end = at > limit ? at : excerpt.end;
	}
	return excerpt;
}
