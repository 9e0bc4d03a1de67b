// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "db/search_hits.h"
#include "db/text/buffer.h"
#include "db/text/utf8.h"

/* A query as it is typed, with one other form of its first word in Dutch if `form` is not NULL. */
static void make_query(struct search_query *query, const char *typed, const char **form)
{
	memset(query, 0, sizeof(*query));
	query_parse(typed, strlen(typed), &query->typed);
	if (form)
		query->forms[0][STEM_DUTCH] = (struct string_list) { .items = form, .count = 1 };
}

/* The words at the places, one space between two; merged first if asked for. */
static void check_hits(const char *typed, const char *form, enum stem_language language, const char *text, bool merge,
	const char *expected)
{
	struct search_query query;
	struct search_hits hits;
	struct arena arena = { 0 };
	struct buffer out = { 0 };
	make_query(&query, typed, form ? &form : NULL);
	assert_int_equal(search_hits_find(&query, language, text, strlen(text), &arena, &hits), DB_OK);
	if (merge)
		search_hits_merge(&hits);
	for (size_t i = 0; i < hits.count; i++) {
		buffer_append_string(&out, i ? "|" : "");
		buffer_append(&out, text + hits.items[i].start, hits.items[i].end - hits.items[i].start);
	}
	assert_string_equal(out.data ? out.data : "", expected);
	buffer_deinit(&out);
	arena_deinit(&arena);
}

static void test_hits_are_where_the_index_finds_words(void **state)
{
	(void)state;
	check_hits("gulzig", NULL, STEM_NONE, "Gulzig, te GÚLZIG. Gulzige", false, "Gulzig|GÚLZIG");
	check_hits("te leef", NULL, STEM_NONE, "Ik leef te gulzig", false, "leef|te");
	check_hits("-te leef", NULL, STEM_NONE, "Ik leef te gulzig", false, "leef");
	check_hits("\"leef te\"", NULL, STEM_NONE, "Ik leef — te. Leef niet te", false, "leef — te");
	check_hits("don't", NULL, STEM_NONE, "I don’t, do not", false, "don’t");
	check_hits("x", NULL, STEM_NONE, "", false, "");
}

static void test_hits_of_a_beginning_are_that_beginning(void **state)
{
	(void)state;
	check_hits("graf*", NULL, STEM_NONE, "Grafsteen, graf, GRÁFIEK, gra", false, "Graf|graf|GRÁF");
	check_hits("ijs*", NULL, STEM_NONE, "Ĳsberg ĳ", false, "Ĳs");
	check_hits("d'arta*", NULL, STEM_NONE, "D’Artagnan", false, "D’Arta");
	check_hits("caf\xC3\xA9*", NULL, STEM_NONE, "Cafe\xCC\x81tje", false, "Cafe\xCC\x81");
	/* The letter that the beginning ends in stands for more than that. */
	check_hits("boss*", NULL, STEM_NONE, "Boßart", false, "Boß");
}

static void test_hits_are_other_forms_in_their_language_alone(void **state)
{
	(void)state;
	check_hits("gulzige", "gulzig", STEM_DUTCH, "gulzig en gulzige", false, "gulzig|gulzige");
	check_hits("gulzige", "gulzig", STEM_GERMAN, "gulzig en gulzige", false, "gulzige");
	check_hits("gulzige", "gulzig", STEM_NONE, "gulzig en gulzige", false, "gulzige");
}

static void test_hits_that_overlap_are_one(void **state)
{
	(void)state;
	check_hits("a \"a b\" \"b c\"", NULL, STEM_NONE, "a b c", true, "a b c");
	check_hits("\"a a\"", NULL, STEM_NONE, "a a a b a a", true, "a a a|a a");
	check_hits("名 前", NULL, STEM_NONE, "名前 前", true, "名前|前");
	check_hits("b a", NULL, STEM_NONE, "a b", true, "a|b");
}

static void test_hits_are_cut_at_a_thousand(void **state)
{
	(void)state;
	struct search_query query;
	struct search_hits hits;
	struct arena arena = { 0 };
	enum { WORDS = 3000 };
	char *text = malloc(2 * WORDS + 1);
	for (size_t i = 0; i < WORDS; i++)
		memcpy(text + 2 * i, "a ", 3);
	make_query(&query, "a", NULL);
	assert_int_equal(search_hits_find(&query, STEM_NONE, text, 2 * WORDS, &arena, &hits), DB_OK);
	assert_int_equal(hits.count, SEARCH_HITS_MAX);
	arena_deinit(&arena);
	free(text);
}

