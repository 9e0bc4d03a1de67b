// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/shuffle.h"

static void test_shuffle_keys_are_of_62_bits_and_of_the_whole_id(void **state)
{
	(void)state;
	assert_int_equal(shuffle_key("review", "1"), shuffle_key("review", "1"));
	assert_true(shuffle_key("review", "1") != shuffle_key("review", "2"));
	assert_true(shuffle_key("review", "1") != shuffle_key("reviex", "1"));
	assert_true(shuffle_key("a", "b~c") == shuffle_key("a~b", "c"));
	int64_t seen = 0;
	for (int i = 0; i < 1000; i++) {
		char slug[16];
		snprintf(slug, sizeof(slug), "%d", i);
		int64_t key = shuffle_key("review", slug);
		assert_true(key >= 0 && key >> SHUFFLE_KEY_BITS == 0);
		seen |= key;
	}
	assert_int_equal(seen, ((int64_t)1 << SHUFFLE_KEY_BITS) - 1);
}

/* The keys are stored: another function would need a migration. */
static void test_shuffle_keys_stay_what_they_are(void **state)
{
	(void)state;
	assert_int_equal(shuffle_key("from-russia-with-love-nl", "1"), INT64_C(3196969203497044804));
}

static void test_shuffle_number_depends_on_key_and_seed(void **state)
{
	(void)state;
	int64_t number = shuffle_number(5, 7);
	assert_int_equal(number, shuffle_number(5, 7));
	assert_true(number != shuffle_number(6, 7) && number != shuffle_number(5, 8));
	for (uint64_t seed = 0; seed < 1000; seed++)
		assert_true(shuffle_number(0, seed) >= 0);
}

static void test_shuffle_number_lets_each_of_a_few_come_first_as_often(void **state)
{
	(void)state;
	enum { FEW = 5, SEEDS = 50000 };
	int first[FEW] = { 0 };
	for (int s = 0; s < SEEDS; s++) {
		int best = 0;
		for (int i = 1; i < FEW; i++) {
			/* Keys next to each other, as no hash would give them. */
			if (shuffle_number(i, (uint64_t)s) < shuffle_number(best, (uint64_t)s))
				best = i;
		}
		first[best]++;
	}
	for (int i = 0; i < FEW; i++)
		assert_in_range(first[i], SEEDS / FEW * 96 / 100, SEEDS / FEW * 104 / 100);
}

static void test_shuffle_seed_takes_any_words(void **state)
{
	(void)state;
	assert_true(shuffle_seed("7") != shuffle_seed("8"));
	assert_true(shuffle_seed("") != shuffle_seed("0"));
	assert_true(shuffle_seed("Ünd") == shuffle_seed("Ünd"));
}

static void test_shuffle_walk_has_less_than_twice_the_places(void **state)
{
	(void)state;
	for (int64_t places = 0; places <= 256; places++)
		assert_int_equal(shuffle_walk_bits(places), 8);
	for (int64_t places = 257; places < INT64_C(1) << 43; places *= 3) {
		int64_t visited = (int64_t)1 << shuffle_walk_bits(places);
		assert_true(visited >= places && visited < 2 * places);
	}
	assert_int_equal(shuffle_walk_bits(1024), 10);
	assert_int_equal(shuffle_walk_bits(1025), 11);
	assert_int_equal(shuffle_walk_bits(INT64_MAX), SHUFFLE_WALK_BITS_MAX);
}

static void test_shuffle_walk_visits_each_place_once(void **state)
{
	(void)state;
	for (unsigned bits = 0; bits < 13; bits++) {
		struct shuffle_walk walk = { .seed = bits, .bits = bits };
		size_t places = (size_t)1 << bits;
		bool *visited = calloc(places, sizeof(*visited));
		assert_non_null(visited);
		for (size_t step = 0; step < places; step++) {
			int64_t place = shuffle_walk_at(&walk, step);
			assert_true(place >= 0 && (size_t)place < places && !visited[place]);
			visited[place] = true;
		}
		free(visited);
	}
}

static void test_shuffle_walk_lets_each_place_come_first_as_often(void **state)
{
	(void)state;
	enum { PLACES = 32, SEEDS = 64000 };
	int first[PLACES] = { 0 };
	for (int s = 0; s < SEEDS; s++) {
		struct shuffle_walk walk = { .seed = (uint64_t)s, .bits = 5 };
		first[shuffle_walk_at(&walk, 0)]++;
	}
	for (int i = 0; i < PLACES; i++)
		assert_in_range(first[i], SEEDS / PLACES * 90 / 100, SEEDS / PLACES * 110 / 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shuffle_keys_are_of_62_bits_and_of_the_whole_id),
		cmocka_unit_test(test_shuffle_keys_stay_what_they_are),
		cmocka_unit_test(test_shuffle_number_depends_on_key_and_seed),
		cmocka_unit_test(test_shuffle_number_lets_each_of_a_few_come_first_as_often),
		cmocka_unit_test(test_shuffle_seed_takes_any_words),
		cmocka_unit_test(test_shuffle_walk_has_less_than_twice_the_places),
		cmocka_unit_test(test_shuffle_walk_visits_each_place_once),
		cmocka_unit_test(test_shuffle_walk_lets_each_place_come_first_as_often),
	};
	return cmocka_run_group_tests_name("shuffle", tests, NULL, NULL);
}
