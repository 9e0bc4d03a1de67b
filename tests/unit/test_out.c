// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "server/json/out.h"

static void expect(struct buffer *buffer, const char *json)
{
	assert_false(buffer->failed);
	assert_non_null(buffer->data);
	assert_string_equal(buffer->data, json);
	buffer_deinit(buffer);
}

static void write_some_of_everything(struct out *out)
{
	out_object_begin(out);
	out_field_string(out, "a", "x");
	out_field_string(out, "b", NULL);
	out_key(out, "c");
	out_array_begin(out);
	out_int(out, -1);
	out_array_begin(out);
	out_array_end(out);
	out_object_begin(out);
	out_object_end(out);
	out_array_end(out);
	out_field_int(out, "d", INT64_MIN);
	out_field_bool(out, "e", true);
	out_object_end(out);
}

static void test_compact_output_has_no_white_space(void **state)
{
	(void)state;
	struct buffer buffer = { 0 };
	struct out out;
	out_init(&out, &buffer, false);
	write_some_of_everything(&out);
	expect(&buffer, "{\"a\":\"x\",\"b\":null,\"c\":[-1,[],{}],\"d\":-9223372036854775808,\"e\":true}");
}

static void test_pretty_output_has_two_spaces_a_level_and_no_newline_at_the_end(void **state)
{
	(void)state;
	struct buffer buffer = { 0 };
	struct out out;
	out_init(&out, &buffer, true);
	write_some_of_everything(&out);
	expect(&buffer, "{\n  \"a\": \"x\",\n  \"b\": null,\n  \"c\": [\n    -1,\n    [],\n    {}\n  ],\n"
			"  \"d\": -9223372036854775808,\n  \"e\": true\n}");
}

static void expect_written(const char *string, size_t length, const char *json)
{
	struct buffer buffer = { 0 };
	struct out out;
	out_init(&out, &buffer, false);
	out_string_n(&out, string, length);
	expect(&buffer, json);
}

static void test_one_object_after_the_other_is_one_line_after_the_other(void **state)
{
	(void)state;
	struct buffer buffer = { 0 };
	struct out out;
	out_init_lines(&out, &buffer);
	for (int i = 0; i < 2; i++) {
		out_object_begin(&out);
		out_key(&out, "a");
		out_array_begin(&out);
		out_int(&out, i);
		out_array_end(&out);
		out_object_end(&out);
	}
	expect(&buffer, "{\"a\":[0]}\n{\"a\":[1]}\n");
}

static void test_only_what_must_be_escaped_is_escaped(void **state)
{
	(void)state;
	expect_written("", 0, "\"\"");
	expect_written("\"\\\n\t\r\b\f/", 8, "\"\\\"\\\\\\n\\t\\r\\b\\f/\"");
	expect_written("\x01\x1f\x7f", 3, "\"\\u0001\\u001f\x7f\"");
	expect_written("a\0b", 3, "\"a\\u0000b\"");
	expect_written("één “ü” 𝄞\xe2\x80\xa8", strlen("één “ü” 𝄞\xe2\x80\xa8"), "\"één “ü” 𝄞\xe2\x80\xa8\"");
}

static void test_a_character_is_escaped_wherever_it_stands_in_a_long_string(void **state)
{
	(void)state;
	static const struct {
		char character;
		const char *escape;
	} cases[] = { { '"', "\\\"" }, { '\\', "\\\\" }, { '\n', "\\n" }, { '\x1f', "\\u001f" }, { '!', "!" },
		{ ' ', " " }, { '[', "[" }, { '#', "#" }, { '~', "~" } };
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (size_t at = 0; at < 40; at++) {
			char string[41], json[64] = "\"";
			memset(string, at % 2 ? 'x' : '~', 40);
			string[40] = '\0';
			string[at] = cases[i].character;
			memcpy(json + 1, string, at);
			size_t escape = strlen(cases[i].escape);
			memcpy(json + 1 + at, cases[i].escape, escape);
			memcpy(json + 1 + at + escape, string + at + 1, 40 - at - 1);
			json[40 + escape] = '"';
			json[41 + escape] = '\0';
			expect_written(string, 40, json);
		}
	}
}

static void expect_real(double value, const char *json)
{
	struct buffer buffer = { 0 };
	struct out out;
	out_init(&out, &buffer, false);
	out_real(&out, value);
	expect(&buffer, json);
}