/* The excerpt of a text for a query. */
static void check_excerpt(const char *typed, const char *text, const char *begins, const char *ends)
{
	struct search_query query;
	struct search_hits hits;
	struct arena arena = { 0 };
	make_query(&query, typed, NULL);
	assert_int_equal(search_hits_find(&query, STEM_NONE, text, strlen(text), &arena, &hits), DB_OK);
	struct excerpt excerpt = excerpt_choose(&hits, text, strlen(text));
	assert_true(excerpt.start <= excerpt.end && excerpt.end <= strlen(text));
	assert_true(utf8_count(text + excerpt.start, excerpt.end - excerpt.start) <= EXCERPT_CODEPOINTS + 64);
	assert_int_equal(strncmp(text + excerpt.start, begins, strlen(begins)), 0);
	assert_true(excerpt.end - excerpt.start >= strlen(ends));
	assert_memory_equal(text + excerpt.end - strlen(ends), ends, strlen(ends));
	arena_deinit(&arena);
}

static void repeat(struct buffer *out, const char *words, size_t times)
{
	for (size_t i = 0; i < times; i++)
		buffer_append_string(out, words);
}

static void test_excerpt_is_all_of_a_short_text(void **state)
{
	(void)state;
	check_excerpt("graf", "Een graf.", "Een graf.", "Een graf.");
	check_excerpt("niets", "Een graf.", "Een graf.", "Een graf.");
	check_excerpt("niets", "", "", "");
}

static void test_excerpt_is_where_most_words_stand_together(void **state)
{
	(void)state;
	struct buffer text = { 0 };
	repeat(&text, "steen ", 100);
	repeat(&text, "woord ", 100);
	buffer_append_string(&text, "hier het graf met een steen erop ");
	repeat(&text, "woord ", 100);
	check_excerpt("graf steen", text.data, "woord ", "woord");
	struct search_query query;
	struct search_hits hits;
	struct arena arena = { 0 };
	make_query(&query, "graf steen", NULL);
	assert_int_equal(search_hits_find(&query, STEM_NONE, text.data, text.length, &arena, &hits), DB_OK);
	struct excerpt excerpt = excerpt_choose(&hits, text.data, text.length);
	assert_non_null(memmem(text.data + excerpt.start, excerpt.end - excerpt.start, "graf met een steen erop", 23));
	arena_deinit(&arena);
	/* Without a hit it is the beginning. */
	check_excerpt("niets", text.data, "steen steen", "steen");
	buffer_deinit(&text);
}

static void test_excerpt_cuts_between_words_or_letters(void **state)
{
	(void)state;
	struct buffer text = { 0 };
	repeat(&text, "名", 500);
	buffer_append_string(&text, "graf");
	repeat(&text, "前", 500);
	check_excerpt("graf", text.data, "名", "前");
	buffer_clear(&text);
	repeat(&text, "x", 1000);
	check_excerpt("y", text.data, "xxx", "xxx");
	/* One word longer than an excerpt is shown whole. */
	struct search_query query;
	struct search_hits hits;
	struct arena arena = { 0 };
	buffer_append_string(&text, " end");
	make_query(&query, text.data, NULL);
	query.typed.term_count = 1;
	assert_int_equal(search_hits_find(&query, STEM_NONE, text.data, text.length, &arena, &hits), DB_OK);
	assert_int_equal(hits.count, 1);
	struct excerpt excerpt = excerpt_choose(&hits, text.data, text.length);
	assert_int_equal(excerpt.start, 0);
	assert_true(excerpt.end >= 1000);
	arena_deinit(&arena);
	buffer_deinit(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hits_are_where_the_index_finds_words),
		cmocka_unit_test(test_hits_of_a_beginning_are_that_beginning),
		cmocka_unit_test(test_hits_are_other_forms_in_their_language_alone),
		cmocka_unit_test(test_hits_that_overlap_are_one),
		cmocka_unit_test(test_hits_are_cut_at_a_thousand),
		cmocka_unit_test(test_excerpt_is_all_of_a_short_text),
		cmocka_unit_test(test_excerpt_is_where_most_words_stand_together),
		cmocka_unit_test(test_excerpt_cuts_between_words_or_letters),
	};
	return cmocka_run_group_tests_name("search_hits", tests, NULL, NULL);
}
