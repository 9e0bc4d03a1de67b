// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "db/text/buffer.h"

static void test_buffer_starts_empty_and_gives_an_empty_string(void **state)
{
	(void)state;
	struct buffer buffer = { 0 };
	size_t length = 7;
	char *taken = buffer_take(&buffer, &length);
	assert_non_null(taken);
	assert_string_equal(taken, "");
	assert_int_equal(length, 0);
	assert_null(buffer.data);
	free(taken);
}

static void test_buffer_joins_what_is_appended(void **state)
{
	(void)state;
	struct buffer buffer = { 0 };
	buffer_append(&buffer, "from ", 5);
	buffer_append(&buffer, NULL, 0);
	buffer_append_string(&buffer, "russia");
	buffer_append_char(&buffer, '\0');
	buffer_printf(&buffer, "%d %s", 1957, "with love");
	static const char EXPECTED[] = "from russia\0"
				       "1957 with love";
	assert_false(buffer.failed);
	assert_int_equal(buffer.length, sizeof(EXPECTED) - 1);
	assert_memory_equal(buffer.data, EXPECTED, sizeof(EXPECTED));
	buffer_deinit(&buffer);
}

static void test_buffer_grows_by_single_characters(void **state)
{
	(void)state;
	struct buffer buffer = { 0 };
	for (size_t i = 0; i < 10000; i++) {
		buffer_append_char(&buffer, (char)('a' + i % 26));
		assert_int_equal(buffer.data[buffer.length], '\0');
	}
	assert_int_equal(buffer.length, 10000);
	for (size_t i = 0; i < 10000; i++)
		assert_int_equal(buffer.data[i], 'a' + i % 26);
	buffer_deinit(&buffer);
}

static void test_buffer_prints_what_just_fits_and_what_just_does_not(void **state)
{
	(void)state;
	for (int width = 1; width < 300; width++) {
		struct buffer buffer = { 0 };
		buffer_append_char(&buffer, '<');
		buffer_printf(&buffer, "%*d", width, 7);
		assert_int_equal(buffer.length, width + 1);
		assert_int_equal(strlen(buffer.data), width + 1);
		buffer_deinit(&buffer);
	}
}

/* Where it is a constant the compiler sees that no string can be so long. */
static const volatile size_t most = SIZE_MAX;

static void test_buffer_keeps_a_failure_until_it_is_cleared(void **state)
{
	(void)state;
	struct buffer buffer = { 0 };
	buffer_append_string(&buffer, "kept");
	buffer_append(&buffer, "x", most - 4);
	assert_true(buffer.failed);
	buffer_append_string(&buffer, " and not more");
	buffer_printf(&buffer, "%d", 1);
	assert_string_equal(buffer.data, "kept");
	assert_int_equal(buffer.length, 4);

	buffer_clear(&buffer);
	assert_false(buffer.failed);
	assert_string_equal(buffer.data, "");
	buffer_append_string(&buffer, "again");
	assert_string_equal(buffer.data, "again");
	buffer_deinit(&buffer);
}

static void test_buffer_that_failed_is_taken_as_null_and_usable_again(void **state)
{
	(void)state;
	struct buffer buffer = { 0 };
	size_t length = 7;
	buffer_append_string(&buffer, "kept");
	buffer_append(&buffer, "x", most);
	assert_null(buffer_take(&buffer, &length));
	assert_int_equal(length, 7);
	assert_false(buffer.failed);
	buffer_append_string(&buffer, "new");
	char *taken = buffer_take(&buffer, NULL);
	assert_string_equal(taken, "new");
	free(taken);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_buffer_starts_empty_and_gives_an_empty_string),
		cmocka_unit_test(test_buffer_joins_what_is_appended),
		cmocka_unit_test(test_buffer_grows_by_single_characters),
		cmocka_unit_test(test_buffer_prints_what_just_fits_and_what_just_does_not),
		cmocka_unit_test(test_buffer_keeps_a_failure_until_it_is_cleared),
		cmocka_unit_test(test_buffer_that_failed_is_taken_as_null_and_usable_again),
	};
	return cmocka_run_group_tests_name("buffer", tests, NULL, NULL);
}
