// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "db/text/buffer.h"
#include "server/target.h"

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

static struct target parse(void **state, const char *raw)
{
	struct target target;
	const char *reason;
	if (!target_parse(raw, *state, &target, &reason))
		fail_msg("%s: %s", raw, reason ? reason : "no memory");
	return target;
}

static void expect_refused(void **state, const char *raw, const char *expected)
{
	struct target target = { .path = "untouched" };
	const char *reason = NULL;
	assert_false(target_parse(raw, *state, &target, &reason));
	assert_non_null(reason);
	if (!strstr(reason, expected))
		fail_msg("%s: %s", raw, reason);
	assert_string_equal(target.path, "untouched");
}

static void expect_segments(void **state, const char *raw, const char *const *segments, size_t count, bool slash)
{
	struct target target = parse(state, raw);
	assert_int_equal(target.segment_count, count);
	for (size_t i = 0; i < count; i++)
		assert_string_equal(target.segments[i], segments[i]);
	assert_int_equal(target.trailing_slash, slash);
	assert_false(target.too_many);
}

#define SEGMENTS(...) (const char *[]) { __VA_ARGS__ }, sizeof((const char *[]) { __VA_ARGS__ }) / sizeof(char *)

static void test_a_path_is_split_into_segments(void **state)
{
	expect_segments(state, "/", NULL, 0, false);
	expect_segments(state, "/v1", SEGMENTS("v1"), false);
	expect_segments(state, "/v1/", SEGMENTS("v1"), true);
	expect_segments(state, "/v1/quotes/a~1", SEGMENTS("v1", "quotes", "a~1"), false);
	expect_segments(state, "//", SEGMENTS(""), true);
	expect_segments(state, "/v1//quotes", SEGMENTS("v1", "", "quotes"), false);
	expect_segments(state, "/./..", SEGMENTS(".", ".."), false);
	expect_segments(state, "/1/2/3/4/5/6/7/8", SEGMENTS("1", "2", "3", "4", "5", "6", "7", "8"), false);
	expect_segments(state, "/1/2/3/4/5/6/7/8/", SEGMENTS("1", "2", "3", "4", "5", "6", "7", "8"), true);
}

static void test_a_path_of_too_many_segments_says_so(void **state)
{
	assert_true(parse(state, "/1/2/3/4/5/6/7/8/9").too_many);
	assert_true(parse(state, "/1/2/3/4/5/6/7/8/9/10/%zz").too_many);
	assert_true(parse(state, "/1/2/3/4/5/6/7/8//").too_many);
}

static void test_a_path_is_split_before_it_is_decoded(void **state)
{
	expect_segments(state, "/a%2Fb/c%2fd", SEGMENTS("a/b", "c/d"), false);
	expect_segments(state, "/a%3Fb%23c", SEGMENTS("a?b#c"), false);
	expect_segments(state, "/%E2%82%AC/\xe2\x82\xac", SEGMENTS("\xe2\x82\xac", "\xe2\x82\xac"), false);
	expect_segments(state, "/a+b%20c", SEGMENTS("a+b c"), false);
	expect_segments(state, "/%25zz/%2525", SEGMENTS("%zz", "%25"), false);
}

static void test_the_query_is_kept_as_it_was_sent(void **state)
{
	assert_null(parse(state, "/v1").query);
	assert_string_equal(parse(state, "/v1?").query, "");
	assert_string_equal(parse(state, "/v1?a=%zz&b?c/d").query, "a=%zz&b?c/d");
	assert_string_equal(parse(state, "/v1?a").path, "/v1");
	assert_string_equal(parse(state, "/v%31?a").path, "/v%31");
}

/* RFC 9112, section 3.2: a server accepts the absolute form, and `*` for OPTIONS. */
static void test_the_forms_a_target_can_have(void **state)
{
	static const struct {
		const char *raw, *path, *query;
	} cases[] = { { "http://host/v1?a=1", "/v1", "a=1" }, { "HTTPS://host:8080/v1", "/v1", NULL },
		{ "http://host", "/", NULL }, { "http://host/", "/", NULL }, { "http://host?a", "/", "a" },
		{ "http://user@[::1]:80/a/b", "/a/b", NULL }, { "*", "*", NULL },
		{ "//host/path", "//host/path", NULL } };
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct target target = parse(state, cases[i].raw);
		assert_string_equal(target.path, cases[i].path);
		if (cases[i].query)
			assert_string_equal(target.query, cases[i].query);
		else
			assert_null(target.query);
	}
	assert_int_equal(parse(state, "*").segment_count, 0);
	expect_segments(state, "http://host/v1/a", SEGMENTS("v1", "a"), false);
}

