// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "server/params.h"

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

static const char *const fields[] = { "id", "work", "work.id", NULL };

static const struct param_scope everything = {
	.takes = ((uint64_t)1 << PARAMS) - 1, .includes = ~0u, .sorts = ~0u, .fields = fields
};

static struct params parse(void **state, const char *query)
{
	struct params params;
	struct param_problem problem = { 0 };
	if (!params_parse(query, &everything, *state, &params, &problem))
		fail_msg("%s: %s: %s", query, problem.code, problem.detail);
	return params;
}

static struct param_problem refused(void **state, const char *query, uint64_t takes, const char *code)
{
	struct params params;
	struct param_problem problem = { 0 };
	struct param_scope scope = everything;
	scope.takes = takes;
	if (params_parse(query, &scope, *state, &params, &problem))
		fail_msg("%s was taken", query);
	assert_non_null(problem.code);
	assert_string_equal(problem.code, code);
	assert_non_null(problem.detail);
	return problem;
}

static void test_no_query_has_no_values(void **state)
{
	static const char *const queries[] = { NULL, "", "&", "&&&" };
	for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
		struct params params = parse(state, queries[i]);
		for (int p = 0; p < PARAMS; p++)
			assert_int_equal(params.values[p].count, 0);
	}
	struct params params = parse(state, NULL);
	assert_int_equal(param_number(&params, PARAM_LIMIT, 20), 20);
	assert_null(param_text(&params, PARAM_CURSOR));
}

static void test_texts_are_decoded(void **state)
{
	struct params params = parse(state, "character=Kerim+Bey&cursor=a%3Db%26c&work=%E2%82%AC&review=a=b");
	assert_string_equal(param_text(&params, PARAM_CHARACTER), "Kerim Bey");
	assert_string_equal(param_text(&params, PARAM_CURSOR), "a=b&c");
	assert_string_equal(param_text(&params, PARAM_WORK), "\xe2\x82\xac");
	assert_string_equal(param_text(&params, PARAM_REVIEW), "a=b");
	/* The name is encoded as well as the value. */
	params = parse(state, "%63haracter=M");
	assert_string_equal(param_text(&params, PARAM_CHARACTER), "M");
}

static void test_numbers_have_bounds(void **state)
{
	static const struct {
		const char *query;
		int64_t number;
	} good[] = { { "limit=0", 0 }, { "limit=1", 1 }, { "limit=200", 200 }, { "limit=007", 7 },
		{ "limit=00000000000000000000200", 200 } };
	static const char *const bad[] = { "limit=201", "limit=-1", "limit=", "limit", "limit=+1", "limit=1.0",
		"limit=%201", "limit=1e2", "limit=0x10", "limit=99999999999999999999999", "limit=18446744073709551617",
		"limit=\xd9\xa1", "limit=20a" };
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct params params = parse(state, good[i].query);
		assert_int_equal(param_number(&params, PARAM_LIMIT, 20), good[i].number);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct param_problem problem = refused(state, bad[i], everything.takes, "invalid-parameter");
		assert_string_equal(problem.parameter, "limit");
		assert_string_equal(problem.detail, "'limit' wants a whole number from 0 to 200");
		assert_null(problem.nearest);
	}
}

static void test_flags_are_true_without_a_value(void **state)
{
	static const struct {
		const char *query;
		int64_t number;
	} good[] = { { "pretty", 1 }, { "pretty=", 1 }, { "pretty=1", 1 }, { "pretty=true", 1 }, { "pretty=0", 0 },
		{ "pretty=false", 0 } };
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct params params = parse(state, good[i].query);
		assert_int_equal(param_number(&params, PARAM_PRETTY, -1), good[i].number);
	}
	static const char *const bad[] = { "pretty=yes", "pretty=2", "pretty=TRUE", "pretty=on", "pretty=01" };
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_string_equal(
			refused(state, bad[i], everything.takes, "invalid-parameter").detail, "'pretty' wants 0 or 1");
}

