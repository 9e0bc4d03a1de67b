// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "db/text/language.h"

static void check_tag(const char *tag, const char *expected)
{
	struct buffer out = { 0 };
	if (!language_canonical(&out, tag, strlen(tag)))
		fail_msg("%s is refused", tag);
	assert_string_equal(out.data, expected);
	buffer_deinit(&out);
}

static void test_language_is_written_in_its_canonical_case(void **state)
{
	(void)state;
	check_tag("nl", "nl");
	check_tag("NL", "nl");
	check_tag("EN-gb", "en-GB");
	check_tag("SR-LATN", "sr-Latn");
	check_tag("zh-hant-tw", "zh-Hant-TW");
	check_tag("de-DE-1996", "de-DE-1996");
	check_tag("es-419", "es-419");
	check_tag("sl-ROZAJ-1994", "sl-rozaj-1994");
	check_tag("mn-Cyrl-MN", "mn-Cyrl-MN");
}

static void test_language_is_lower_case_behind_a_singleton(void **state)
{
	(void)state;
	check_tag("en-CA-X-CA", "en-CA-x-ca");
	check_tag("az-latn-x-LATN", "az-Latn-x-latn");
	check_tag("de-u-CO-phonebk-DE", "de-u-co-phonebk-de");
	check_tag("X-NL-Latn", "x-nl-latn");
}

static void test_language_accepts_every_part_of_a_tag(void **state)
{
	(void)state;
	check_tag("zh-cmn-hans-cn", "zh-cmn-Hans-CN");
	check_tag("zh-min-nan", "zh-min-nan");
	check_tag("aaa-bbb-ccc-ddd-abcd-123-abc123-0abc-b-01-abc123-x-01ab-abc12",
		"aaa-bbb-ccc-ddd-Abcd-123-abc123-0abc-b-01-abc123-x-01ab-abc12");
	check_tag("abcd", "abcd");
	check_tag("abcdefgh", "abcdefgh");
	check_tag("en-1-ab", "en-1-ab");
	check_tag("en-a-bbb-b-ccc", "en-a-bbb-b-ccc");
	check_tag("x-a", "x-a");
	check_tag("en-x-a-b-c", "en-x-a-b-c");
}

static void test_language_accepts_the_grandfathered_tags(void **state)
{
	(void)state;
	check_tag("I-KLINGON", "i-klingon");
	check_tag("en-gb-OED", "en-GB-oed");
	check_tag("sgn-be-fr", "sgn-BE-FR");
	check_tag("art-lojban", "art-lojban");
	check_tag("cel-gaulish", "cel-gaulish");
}

static void test_language_refuses_what_is_not_well_formed(void **state)
{
	(void)state;
	static const char *const TAGS[] = { "", "-", "e", "n l", "nl-", "-nl", "nl--be", "en_GB", "123", "e1", "nl-b",
		"en-x", "x", "x-", "en-a", "en-a-x-b", "en-a-b", "abcdefghi", "en-abcdefghi", "abcd-efg", "i-unknown",
		"i", "en-GB-GB", "en-Latn-Latn", "zh-min-nan-abc-def", "en-abc1", "nl\n", "n\xC3\xA9", "x-abcdefghi",
		"12-ab", "a-DE", "en-GB-oed-x" };
	struct buffer out = { 0 };
	buffer_append_string(&out, "kept");
	for (size_t i = 0; i < sizeof(TAGS) / sizeof(TAGS[0]); i++) {
		if (language_canonical(&out, TAGS[i], strlen(TAGS[i])))
			fail_msg("%s is accepted", TAGS[i]);
		assert_string_equal(out.data, "kept");
	}
	assert_false(language_canonical(&out, "nl\0", 3));
	assert_false(language_canonical(&out, NULL, 0));
	assert_true(language_canonical(&out, "nl-BE", 2));
	assert_string_equal(out.data, "keptnl");
	buffer_deinit(&out);
}

static void test_language_of_a_region_fits_the_language(void **state)
{
	(void)state;
	assert_true(language_fits("nl", "nl"));
	assert_true(language_fits("nl", "nl-BE"));
	assert_true(language_fits("zh-Hant", "zh-Hant-TW"));
	assert_false(language_fits("nl-BE", "nl"));
	assert_false(language_fits("nl", "nld"));
	assert_false(language_fits("nl-B", "nl-BE"));
	assert_false(language_fits("nl", "en-nl"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_language_is_written_in_its_canonical_case),
		cmocka_unit_test(test_language_is_lower_case_behind_a_singleton),
		cmocka_unit_test(test_language_accepts_every_part_of_a_tag),
		cmocka_unit_test(test_language_accepts_the_grandfathered_tags),
		cmocka_unit_test(test_language_of_a_region_fits_the_language),
		cmocka_unit_test(test_language_refuses_what_is_not_well_formed),
	};
	return cmocka_run_group_tests_name("language", tests, NULL, NULL);
}
