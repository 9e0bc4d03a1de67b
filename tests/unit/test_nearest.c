// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "db/text/nearest.h"

static size_t offer_all(struct nearest *nearest, const char *const *candidates)
{
	for (; *candidates; candidates++)
		nearest_offer(nearest, *candidates);
	return nearest->count;
}

static void check_distance(const char *word, const char *candidate, unsigned expected)
{
	struct nearest nearest = { .word = word };
	nearest_offer(&nearest, candidate);
	assert_int_equal(nearest.count, 1);
	assert_string_equal(nearest.found[0], candidate);
	assert_int_equal(nearest.distance[0], expected);
}

static void check_too_far(const char *word, const char *candidate)
{
	struct nearest nearest = { .word = word };
	nearest_offer(&nearest, candidate);
	assert_int_equal(nearest.count, 0);
}

static void test_nearest_counts_edits_and_swaps(void **state)
{
	(void)state;
	check_distance("reviews", "reviews", 0);
	check_distance("reviews", "review", 1);
	check_distance("revews", "reviews", 1);
	check_distance("reveiws", "reviews", 1);
	check_distance("rxviews", "reviews", 1);
	check_distance("reveisw", "reviews", 2);
	check_distance("REVIEWS", "reviews", 0);
	check_distance("caf\xC3\xA9", "cafe", 1);
	/* No part is edited twice: from "ca" to "abc" are three edits, not two. */
	check_too_far("ca", "abc");
	check_too_far("caxxxx", "abcxxxx");
}

static void test_nearest_allows_a_third_of_the_longer_word(void **state)
{
	(void)state;
	check_distance("abcdef", "abcdXY", 2);
	check_too_far("abcdef", "abcXYZ");
	check_distance("a", "b", 1);
	check_distance("", "a", 1);
	check_too_far("", "ab");
	check_too_far("ab", "cd");
	check_distance("", "", 0);
}

static void test_nearest_takes_a_beginning_of_three_letters(void **state)
{
	(void)state;
	check_distance("cha", "characters", 7);
	check_distance("Characters-of", "cha", 10);
	check_distance("\xC3\xA9t\xC3\xA9", "\xC3\xA9t\xC3\xA9-long-and-longer", 16);
	check_too_far("ch", "characters");
	check_too_far("\xC3\xA9\xC3\xA9", "\xC3\xA9\xC3\xA9-long");
}

static void test_nearest_keeps_the_three_closest_in_order(void **state)
{
	(void)state;
	static const char *const CANDIDATES[] = { "quotations", "quot", "quotes", "quota", "quoted", "works", NULL };
	struct nearest nearest = { .word = "quote" };
	assert_int_equal(offer_all(&nearest, CANDIDATES), 3);
	assert_string_equal(nearest.found[0], "quot");
	assert_string_equal(nearest.found[1], "quotes");
	assert_string_equal(nearest.found[2], "quota");
	nearest_offer(&nearest, "Quote");
	assert_string_equal(nearest.found[0], "Quote");
	assert_string_equal(nearest.found[1], "quot");
	assert_string_equal(nearest.found[2], "quotes");
}

static void test_nearest_keeps_a_candidate_once(void **state)
{
	(void)state;
	static const char *const CANDIDATES[] = { "work", "work", "works", "work", "works", NULL };
	struct nearest nearest = { .word = "wrok" };
	assert_int_equal(offer_all(&nearest, CANDIDATES), 1);
	nearest = (struct nearest) { .word = "work" };
	assert_int_equal(offer_all(&nearest, CANDIDATES), 2);
}

static void test_nearest_survives_words_of_any_length(void **state)
{
	(void)state;
	static char word[100001], candidate[100001];
	memset(word, 'a', sizeof(word) - 1);
	memset(candidate, 'a', sizeof(candidate) - 1);
	candidate[1000] = 'b';
	check_distance(word, "aaaaa", 100000 - 5);
	check_too_far(word, "aaaab");
	check_too_far(word, candidate);
	word[256] = '\0';
	candidate[256] = '\0';
	candidate[100] = 'b';
	check_distance(word, candidate, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nearest_counts_edits_and_swaps),
		cmocka_unit_test(test_nearest_allows_a_third_of_the_longer_word),
		cmocka_unit_test(test_nearest_takes_a_beginning_of_three_letters),
		cmocka_unit_test(test_nearest_keeps_the_three_closest_in_order),
		cmocka_unit_test(test_nearest_keeps_a_candidate_once),
		cmocka_unit_test(test_nearest_survives_words_of_any_length),
	};
	return cmocka_run_group_tests_name("nearest", tests, NULL, NULL);
}
