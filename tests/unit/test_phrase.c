// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "db/text/phrase.h"

enum { PLACES_MAX = 8 };

/* Looks for a passage: `expected` lists the words at each place, each followed by `!` where it is exact. */
static void check(const char *passage, const char *text, const char *const *expected)
{
	struct phrase phrase;
	struct phrase_place places[PLACES_MAX];
	size_t count, length = strlen(text);
	assert_true(phrase_init(&phrase, passage, strlen(passage)));
	assert_true(phrase_find(&phrase, text, length, places, PLACES_MAX, &count));
	for (size_t i = 0; i < count; i++, expected += 2) {
		assert_non_null(expected[0]);
		assert_int_equal(places[i].end - places[i].start, strlen(expected[0]));
		assert_memory_equal(text + places[i].start, expected[0], strlen(expected[0]));
		assert_int_equal(phrase_is_exact(&phrase, text, length, places[i]), expected[1] != NULL);
	}
	assert_null(expected[0]);
	phrase_deinit(&phrase);
}

#define EXACT "exact"

static void test_phrase_is_found_without_case_accents_and_punctuation(void **state)
{
	(void)state;
	const char *text = "Maar ik leef te gulzig. Ik neem\r\naltijd van alles te veel.";
	check("Maar ik leef te gulzig.", text, (const char *[]) { "Maar ik leef te gulzig", EXACT, NULL });
	check("maar ík, leef: te gulzig", text, (const char *[]) { "Maar ik leef te gulzig", NULL, NULL });
	check("gulzig ik neem altijd", text, (const char *[]) { "gulzig. Ik neem\r\naltijd", NULL, NULL });
	check("te", text, (const char *[]) { "te", EXACT, "te", EXACT, NULL });
	check("Ik leef", text, (const char *[]) { "ik leef", NULL, NULL });
	check("leef gulzig", text, (const char *[]) { NULL });
	check("gulz", text, (const char *[]) { NULL });
}

static void test_phrase_is_exact_with_what_stands_around_its_words(void **state)
{
	(void)state;
	check("gulzig!", "te gulzig.", (const char *[]) { "gulzig", NULL, NULL });
	check("gulzig.", "te gulzig", (const char *[]) { "gulzig", NULL, NULL });
	check("(gulzig", "gulzig", (const char *[]) { "gulzig", NULL, NULL });
	check("(gulzig)", "te (gulzig) …", (const char *[]) { "gulzig", EXACT, NULL });
}

static void test_phrase_has_no_white_space_or_quotation_marks_around_it(void **state)
{
	(void)state;
	check(" “te gulzig.”\n", "Ik leef te gulzig.", (const char *[]) { "te gulzig", EXACT, NULL });
	check("„'»te gulzig«'“", "te gulzig", (const char *[]) { "te gulzig", EXACT, NULL });
	check("'’t Is goed'", "’t Is goed", (const char *[]) { "t Is goed", EXACT, NULL });
}

static void test_phrase_may_overlap_itself(void **state)
{
	(void)state;
	check("a b a", "a b a b a a b a", (const char *[]) { "a b a", EXACT, "a b a", EXACT, "a b a", EXACT, NULL });
	check("a a b", "a a a b a a b", (const char *[]) { "a a b", EXACT, "a a b", EXACT, NULL });
	check("x x", "x x x", (const char *[]) { "x x", EXACT, "x x", EXACT, NULL });
}

static void test_phrase_without_words_is_found_nowhere(void **state)
{
	(void)state;
	check("", "a", (const char *[]) { NULL });
	check(" … “!” ", "a … !", (const char *[]) { NULL });
	check("a", "", (const char *[]) { NULL });
}

static void test_phrase_gives_no_more_places_than_there_is_room_for(void **state)
{
	(void)state;
	struct phrase phrase;
	struct phrase_place places[2];
	size_t count;
	assert_true(phrase_init(&phrase, "a", 1));
	assert_true(phrase_find(&phrase, "a a a", 5, places, 2, &count));
	assert_int_equal(count, 2);
	assert_int_equal(places[1].start, 2);
	phrase_deinit(&phrase);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_phrase_is_found_without_case_accents_and_punctuation),
		cmocka_unit_test(test_phrase_is_exact_with_what_stands_around_its_words),
		cmocka_unit_test(test_phrase_has_no_white_space_or_quotation_marks_around_it),
		cmocka_unit_test(test_phrase_may_overlap_itself),
		cmocka_unit_test(test_phrase_without_words_is_found_nowhere),
		cmocka_unit_test(test_phrase_gives_no_more_places_than_there_is_room_for),
	};
	return cmocka_run_group_tests_name("phrase", tests, NULL, NULL);
}
