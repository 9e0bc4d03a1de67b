// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "db/text/stem.h"

static void check_same(
	struct stemmers *stemmers, enum stem_language language, const char *one, const char *other, bool same)
{
	char stem[100];
	size_t length, other_length;
	const char *found = stem_of(stemmers, language, one, strlen(one), &length);
	assert_non_null(found);
	assert_true(length > 0 && length < sizeof(stem));
	memcpy(stem, found, length);
	found = stem_of(stemmers, language, other, strlen(other), &other_length);
	assert_non_null(found);
	assert_int_equal(length == other_length && !memcmp(stem, found, length), same);
}

static void test_stem_of_the_forms_of_a_word_is_the_same(void **state)
{
	(void)state;
	struct stemmers *stemmers = stemmers_new();
	assert_non_null(stemmers);
	check_same(stemmers, STEM_DUTCH, "gulzig", "gulzige", true);
	check_same(stemmers, STEM_DUTCH, "boek", "boeken", true);
	check_same(stemmers, STEM_DUTCH, "grafsteen", "grafstenen", true);
	check_same(stemmers, STEM_DUTCH, "boek", "boot", false);
	check_same(stemmers, STEM_ENGLISH, "book", "books", true);
	check_same(stemmers, STEM_ENGLISH, "boek", "boeken", false);
	/* As folded: Häuser, Bücher. */
	check_same(stemmers, STEM_GERMAN, "haus", "hauser", true);
	check_same(stemmers, STEM_GERMAN, "buch", "bucher", true);
	stemmers_free(stemmers);
	stemmers_free(NULL);
}

static void test_stem_language_is_the_first_part_of_a_tag(void **state)
{
	(void)state;
	assert_int_equal(stem_language_of("nl"), STEM_DUTCH);
	assert_int_equal(stem_language_of("nl-BE"), STEM_DUTCH);
	assert_int_equal(stem_language_of("en-GB"), STEM_ENGLISH);
	assert_int_equal(stem_language_of("de-1996"), STEM_GERMAN);
	assert_int_equal(stem_language_of("den"), STEM_NONE);
	assert_int_equal(stem_language_of("fr"), STEM_NONE);
	assert_int_equal(stem_language_of("n"), STEM_NONE);
	assert_int_equal(stem_language_of(""), STEM_NONE);
	assert_int_equal(stem_language_of(NULL), STEM_NONE);
}

static void test_stem_is_for_words_of_three_letters_or_more(void **state)
{
	(void)state;
	assert_true(stem_has_forms("gulzig", 6));
	assert_true(stem_has_forms("zee", 3));
	assert_false(stem_has_forms("ik", 2));
	assert_false(stem_has_forms("", 0));
	assert_false(stem_has_forms("007", 3));
	assert_false(stem_has_forms("x2", 2));
	assert_false(stem_has_forms("таня", strlen("таня")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stem_of_the_forms_of_a_word_is_the_same),
		cmocka_unit_test(test_stem_language_is_the_first_part_of_a_tag),
		cmocka_unit_test(test_stem_is_for_words_of_three_letters_or_more),
	};
	return cmocka_run_group_tests_name("stem", tests, NULL, NULL);
}
