// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "server/problem.h"
#include "server/request.h"

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

static void test_the_table_is_in_the_order_of_the_codes(void **state)
{
	(void)state;
	for (size_t i = 1; i < problem_type_count; i++)
		assert_true(strcmp(problem_types[i - 1].code, problem_types[i].code) < 0);
}

static void test_every_row_is_complete(void **state)
{
	(void)state;
	assert_true(problem_type_count > 0);
	for (size_t i = 0; i < problem_type_count; i++) {
		const struct problem_type *type = &problem_types[i];
		assert_true(*type->code);
		assert_int_equal(strspn(type->code, "abcdefghijklmnopqrstuvwxyz-"), strlen(type->code));
		assert_in_range(type->status, 400, 599);
		assert_true(*type->title);
		/* The title is the code in words (RFC 9457, section 3.1.3: it does not change). */
		size_t length = strlen(type->title);
		assert_true(type->title[length - 1] != '.');
		length = strlen(type->about);
		assert_true(length > 1 && type->about[length - 1] == '.');
		assert_ptr_equal(problem_find(type->code), type);
	}
}

static void test_no_other_code_is_found(void **state)
{
	(void)state;
	static const char *const codes[] = { "", "Gone", "gon", "gone ", "not found" };
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		assert_null(problem_find(codes[i]));
}

/* What a layer says when a store fails, or a client: each is a row of the table with the status of the contract. */
static void test_the_statuses_of_the_contract(void **state)
{
	(void)state;
	static const struct {
		const char *code;
		unsigned status;
	} contract[] = { { "gone", 410 }, { "internal", 500 }, { "invalid-cursor", 400 }, { "invalid-parameter", 400 },
		{ "invalid-request", 400 }, { "malformed-query", 400 }, { "method-not-allowed", 405 },
		{ "not-acceptable", 406 }, { "not-found", 404 }, { "not-implemented", 501 },
		{ "payload-too-large", 413 }, { "query-timeout", 503 }, { "range-not-satisfiable", 416 },
		{ "repeated-parameter", 400 }, { "too-many-values", 400 }, { "unavailable", 503 },
		{ "unknown-parameter", 400 } };
	for (size_t i = 0; i < sizeof(contract) / sizeof(contract[0]); i++) {
		const struct problem_type *type = problem_find(contract[i].code);
		assert_non_null(type);
		assert_int_equal(type->status, contract[i].status);
	}
}

static struct response answer(void **state, enum format format, const struct problem *problem)
{
	struct request request = { .arena = *state, .id = "boot-0-1", .format = format };
	struct response response = { .status = 200 };
	/* What was said before is gone. */
	buffer_append_string(&response.body, "half an answer");
	response_header(&response, "Content-Type", "text/html");
	problem_answer(&request, &response, problem);
	return response;
}

static void test_a_problem_as_json(void **state)
{
	const char *nearest[] = { "darko-kerim-bey", "kerim \"k\"" };
	struct response response = answer(state, FORMAT_JSON,
		&(struct problem) { .code = "not-found",
			.detail = "there is no character 'krim'",
			.parameter = "character",
			.nearest = { nearest, 2 } });
	assert_int_equal(response.status, 404);
	assert_string_equal(response.body.data,
		"{\"type\":\"/problems/not-found\",\"title\":\"Not found\",\"status\":404,"
		"\"detail\":\"there is no character 'krim'\",\"code\":\"not-found\",\"parameter\":\"character\","
		"\"nearest\":[\"darko-kerim-bey\",\"kerim \\\"k\\\"\"],\"request_id\":\"boot-0-1\"}\n");
	assert_string_equal(response_find(&response, "Content-Type"), "application/problem+json");
	assert_string_equal(response_find(&response, "Cache-Control"), "no-store");
	assert_string_equal(response_find(&response, "X-Request-Id"), "boot-0-1");
	assert_null(response_find(&response, "Retry-After"));
	assert_true(response_is_whole(&response));
	response_deinit(&response);
}

static void test_a_problem_as_one_plain_line(void **state)
{
	const char *nearest[] = { "a", "b" };
	struct response response = answer(state, FORMAT_TXT,
		&(struct problem) { .code = "not-found", .detail = "there is no work 'c'", .nearest = { nearest, 2 } });
	assert_string_equal(response.body.data, "404 Not found: there is no work 'c' (near: a, b)\n");
	assert_string_equal(response_find(&response, "Content-Type"), "text/plain; charset=utf-8");
	response_deinit(&response);
	response = answer(state, FORMAT_TXT, &(struct problem) { .code = "gone", .detail = "it has been deleted" });
	assert_string_equal(response.body.data, "410 Gone: it has been deleted\n");
	response_deinit(&response);
}

static void test_a_server_that_cannot_answer_says_when_to_come_back(void **state)
{
	struct response response =
		answer(state, FORMAT_JSON, &(struct problem) { .code = "unavailable", .detail = "the store is busy" });
	assert_string_equal(response_find(&response, "Retry-After"), "1");
	assert_null(strstr(response.body.data, "parameter"));
	assert_null(strstr(response.body.data, "nearest"));
	response_deinit(&response);
}

static void test_a_detail_that_is_missing_is_no_whole_answer(void **state)
{
	struct response response = answer(state, FORMAT_JSON, &(struct problem) { .code = "not-found" });
	assert_false(response_is_whole(&response));
	response_deinit(&response);
}

#define WITH_ARENA(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_table_is_in_the_order_of_the_codes),
		cmocka_unit_test(test_every_row_is_complete),
		cmocka_unit_test(test_no_other_code_is_found),
		cmocka_unit_test(test_the_statuses_of_the_contract),
		WITH_ARENA(test_a_problem_as_json),
		WITH_ARENA(test_a_problem_as_one_plain_line),
		WITH_ARENA(test_a_server_that_cannot_answer_says_when_to_come_back),
		WITH_ARENA(test_a_detail_that_is_missing_is_no_whole_answer),
	};
	return cmocka_run_group_tests_name("problem", tests, NULL, NULL);
}
