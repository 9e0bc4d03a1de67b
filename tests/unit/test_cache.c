// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/cache.h"

static int freed;

static void free_cached(struct cached *cached)
{
	freed++;
	free(cached->etag);
}

static int setup(void **state)
{
	freed = 0;
	*state = cache_new(64 * 1024, free_cached);
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	cache_free(*state);
	return 0;
}

/* An answer whose tag says what it is for, and that costs `bytes`. */
static bool put(struct cache *cache, uint64_t generation, const char *key, size_t bytes)
{
	struct cached cached = { .etag = strdup(key), .bytes = bytes };
	bool kept = cache_put(cache, generation, key, strlen(key), &cached);
	if (!kept)
		free(cached.etag);
	return kept;
}

static const char *find(struct cache *cache, uint64_t generation, const char *key)
{
	const struct cached *cached = cache_find(cache, generation, key, strlen(key));
	return cached ? cached->etag : NULL;
}

static void test_cache_gives_what_was_put(void **state)
{
	struct cache *cache = *state;
	assert_null(find(cache, 1, "/a"));
	assert_true(put(cache, 1, "/a", 100));
	assert_string_equal(find(cache, 1, "/a"), "/a");
	assert_null(find(cache, 1, "/b"));
	assert_null(find(cache, 1, "/"));
	assert_null(find(cache, 1, ""));
}

static void test_cache_gives_nothing_of_another_generation(void **state)
{
	struct cache *cache = *state;
	assert_true(put(cache, 1, "/a", 100));
	assert_null(find(cache, 2, "/a"));
	assert_int_equal(freed, 1);
	assert_null(find(cache, 1, "/a"));
	assert_int_equal(cache_counts(cache).entries, 0);
	assert_int_equal(cache_counts(cache).bytes, 0);
}

static void test_cache_replaces_what_has_the_key(void **state)
{
	struct cache *cache = *state;
	assert_true(put(cache, 1, "/a", 100));
	size_t bytes = cache_counts(cache).bytes;
	assert_true(put(cache, 1, "/a", 100));
	assert_int_equal(freed, 1);
	assert_int_equal(cache_counts(cache).entries, 1);
	assert_int_equal(cache_counts(cache).bytes, bytes);
}

static void test_cache_gives_up_what_is_used_least_recently(void **state)
{
	struct cache *cache = *state;
	char key[32];
	for (int i = 0; i < 1000; i++) {
		snprintf(key, sizeof(key), "/%d", i);
		assert_true(put(cache, 1, key, 1000));
		/* The first one is asked for all the time, and stays. */
		assert_string_equal(find(cache, 1, "/0"), "/0");
		assert_true(cache_counts(cache).bytes <= 64 * 1024);
	}
	assert_null(find(cache, 1, "/1"));
	assert_string_equal(find(cache, 1, "/999"), "/999");
	assert_int_equal(cache_counts(cache).evictions, 1000 - cache_counts(cache).entries);
}

static void test_cache_keeps_nothing_that_is_too_large(void **state)
{
	struct cache *cache = *state;
	char key[CACHE_KEY_MAX + 2];
	memset(key, 'x', sizeof(key));
	key[sizeof(key) - 1] = '\0';
	assert_true(put(cache, 1, "/a", 8 * 1024 - 2));
	assert_false(put(cache, 1, "/b", 8 * 1024 - 1));
	assert_false(put(cache, 1, key, 10));
	assert_string_equal(find(cache, 1, "/a"), "/a");
}

static void test_cache_of_nothing_keeps_nothing(void **state)
{
	(void)state;
	struct cache *cache = cache_new(0, free_cached);
	assert_non_null(cache);
	assert_false(put(cache, 1, "/a", 1));
	assert_null(find(cache, 1, "/a"));
	cache_free(cache);
	cache_free(NULL);
}

static void test_cache_finds_each_of_many(void **state)
{
	(void)state;
	struct cache *cache = cache_new(64 * 1024 * 1024, free_cached);
	char key[64];
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < 20000; i++) {
			snprintf(key, sizeof(key), "/v1/characters/character-%d/quotes?limit=%d", i, i % 7);
			if (round == 0)
				assert_true(put(cache, 1, key, 50));
			else
				assert_string_equal(find(cache, 1, key), key);
		}
	}
	assert_int_equal(cache_counts(cache).hits, 20000);
	assert_int_equal(cache_counts(cache).entries, 20000);
	cache_free(cache);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_cache_gives_what_was_put, setup, teardown),
		cmocka_unit_test_setup_teardown(test_cache_gives_nothing_of_another_generation, setup, teardown),
		cmocka_unit_test_setup_teardown(test_cache_replaces_what_has_the_key, setup, teardown),
		cmocka_unit_test_setup_teardown(test_cache_gives_up_what_is_used_least_recently, setup, teardown),
		cmocka_unit_test_setup_teardown(test_cache_keeps_nothing_that_is_too_large, setup, teardown),
		cmocka_unit_test(test_cache_of_nothing_keeps_nothing),
		cmocka_unit_test(test_cache_finds_each_of_many),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