static void test_choices_are_numbered(void **state)
{
	struct params params =
		parse(state, "form=pull&form=direct&form=free-indirect&attribution=unknown&include=text");
	const struct param_values *forms = &params.values[PARAM_FORM];
	assert_int_equal(forms->count, 3);
	assert_int_equal(forms->numbers[0], 4);
	assert_int_equal(forms->numbers[1], 0);
	assert_int_equal(forms->numbers[2], 2);
	assert_string_equal(forms->texts[2], "free-indirect");
	assert_int_equal(params.values[PARAM_ATTRIBUTION].numbers[0], 3);
	assert_int_equal(params.values[PARAM_INCLUDE].numbers[0], INCLUDE_TEXT);
}

static void test_a_mistyped_choice_gets_the_nearest(void **state)
{
	struct param_problem problem = refused(state, "form=drect", everything.takes, "invalid-parameter");
	assert_string_equal(problem.parameter, "form");
	assert_string_equal(problem.nearest, "direct");
	assert_string_equal(problem.detail, "'form' wants one of: direct, indirect, free-indirect, reported, pull");
	problem = refused(state, "attribution=", everything.takes, "invalid-parameter");
	assert_null(problem.nearest);
	assert_string_equal(problem.detail, "'attribution' wants one of: stated, inferred, disputed, unknown");
	assert_null(refused(state, "include=everything", everything.takes, "invalid-parameter").nearest);
}

static void test_an_empty_text_is_refused(void **state)
{
	assert_string_equal(refused(state, "character=", everything.takes, "invalid-parameter").detail,
		"'character' wants a value");
	assert_string_equal(refused(state, "cursor", everything.takes, "invalid-parameter").parameter, "cursor");
}

static void test_a_parameter_of_one_value_is_given_once(void **state)
{
	static const char *const queries[] = { "limit=1&limit=1", "pretty&pretty", "cursor=a&limit=1&cursor=b" };
	static const char *const names[] = { "limit", "pretty", "cursor" };
	for (size_t i = 0; i < 3; i++) {
		struct param_problem problem = refused(state, queries[i], everything.takes, "repeated-parameter");
		assert_string_equal(problem.parameter, names[i]);
	}
}

static void test_a_parameter_of_many_values_keeps_their_order(void **state)
{
	struct params params = parse(state, "speaker=c&work=w&speaker=a&speaker=a");
	const struct param_values *speakers = &params.values[PARAM_SPEAKER];
	assert_int_equal(speakers->count, 3);
	assert_string_equal(speakers->texts[0], "c");
	assert_string_equal(speakers->texts[1], "a");
	assert_string_equal(speakers->texts[2], "a");
	assert_int_equal(params.values[PARAM_WORK].count, 1);
}

static void test_a_hundred_values_are_enough(void **state)
{
	static const char one[] = "&work=w";
	char query[(PARAM_VALUES_MAX + 1) * sizeof(one)], *end = query;
	for (int i = 0; i < PARAM_VALUES_MAX; i++)
		end = stpcpy(end, one);
	struct params params = parse(state, query);
	assert_int_equal(params.values[PARAM_WORK].count, PARAM_VALUES_MAX);
	stpcpy(end, one);
	struct param_problem problem = refused(state, query, everything.takes, "too-many-values");
	assert_string_equal(problem.parameter, "work");
	assert_string_equal(problem.detail, "'work' is given more than 100 times");
}

static void test_a_value_has_at_most_a_kibibyte(void **state)
{
	char query[PARAM_VALUE_BYTES_MAX + 16] = "work=";
	memset(query + 5, 'w', PARAM_VALUE_BYTES_MAX);
	query[5 + PARAM_VALUE_BYTES_MAX] = '\0';
	struct params params = parse(state, query);
	assert_int_equal(strlen(param_text(&params, PARAM_WORK)), PARAM_VALUE_BYTES_MAX);
	query[5 + PARAM_VALUE_BYTES_MAX] = 'w';
	query[6 + PARAM_VALUE_BYTES_MAX] = '\0';
	assert_string_equal(
		refused(state, query, everything.takes, "invalid-parameter").detail, "'work' wants at most 1024 bytes");
}

