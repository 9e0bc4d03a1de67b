// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "server/response.h"

static void test_headers_are_found_whatever_their_case(void **state)
{
	(void)state;
	struct response response = { 0 };
	assert_null(response_find(&response, "ETag"));
	response_header(&response, "ETag", "\"1\"");
	response_header(&response, "Vary", "Accept");
	assert_string_equal(response_find(&response, "etag"), "\"1\"");
	assert_string_equal(response_find(&response, "VARY"), "Accept");
	assert_null(response_find(&response, "ETa"));
	assert_int_equal(response.header_count, 2);
	response_deinit(&response);
}

static void test_a_response_is_whole_when_all_is_there(void **state)
{
	(void)state;
	struct response response = { 0 };
	assert_false(response_is_whole(&response));
	response.status = 200;
	assert_true(response_is_whole(&response));
	buffer_append_string(&response.body, "x");
	assert_true(response_is_whole(&response));
	response.body.failed = true;
	assert_false(response_is_whole(&response));
	response_clear(&response);
	response.status = 404;
	assert_true(response_is_whole(&response));
	response_header(&response, "Location", NULL);
	assert_false(response_is_whole(&response));
	assert_int_equal(response.header_count, 0);
	response_deinit(&response);
}

static void test_clearing_forgets_all_that_was_said(void **state)
{
	(void)state;
	struct response response = { .status = 200, .no_memory = true };
	buffer_append_string(&response.body, "body");
	response_header(&response, "ETag", "\"1\"");
	response_clear(&response);
	assert_int_equal(response.status, 0);
	assert_int_equal(response.body.length, 0);
	assert_int_equal(response.header_count, 0);
	assert_false(response.no_memory);
	response_header(&response, "ETag", "\"2\"");
	assert_string_equal(response_find(&response, "ETag"), "\"2\"");
	response_deinit(&response);
	assert_null(response.body.data);
}

static void test_there_is_room_for_many_headers(void **state)
{
	(void)state;
	struct response response = { .status = 200 };
	char names[RESPONSE_HEADERS_MAX][8];
	for (size_t i = 0; i < RESPONSE_HEADERS_MAX; i++) {
		snprintf(names[i], sizeof(names[i]), "X-%zu", i);
		response_header(&response, names[i], "v");
	}
	assert_int_equal(response.header_count, RESPONSE_HEADERS_MAX);
	assert_true(response_is_whole(&response));
	response_deinit(&response);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_headers_are_found_whatever_their_case),
		cmocka_unit_test(test_a_response_is_whole_when_all_is_there),
		cmocka_unit_test(test_clearing_forgets_all_that_was_said),
		cmocka_unit_test(test_there_is_room_for_many_headers),
	};
	return cmocka_run_group_tests_name("response", tests, NULL, NULL);
}
