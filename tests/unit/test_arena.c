// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdalign.h>
#include <string.h>

#include "db/arena.h"

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

static bool is_zero(const char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		if (bytes[i])
			return false;
	}
	return true;
}

static void test_memory_is_zeroed_aligned_and_apart(void **state)
{
	static char *pieces[500];
	for (size_t i = 0; i < 500; i++) {
		pieces[i] = arena_alloc(*state, i);
		assert_non_null(pieces[i]);
		assert_true((uintptr_t)pieces[i] % alignof(max_align_t) == 0);
		assert_true(is_zero(pieces[i], i));
		memset(pieces[i], (int)i, i);
	}
	for (size_t i = 0; i < 500; i++) {
		for (size_t at = 0; at < i; at++)
			assert_true(pieces[i][at] == (char)i);
	}
}

static void test_a_large_wish_gets_a_block_of_its_own_size(void **state)
{
	const size_t large = 1024 * 1024 + 1;
	char *before = arena_strdup(*state, "before");
	char *bytes = arena_alloc(*state, large);
	char *behind = arena_strdup(*state, "behind");
	assert_true(before && bytes && behind);
	assert_true(is_zero(bytes, large));
	memset(bytes, 'x', large);
	assert_string_equal(before, "before");
	assert_string_equal(behind, "behind");
}

static void test_what_no_memory_can_hold_is_refused(void **state)
{
	assert_null(arena_alloc(*state, SIZE_MAX));
	assert_null(arena_alloc(*state, SIZE_MAX / 2 + 1));
	assert_null(arena_array(*state, SIZE_MAX / 4, 8));
	assert_null(arena_array(*state, SIZE_MAX, 2));
	assert_null(arena_strndup(*state, "", SIZE_MAX));
	assert_non_null(arena_array(*state, 0, SIZE_MAX));
	assert_non_null(arena_alloc(*state, 1));
}

static void test_clear_keeps_a_block_and_hands_it_out_zeroed(void **state)
{
	struct arena *arena = *state;
	char *first = arena_alloc(arena, 100);
	memset(first, 'x', 100);
	assert_non_null(arena_alloc(arena, 1024 * 1024));
	arena_clear(arena);
	char *again = arena_alloc(arena, 100);
	assert_ptr_equal(again, first);
	assert_true(is_zero(again, 100));
	arena_clear(arena);
	arena_clear(arena);
	assert_ptr_equal(arena_alloc(arena, 1), first);
}

static void test_clear_keeps_no_large_block(void **state)
{
	struct arena *arena = *state;
	assert_non_null(arena_alloc(arena, 1024 * 1024));
	arena_clear(arena);
	assert_null(arena->blocks);
	arena_clear(arena);
	assert_non_null(arena_alloc(arena, 1));
}

static void test_deinit_leaves_an_arena_that_is_usable(void **state)
{
	struct arena *arena = *state;
	assert_non_null(arena_alloc(arena, 1));
	arena_deinit(arena);
	arena_deinit(arena);
	assert_null(arena->blocks);
	assert_non_null(arena_alloc(arena, 1));
}

static void test_a_pushed_list_keeps_its_items(void **state)
{
	uint32_t *items = NULL;
	size_t moves = 0;
	for (size_t count = 0; count < 5000; count++) {
		uint32_t *larger = arena_push(*state, items, count, sizeof(*items));
		assert_non_null(larger);
		moves += larger != items;
		items = larger;
		assert_int_equal(items[count], 0);
		items[count] = (uint32_t)count * 7;
	}
	for (size_t i = 0; i < 5000; i++)
		assert_int_equal(items[i], i * 7);
	/* 4, 8, 16 … 8192: each move doubles, so that 5,000 pushes copy no more than 8,192 items. */
	assert_int_equal(moves, 12);
}

static void test_copies_of_strings(void **state)
{
	assert_null(arena_strdup(*state, NULL));
	assert_string_equal(arena_strdup(*state, ""), "");
	assert_string_equal(arena_strndup(*state, "Kerim Bey", 5), "Kerim");
	const char *with_nul = arena_strndup(*state, "a\0b", 3);
	assert_memory_equal(with_nul, "a\0b\0", 4);
	assert_string_equal(arena_printf(*state, "%s~%d", "review", 12), "review~12");
	assert_string_equal(arena_printf(*state, "%s", ""), "");
	assert_int_equal(strlen(arena_printf(*state, "%*s", 100000, "x")), 100000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_memory_is_zeroed_aligned_and_apart, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_large_wish_gets_a_block_of_its_own_size, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_what_no_memory_can_hold_is_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_clear_keeps_a_block_and_hands_it_out_zeroed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_clear_keeps_no_large_block, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_deinit_leaves_an_arena_that_is_usable, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_pushed_list_keeps_its_items, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_copies_of_strings, set_up, tear_down),
	};
	return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