static void test_what_is_no_target_is_refused(void **state)
{
	expect_refused(state, "", "it is empty");
	expect_refused(state, "http://", "it names no host");
	expect_refused(state, "?a=1", "it is empty");
	expect_refused(state, "v1", "neither a path");
	expect_refused(state, "host:443", "neither a path");
	expect_refused(state, "ftp://host/v1", "neither a path");
	expect_refused(state, "*a", "neither a path");
	expect_refused(state, "/a b", "space or control character");
	expect_refused(state, "/a\tb", "space or control character");
	expect_refused(state, "/a\x7f", "space or control character");
	expect_refused(state, "/a?b\x01", "space or control character");
	expect_refused(state, "/a#b", "fragment");
	expect_refused(state, "/a?b#c", "fragment");
}

static void test_a_segment_that_is_not_well_encoded_is_refused(void **state)
{
	static const char *const bad[] = { "/%", "/a%2", "/a%2/b", "/%zz", "/%2g", "/%g2", "/v1/%%", "/% 1", "/%-1" };
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct target target;
		const char *reason;
		assert_false(target_parse(bad[i], *state, &target, &reason));
		assert_non_null(reason);
	}
	expect_refused(state, "/v1/%", "two hexadecimal digits");
	expect_refused(state, "/v1/a%00b", "%00");
	expect_refused(state, "/v1/%FF", "not valid UTF-8");
	expect_refused(state, "/v1/\xff", "not valid UTF-8");
	expect_refused(state, "/v1/%C0%AF", "not valid UTF-8");
	expect_refused(state, "/v1/%ED%A0%80", "not valid UTF-8");
	expect_refused(state, "/v1/%E2%82/%AC", "not valid UTF-8");
	expect_refused(state, "/v1/%F4%90%80%80", "not valid UTF-8");
}

static void expect_decoded(void **state, const char *encoded, bool is_query, const char *expected)
{
	const char *reason;
	const char *decoded = target_decode(encoded, strlen(encoded), is_query, *state, &reason);
	assert_non_null(decoded);
	assert_null(reason);
	assert_string_equal(decoded, expected);
}

static void test_a_plus_is_a_space_in_a_query_alone(void **state)
{
	expect_decoded(state, "Kerim+Bey%2B", true, "Kerim Bey+");
	expect_decoded(state, "Kerim+Bey%2B", false, "Kerim+Bey+");
	expect_decoded(state, "", true, "");
	expect_decoded(state, "%41%4a%4B", true, "AJK");
}

/* The length counts: what stands behind is another parameter. */
static void test_decoding_reads_no_further_than_the_length(void **state)
{
	const char *reason;
	assert_string_equal(target_decode("abc%", 3, true, *state, &reason), "abc");
	assert_null(target_decode("abc%41", 5, true, *state, &reason));
	assert_non_null(reason);
	assert_null(target_decode("abc%41", 4, true, *state, &reason));
	assert_null(target_decode("\xe2\x82\xac", 2, true, *state, &reason));
}

static void test_what_is_encoded_decodes_to_itself(void **state)
{
	char every[256];
	struct buffer encoded = { 0 };
	const char *reason;
	for (int c = 1; c < 128; c++)
		every[c - 1] = (char)c;
	memcpy(every + 127, "\xc3\xa9\xe2\x82\xac\xf0\x9d\x84\x9e", 10);
	for (int is_query = 0; is_query < 2; is_query++) {
		buffer_clear(&encoded);
		target_encode(&encoded, every, is_query);
		for (size_t i = 0; i < encoded.length; i++)
			assert_non_null(strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~%+",
				encoded.data[i]));
		assert_string_equal(target_decode(encoded.data, encoded.length, is_query, *state, &reason), every);
	}
	buffer_clear(&encoded);
	target_encode(&encoded, "a/b c~\xc3\xa9%+", false);
	assert_string_equal(encoded.data, "a%2Fb%20c~%C3%A9%25%2B");
	buffer_clear(&encoded);
	target_encode(&encoded, "a/b c~\xc3\xa9%+", true);
	assert_string_equal(encoded.data, "a%2Fb+c~%C3%A9%25%2B");
	buffer_deinit(&encoded);
}

#define WITH_ARENA(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_ARENA(test_a_path_is_split_into_segments),
		WITH_ARENA(test_a_path_of_too_many_segments_says_so),
		WITH_ARENA(test_a_path_is_split_before_it_is_decoded),
		WITH_ARENA(test_the_query_is_kept_as_it_was_sent),
		WITH_ARENA(test_the_forms_a_target_can_have),
		WITH_ARENA(test_what_is_no_target_is_refused),
		WITH_ARENA(test_a_segment_that_is_not_well_encoded_is_refused),
		WITH_ARENA(test_a_plus_is_a_space_in_a_query_alone),
		WITH_ARENA(test_decoding_reads_no_further_than_the_length),
		WITH_ARENA(test_what_is_encoded_decodes_to_itself),
	};
	return cmocka_run_group_tests_name("target", tests, NULL, NULL);
}