static void expect_the_usual_reals(void)
{
	expect_real(0, "0");
	expect_real(4, "4");
	expect_real(-3, "-3");
	expect_real(0.1, "0.1");
	expect_real(4.5, "4.5");
	expect_real(0.1 + 0.2, "0.30000000000000004");
	expect_real(1e22, "1e+22");
	expect_real(5e-324, "5e-324");
	expect_real(1.7976931348623157e308, "1.7976931348623157e+308");
	expect_real((double)INFINITY, "null");
	expect_real((double)NAN, "null");
}

static void test_reals_have_the_shortest_digits_that_read_back(void **state)
{
	(void)state;
	expect_the_usual_reals();
	uint64_t bits = 88172645463325252;
	for (int i = 0; i < 20000; i++) {
		bits ^= bits << 13;
		bits ^= bits >> 7;
		bits ^= bits << 17;
		double value;
		memcpy(&value, &bits, sizeof(value));
		if (!isfinite(value))
			continue;
		struct buffer buffer = { 0 };
		struct out out;
		out_init(&out, &buffer, false);
		out_real(&out, value);
		assert_non_null(buffer.data);
		assert_true(strtod(buffer.data, NULL) == value);
		buffer_deinit(&buffer);
	}
}

/* Where the locale is not installed, the test has nothing to say. */
static void test_reals_have_a_point_in_every_locale(void **state)
{
	(void)state;
	static const char *const locales[] = { "nl_NL.UTF-8", "de_DE.UTF-8", "ps_AF.UTF-8" };
	for (size_t i = 0; i < sizeof(locales) / sizeof(locales[0]); i++) {
		if (setlocale(LC_NUMERIC, locales[i]))
			expect_the_usual_reals();
	}
	setlocale(LC_NUMERIC, "C");
}

/* An object with an object, an array of objects and an array of words, twice in an array. */
static void write_objects(struct out *out, const char *const *names, size_t count)
{
	out_array_begin(out);
	out_trim(out, names, count);
	for (int i = 0; i < 2; i++) {
		out_object_begin(out);
		out_field_int(out, "id", i);
		out_key(out, "one");
		out_object_begin(out);
		out_field_string(out, "a", "x");
		out_key(out, "b");
		out_object_begin(out);
		out_field_int(out, "id", 3);
		out_object_end(out);
		out_object_end(out);
		out_key(out, "many");
		out_array_begin(out);
		for (int m = 0; m < i; m++)
			write_some_of_everything(out);
		out_array_end(out);
		out_key(out, "words");
		out_array_begin(out);
		out_string(out, "w");
		out_array_end(out);
		out_field_bool(out, "last", true);
		out_object_end(out);
	}
	out_array_end(out);
}

static void check_trimmed(const char *const *names, size_t count, bool pretty, const char *json)
{
	struct buffer buffer = { 0 };
	struct out out;
	out_init(&out, &buffer, pretty);
	write_objects(&out, names, count);
	expect(&buffer, json);
}

static void test_trimmed_objects_have_the_members_with_those_names(void **state)
{
	(void)state;
	static const char *const ID[] = { "id" }, *const LAST[] = { "last", "words" }, *const ONE[] = { "one" },
				 *const NONE[] = { "x" };
	check_trimmed(ID, 1, false, "[{\"id\":0},{\"id\":1}]");
	check_trimmed(LAST, 2, false, "[{\"words\":[\"w\"],\"last\":true},{\"words\":[\"w\"],\"last\":true}]");
	check_trimmed(
		ONE, 1, false, "[{\"one\":{\"a\":\"x\",\"b\":{\"id\":3}}},{\"one\":{\"a\":\"x\",\"b\":{\"id\":3}}}]");
	check_trimmed(NONE, 1, false, "[{},{}]");
	check_trimmed(ID, 1, true, "[\n  {\n    \"id\": 0\n  },\n  {\n    \"id\": 1\n  }\n]");
}

