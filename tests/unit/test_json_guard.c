// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "server/json/json_guard.h"

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

/* From memory of exactly this size, so that a sanitizer sees a step beyond. */
static bool guard(void **state, const char *json, size_t length, const char **ret_reason)
{
	char *copy = malloc(length ? length : 1);
	assert_non_null(copy);
	memcpy(copy, json, length);
	bool passed = json_guard(copy, length, *state, ret_reason);
	free(copy);
	return passed;
}

static void expect_passed(void **state, const char *json)
{
	const char *reason;
	if (!guard(state, json, strlen(json), &reason))
		fail_msg("%s: %s", json, reason);
}

static void expect_refused(void **state, const char *json, size_t length, const char *expected)
{
	const char *reason = NULL;
	assert_false(guard(state, json, length, &reason));
	assert_string_equal(reason, expected);
}

/* Whether it is sound JSON is for the parser to say. */
static void test_what_a_parser_may_see_passes(void **state)
{
	static const char *const documents[] = { "", "{}", "[[]]", "]}", "{\"a\":\"\\u0000\"}", "\"", "\"\\", "\"\\\"",
		"{\"a", "\xef\xbb\xbf{}", "{\"\xf0\x9d\x84\x9e\":1}", "]]]]][[[" };
	for (size_t i = 0; i < sizeof(documents) / sizeof(documents[0]); i++)
		expect_passed(state, documents[i]);
}

static void test_a_nul_is_refused_with_its_place(void **state)
{
	expect_refused(state, "\0", 1, "a NUL byte at byte 0; JSON has none");
	expect_refused(state, "{\"a\":1\0}", 8, "a NUL byte at byte 6; JSON has none");
	expect_refused(state, "{}\0", 3, "a NUL byte at byte 2; JSON has none");
	/* It goes before all else. */
	expect_refused(state, "\xff\0", 2, "a NUL byte at byte 1; JSON has none");
}

static void test_what_is_no_utf8_is_refused_with_its_place(void **state)
{
	expect_refused(state, "\"\xff\"", 3, "not valid UTF-8 at byte 1");
	expect_refused(state, "\"\xc3", 2, "not valid UTF-8 at byte 1");
	expect_refused(state, "{\"\xed\xa0\x80\":1}", 9, "not valid UTF-8 at byte 2");
}

/* `depth` arrays or objects in each other around what is in the middle. */
static char *nest(char open, size_t depth, const char *middle)
{
	char *json = malloc(2 * depth + strlen(middle) + 1);
	assert_non_null(json);
	memset(json, open, depth);
	char *end = stpcpy(json + depth, middle);
	memset(end, open == '[' ? ']' : '}', depth);
	end[depth] = '\0';
	return json;
}

static void test_what_nests_too_deep_is_refused_with_its_place(void **state)
{
	static const char openings[] = "[{";
	for (size_t i = 0; openings[i]; i++) {
		char *json = nest(openings[i], JSON_MAX_DEPTH, "1");
		expect_passed(state, json);
		free(json);
		json = nest(openings[i], JSON_MAX_DEPTH + 1, "1");
		expect_refused(state, json, strlen(json), "nested deeper than 32 at byte 32");
		free(json);
	}
	char *json = nest('[', 1000000, "");
	expect_refused(state, json, strlen(json), "nested deeper than 32 at byte 32");
	free(json);
}

static void test_brackets_in_strings_do_not_nest(void **state)
{
	char brackets[200] = "\"";
	memset(brackets + 1, '[', 100);
	memcpy(brackets + 101, "\"", 2);
	char *json = nest('[', JSON_MAX_DEPTH, brackets);
	expect_passed(state, json);
	free(json);
	/* A quotation mark that is escaped does not end a string; one behind two backslashes does. */
	json = nest('[', JSON_MAX_DEPTH, "\"\\\"[[[[\"");
	expect_passed(state, json);
	free(json);
	json = nest('[', JSON_MAX_DEPTH, "\"\\\\\",[1]");
	expect_refused(state, json, strlen(json), "nested deeper than 32 at byte 37");
	free(json);
}

static void test_what_is_closed_is_nested_no_more(void **state)
{
	char json[4001];
	for (size_t i = 0; i < 4000; i += 2)
		memcpy(json + i, "[]", 2);
	json[4000] = '\0';
	expect_passed(state, json);
}

#define WITH_ARENA(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_ARENA(test_what_a_parser_may_see_passes),
		WITH_ARENA(test_a_nul_is_refused_with_its_place),
		WITH_ARENA(test_what_is_no_utf8_is_refused_with_its_place),
		WITH_ARENA(test_what_nests_too_deep_is_refused_with_its_place),
		WITH_ARENA(test_brackets_in_strings_do_not_nest),
		WITH_ARENA(test_what_is_closed_is_nested_no_more),
	};
	return cmocka_run_group_tests_name("json_guard", tests, NULL, NULL);
}
