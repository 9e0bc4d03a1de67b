// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "server/json/string_index.h"

static int set_up(void **state)
{
	static struct arena arena;
	*state = &arena;
	return 0;
}

static int tear_down(void **state)
{
	arena_deinit(*state);
	return 0;
}

static void test_a_string_keeps_its_first_number(void **state)
{
	struct string_index index = { 0 };
	assert_int_equal(string_index_add(&index, *state, "a", 7), STRING_INDEX_ADDED);
	assert_int_equal(string_index_add(&index, *state, "b", 8), STRING_INDEX_ADDED);
	assert_int_equal(string_index_add(&index, *state, "a", 9), STRING_INDEX_KNOWN);
	assert_int_equal(string_index_find(&index, "a"), 7);
	assert_int_equal(string_index_find(&index, "b"), 8);
	string_index_deinit(&index);
}

static void test_what_is_not_there_is_not_found(void **state)
{
	struct string_index index = { 0 };
	assert_true(string_index_find(&index, "a") == STRING_INDEX_NONE);
	assert_int_equal(string_index_add(&index, *state, "a", 0), STRING_INDEX_ADDED);
	assert_true(string_index_find(&index, "") == STRING_INDEX_NONE);
	assert_true(string_index_find(&index, "aa") == STRING_INDEX_NONE);
	assert_true(string_index_find(&index, "A") == STRING_INDEX_NONE);
	assert_int_equal(string_index_find(&index, "a"), 0);
	assert_int_equal(string_index_add(&index, *state, "", 1), STRING_INDEX_ADDED);
	assert_int_equal(string_index_find(&index, ""), 1);
	string_index_deinit(&index);
}

/* In ascending order, the order that makes a plain tree a list. */
static void test_many_strings(void **state)
{
	enum { MANY = 20000 };
	struct string_index index = { 0 };
	for (size_t i = 0; i < MANY; i++)
		assert_int_equal(string_index_add(&index, *state, arena_printf(*state, "agent-%06zu", i), i),
			STRING_INDEX_ADDED);
	for (size_t i = 0; i < MANY; i += 7)
		assert_int_equal(string_index_find(&index, arena_printf(*state, "agent-%06zu", i)), i);
	string_index_deinit(&index);
}

static void test_an_index_is_usable_again(void **state)
{
	struct string_index index = { 0 };
	string_index_deinit(&index);
	assert_int_equal(string_index_add(&index, *state, "a", 1), STRING_INDEX_ADDED);
	string_index_deinit(&index);
	assert_true(string_index_find(&index, "a") == STRING_INDEX_NONE);
	assert_int_equal(string_index_add(&index, *state, "a", 2), STRING_INDEX_ADDED);
	assert_int_equal(string_index_find(&index, "a"), 2);
	string_index_deinit(&index);
}

#define WITH_ARENA(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_ARENA(test_a_string_keeps_its_first_number),
		WITH_ARENA(test_what_is_not_there_is_not_found),
		WITH_ARENA(test_many_strings),
		WITH_ARENA(test_an_index_is_usable_again),
	};
	return cmocka_run_group_tests_name("string_index", tests, NULL, NULL);
}