static void test_trimmed_objects_have_members_of_members(void **state)
{
	(void)state;
	static const char *const A[] = { "one.a" }, *const B[] = { "one.b" }, *const BOTH[] = { "one.a", "one" },
				 *const MANY[] = { "many.d", "id" }, *const DEEP[] = { "one.id" };
	check_trimmed(A, 1, false, "[{\"one\":{\"a\":\"x\"}},{\"one\":{\"a\":\"x\"}}]");
	check_trimmed(B, 1, false, "[{\"one\":{\"b\":{\"id\":3}}},{\"one\":{\"b\":{\"id\":3}}}]");
	check_trimmed(
		BOTH, 2, false, "[{\"one\":{\"a\":\"x\",\"b\":{\"id\":3}}},{\"one\":{\"a\":\"x\",\"b\":{\"id\":3}}}]");
	check_trimmed(MANY, 2, false, "[{\"id\":0,\"many\":[]},{\"id\":1,\"many\":[{\"d\":-9223372036854775808}]}]");
	check_trimmed(DEEP, 1, false, "[{\"one\":{}},{\"one\":{}}]");
}

static void test_trimming_begins_where_it_is_asked_for_and_no_names_trim_nothing(void **state)
{
	(void)state;
	static const char *const NAMES[] = { "a" };
	struct buffer buffer = { 0 };
	struct out out;
	out_init(&out, &buffer, false);
	out_object_begin(&out);
	out_key(&out, "data");
	out_array_begin(&out);
	out_trim(&out, NAMES, 1);
	write_some_of_everything(&out);
	out_array_end(&out);
	out_key(&out, "page");
	out_object_begin(&out);
	out_field_int(&out, "b", 1);
	out_object_end(&out);
	out_object_end(&out);
	expect(&buffer, "{\"data\":[{\"a\":\"x\"}],\"page\":{\"b\":1}}");

	out_init(&out, &buffer, false);
	out_trim(&out, NULL, 0);
	out_object_begin(&out);
	out_field_int(&out, "b", 1);
	out_object_end(&out);
	expect(&buffer, "{\"b\":1}");
}

/* The members between `id` and `end` and a value of them, made for the first of three objects and then repeated. */
static void check_repeated(const char *const *names, size_t count, bool pretty)
{
	struct buffer buffers[2] = { 0 };
	for (int repeats = 0; repeats < 2; repeats++) {
		struct out out;
		size_t value = 0, value_end = 0, members = 0, members_end = 0;
		out_init(&out, &buffers[repeats], pretty);
		out_array_begin(&out);
		out_trim(&out, names, count);
		for (int i = 0; i < 3; i++) {
			bool again = i && repeats;
			out_object_begin(&out);
			out_field_int(&out, "id", i);
			if (again) {
				out_again(&out, members, members_end);
			} else {
				members = out_place(&out);
				out_field_string(&out, "name", "a\n");
				out_key(&out, "inner");
				write_some_of_everything(&out);
				members_end = out_place(&out);
			}
			out_key(&out, "text");
			if (again && value < value_end) {
				out_again(&out, value, value_end);
			} else {
				value = out_place(&out);
				out_string(&out, "\"t\"");
				value_end = out_place(&out);
			}
			out_field_int(&out, "end", i);
			out_object_end(&out);
		}
		out_array_end(&out);
	}
	assert_string_equal(buffers[1].data, buffers[0].data);
	buffer_deinit(&buffers[0]);
	buffer_deinit(&buffers[1]);
}

static void test_what_is_written_once_more_is_the_same(void **state)
{
	(void)state;
	static const char *const names[] = { "name", "inner.c", "end", "id", "text" };
	for (int pretty = 0; pretty < 2; pretty++) {
		check_repeated(NULL, 0, pretty);
		for (size_t first = 0; first < 5; first++) {
			for (size_t count = 1; count <= 5 - first; count++)
				check_repeated(names + first, count, pretty);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_compact_output_has_no_white_space),
		cmocka_unit_test(test_pretty_output_has_two_spaces_a_level_and_no_newline_at_the_end),
		cmocka_unit_test(test_one_object_after_the_other_is_one_line_after_the_other),
		cmocka_unit_test(test_only_what_must_be_escaped_is_escaped),
		cmocka_unit_test(test_a_character_is_escaped_wherever_it_stands_in_a_long_string),
		cmocka_unit_test(test_reals_have_the_shortest_digits_that_read_back),
		cmocka_unit_test(test_reals_have_a_point_in_every_locale),
		cmocka_unit_test(test_trimmed_objects_have_the_members_with_those_names),
		cmocka_unit_test(test_trimmed_objects_have_members_of_members),
		cmocka_unit_test(test_trimming_begins_where_it_is_asked_for_and_no_names_trim_nothing),
		cmocka_unit_test(test_what_is_written_once_more_is_the_same),
	};
	return cmocka_run_group_tests_name("out", tests, NULL, NULL);
}
