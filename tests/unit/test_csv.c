// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "server/csv.h"

static void expect(const char *lines, const char *const *columns, const char *csv)
{
	struct buffer buffer = { 0 };
	buffer_append_string(&buffer, lines);
	csv_from_lines(&buffer, columns);
	assert_false(buffer.failed);
	assert_string_equal(buffer.data, csv);
	buffer_deinit(&buffer);
}

static void test_no_item_is_the_header_alone(void **state)
{
	(void)state;
	static const char *const columns[] = { "id", "work.title", NULL };
	expect("", columns, "id,work.title\r\n");
}

static void test_only_what_must_be_quoted_is_quoted(void **state)
{
	(void)state;
	static const char *const columns[] = { "a", NULL };
	static const struct {
		const char *json, *cell;
	} cases[] = {
		{ "plain words; no-thing: 'special'\\t", "plain words; no-thing: 'special'\t" },
		{ "", "" },
		{ "a,b", "\"a,b\"" },
		{ "say \\\"yes\\\"", "\"say \"\"yes\"\"\"" },
		{ "\\\"", "\"\"\"\"" },
		{ "two\\nlines", "\"two\nlines\"" },
		{ "two\\r\\nlines", "\"two\r\nlines\"" },
		{ " in front", "\" in front\"" },
		{ "behind ", "\"behind \"" },
		{ "\\ufeffmark", "\xef\xbb\xbfmark" },
		{ "\U0001f98a é", "\U0001f98a é" },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char line[128], csv[128];
		snprintf(line, sizeof(line), "{\"a\":\"%s\"}\n", cases[i].json);
		snprintf(csv, sizeof(csv), "a\r\n%s\r\n", cases[i].cell);
		expect(line, columns, csv);
	}
}

/* What a spreadsheet would calculate is a text like any other. */
static void test_a_formula_stays_what_it_is(void **state)
{
	(void)state;
	static const char *const columns[] = { "a", NULL };
	expect("{\"a\":\"=1+1\"}\n{\"a\":\"@x\"}\n{\"a\":\"-2\"}\n", columns, "a\r\n=1+1\r\n@x\r\n-2\r\n");
}

static void test_numbers_words_and_nothing(void **state)
{
	(void)state;
	static const char *const columns[] = { "i", "r", "t", "f", "n", "missing", NULL };
	expect("{\"i\":-9007199254740993,\"r\":4.5,\"t\":true,\"f\":false,\"n\":null}\n", columns,
		"i,r,t,f,n,missing\r\n-9007199254740993,4.5,true,false,,\r\n");
}

static void test_a_member_of_an_object_or_of_none(void **state)
{
	(void)state;
	static const char *const columns[] = { "work.id", "work.title", "work", NULL };
	expect("{\"work\":{\"id\":\"a\",\"title\":null}}\n{\"work\":null}\n{\"work\":\"b\"}\n", columns,
		"work.id,work.title,work\r\na,,\r\n,,\r\n,,b\r\n");
}

static void test_several_values_are_joined_and_stay_in_their_places(void **state)
{
	(void)state;
	static const char *const columns[] = { "who.id", "who.as.id", "who.as.name", "words", NULL };
	expect("{\"who\":[{\"id\":\"a\",\"as\":null},{\"id\":\"b\",\"as\":{\"id\":\"c\",\"name\":\"C, the "
	       "third\"}}],\"words\":[\"x\",\"y z\"]}\n"
	       "{\"who\":[],\"words\":[]}\n",
		columns, "who.id,who.as.id,who.as.name,words\r\na|b,|c,\"|C, the third\",x|y z\r\n,,,\r\n");
}

static void test_running_out_of_memory_before_is_not_forgotten(void **state)
{
	(void)state;
	static const char *const columns[] = { "a", NULL };
	struct buffer buffer = { 0 };
	buffer_append_string(&buffer, "{\"a\":1}\n");
	buffer.failed = true;
	csv_from_lines(&buffer, columns);
	assert_true(buffer.failed);
	buffer_deinit(&buffer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_item_is_the_header_alone),
		cmocka_unit_test(test_only_what_must_be_quoted_is_quoted),
		cmocka_unit_test(test_a_formula_stays_what_it_is),
		cmocka_unit_test(test_numbers_words_and_nothing),
		cmocka_unit_test(test_a_member_of_an_object_or_of_none),
		cmocka_unit_test(test_several_values_are_joined_and_stay_in_their_places),
		cmocka_unit_test(test_running_out_of_memory_before_is_not_forgotten),
	};
	return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