static void test_an_unknown_parameter_is_named_with_the_nearest(void **state)
{
	struct param_problem problem = refused(state, "charcter=M", everything.takes, "unknown-parameter");
	assert_string_equal(problem.parameter, "charcter");
	assert_string_equal(problem.nearest, "character");
	assert_string_equal(problem.detail, "there is no parameter 'charcter' here; did you mean 'character'?");
	/* Only what this path takes is offered. */
	problem = refused(state, "charcter=M", PARAM_BIT(PARAM_LIMIT) | PARAM_BIT(PARAM_PRETTY), "unknown-parameter");
	assert_null(problem.nearest);
	assert_string_equal(problem.detail, "there is no parameter 'charcter' here; there are: limit, pretty");
	/* A parameter of another path is unknown here, whatever its value. */
	problem = refused(state, "character=M", PARAM_BIT(PARAM_LIMIT), "unknown-parameter");
	assert_string_equal(problem.parameter, "character");
	refused(state, "Limit=1", everything.takes, "unknown-parameter");
	refused(state, "=1", everything.takes, "unknown-parameter");
	refused(state, "limit%20=1", everything.takes, "unknown-parameter");
	assert_string_equal(
		refused(state, "x=1", 0, "unknown-parameter").detail, "there is no parameter 'x' here, nor any other");
}

static void test_what_others_add_to_links_is_passed_over(void **state)
{
	struct params params =
		parse(state, "utm_source=a&utm_campaign=%zz&fbclid=x&gclid=y&utm_=&limit=3&fbclid=z&utm_source=b");
	assert_int_equal(param_number(&params, PARAM_LIMIT, 20), 3);
	refused(state, "utm=1", everything.takes, "unknown-parameter");
	refused(state, "UTM_source=1", everything.takes, "unknown-parameter");
	refused(state, "gclid2=1", everything.takes, "unknown-parameter");
}

static void test_a_malformed_query_is_refused(void **state)
{
	static const struct {
		const char *query, *parameter, *detail;
	} cases[] = {
		{ "work=%", "work", "the value of 'work' is malformed: a % is not followed by two hexadecimal digits" },
		{ "work=%zz", "work", "two hexadecimal digits" },
		{ "work=%00", "work", "%00 is not allowed" },
		{ "work=%FF", "work", "not valid UTF-8" },
		{ "work=\xff", "work", "not valid UTF-8" },
		{ "%zz=1", NULL, "the name of a parameter is malformed" },
		{ "%00", NULL, "%00 is not allowed" },
		{ "limit=1&%ff=1", NULL, "not valid UTF-8" },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct param_problem problem = refused(state, cases[i].query, everything.takes, "malformed-query");
		assert_non_null(strstr(problem.detail, cases[i].detail));
		if (cases[i].parameter)
			assert_string_equal(problem.parameter, cases[i].parameter);
		else
			assert_null(problem.parameter);
	}
}

/* The first fault is told, in the order of the query. */
static void test_the_first_problem_is_told(void **state)
{
	assert_string_equal(
		refused(state, "limit=999&nothing=1", everything.takes, "invalid-parameter").parameter, "limit");
	assert_string_equal(
		refused(state, "nothing=1&limit=999", everything.takes, "unknown-parameter").parameter, "nothing");
}

#define WITH_ARENA(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_ARENA(test_no_query_has_no_values),
		WITH_ARENA(test_texts_are_decoded),
		WITH_ARENA(test_numbers_have_bounds),
		WITH_ARENA(test_flags_are_true_without_a_value),
		WITH_ARENA(test_choices_are_numbered),
		WITH_ARENA(test_a_mistyped_choice_gets_the_nearest),
		WITH_ARENA(test_an_empty_text_is_refused),
		WITH_ARENA(test_a_parameter_of_one_value_is_given_once),
		WITH_ARENA(test_a_parameter_of_many_values_keeps_their_order),
		WITH_ARENA(test_a_hundred_values_are_enough),
		WITH_ARENA(test_a_value_has_at_most_a_kibibyte),
		WITH_ARENA(test_an_unknown_parameter_is_named_with_the_nearest),
		WITH_ARENA(test_what_others_add_to_links_is_passed_over),
		WITH_ARENA(test_a_malformed_query_is_refused),
		WITH_ARENA(test_the_first_problem_is_told),
	};
	return cmocka_run_group_tests_name("params", tests, NULL, NULL);
}
