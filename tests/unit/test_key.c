// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <utf8proc.h>

#include "db/text/key.h"
#include "db/text/utf8.h"

static void check_key(const char *name, const char *expected)
{
	struct buffer key = { 0 };
	name_key(&key, name, strlen(name));
	assert_false(key.failed);
	assert_string_equal(key.data, expected);
	buffer_deinit(&key);
}

static bool is_slug(const char *slug)
{
	return slug_is_valid(slug, strlen(slug));
}

static void test_name_key_ignores_case_accents_and_punctuation(void **state)
{
	(void)state;
	check_key("Kerim Bey", "kerim-bey");
	check_key("kerim-bey", "kerim-bey");
	check_key("K\xC3\x89RIM  BEY", "kerim-bey");
	check_key("KE\xCC\x81RIM_BEY", "kerim-bey");
	check_key("  \"Kerim\" (Bey)! ", "kerim-bey");
	check_key("\xE2\x80\x9CKerim\xE2\x80\x9D\xE2\x80\x94"
		  "Bey\xE2\x80\xA6",
		"kerim-bey");
	check_key("007", "007");
}

static void test_name_key_writes_letters_as_a_typist_does(void **state)
{
	(void)state;
	check_key("S\xC3\xB8ren \xC3\x98", "soren-o");
	check_key("\xC5\x81\xC3\xB3"
		  "d\xC5\xBA",
		"lodz");
	check_key("\xC4\x90or\xC4\x91"
		  "e",
		"dorde");
	check_key("Stra\xC3\x9F"
		  "e STRA\xE1\xBA\x9E"
		  "E",
		"strasse-strasse");
	check_key("\xC3\x86sop \xC5\x93uvre", "aesop-oeuvre");
	check_key("\xC4\xB2sbrand \xC4\xB3", "ijsbrand-ij");
	check_key("D\xC4\xB1nar \xC4\xB0nci", "dinar-inci");
	check_key("\xC7\xBF \xC7\xBC", "o-ae");
}

static void test_name_key_takes_compatible_forms_apart(void **state)
{
	(void)state;
	check_key("\xEF\xAC\x81n", "fin");
	check_key("\xEF\xBC\xA1\xEF\xBD\x82", "ab");
	check_key("x\xC2\xB2", "x2");
	check_key("a\xC2\xA0"
		  "b",
		"a-b");
}

static void test_name_key_keeps_letters_of_every_script(void **state)
{
	(void)state;
	check_key("\xCE\x9F\xCE\x94\xCE\xA5\xCE\xA3\xCE\xA3\xCE\x95\xCE\x8E\xCE\xA3",
		"\xCE\xBF\xCE\xB4\xCF\x85\xCF\x83\xCF\x83\xCE\xB5\xCF\x85\xCF\x83");
	check_key("\xD0\xA2\xD0\xB0\xD0\xBD\xD1\x8F", "\xD1\x82\xD0\xB0\xD0\xBD\xD1\x8F");
	check_key("\xE5\x90\x8D \xE5\x89\x8D", "\xE5\x90\x8D-\xE5\x89\x8D");
	check_key("\xF0\x90\x90\x80", "\xF0\x90\x90\xA8");
}

static void test_name_key_of_a_name_without_letters_is_the_name(void **state)
{
	(void)state;
	check_key("?!", "?!");
	check_key("--", "--");
	check_key("", "");
	check_key("\xCC\x81", "\xCC\x81");
	check_key("\xF0\x9F\x98\x80", "\xF0\x9F\x98\x80");
}

static void test_name_key_is_appended_to_what_is_there(void **state)
{
	(void)state;
	struct buffer key = { 0 };
	buffer_append_string(&key, "x:");
	name_key(&key, " M ", 3);
	name_key(&key, "Q", 1);
	assert_string_equal(key.data, "x:mq");
	buffer_deinit(&key);
}

static void test_key_of_a_key_is_the_key_for_every_code_point(void **state)
{
	(void)state;
	struct buffer key = { 0 }, again = { 0 };
	for (uint32_t codepoint = 0; codepoint <= 0x10FFFF; codepoint++) {
		char text[4];
		if (codepoint == 0xD800)
			codepoint = 0xE000;
		size_t size = (size_t)utf8proc_encode_char((utf8proc_int32_t)codepoint, (utf8proc_uint8_t *)text);
		buffer_clear(&key);
		buffer_clear(&again);
		name_key(&key, text, size);
		name_key(&again, key.data, key.length);
		if (utf8_find_invalid(key.data, key.length) != key.length || again.length != key.length ||
			memcmp(key.data, again.data, key.length) != 0)
			fail_msg("U+%04X", codepoint);
		buffer_clear(&again);
		if (slug_from_name(&again, text, size) && !slug_is_valid(again.data, again.length))
			fail_msg("U+%04X gives no valid slug", codepoint);
	}
	buffer_deinit(&key);
	buffer_deinit(&again);
}

static void test_slug_has_letters_digits_marks_and_two_signs(void **state)
{
	(void)state;
	assert_true(is_slug("from-russia_1957"));
	assert_true(is_slug("Caf\xC3\xA9"));
	assert_true(is_slug("e\xCC\x81"));
	assert_true(is_slug("-"));
	assert_true(is_slug("\xE5\x90\x8D"));
	assert_true(is_slug("\xF0\x90\x90\xA8"));
	assert_false(is_slug(""));
	assert_false(is_slug("a b"));
	assert_false(is_slug("a/b"));
	assert_false(is_slug(".."));
	assert_false(is_slug("a\n"));
	assert_false(is_slug("\xCC\x81"
			     "e"));
	assert_false(is_slug("a\xE2\x80\x94"));
	assert_false(is_slug("\xF0\x9F\x98\x80"));
	assert_false(is_slug("a\xE2\x80\x8D"));
	assert_false(slug_is_valid("a\0b", 3));
}

static void test_slug_has_at_most_200_code_points(void **state)
{
	(void)state;
	char slug[(SLUG_MAX_CODEPOINTS + 1) * 2];
	for (size_t i = 0; i < sizeof(slug); i += 2)
		memcpy(slug + i, "\xC3\xA9", 2);
	assert_true(slug_is_valid(slug, sizeof(slug) - 2));
	assert_false(slug_is_valid(slug, sizeof(slug)));
}

static void test_slug_from_name_is_cut_to_the_allowed_length(void **state)
{
	(void)state;
	char name[300];
	struct buffer slug = { 0 };
	memset(name, 'A', sizeof(name));
	buffer_append_string(&slug, "x:");
	assert_true(slug_from_name(&slug, name, sizeof(name)));
	assert_int_equal(slug.length, 2 + SLUG_MAX_CODEPOINTS);
	assert_int_equal(strlen(slug.data), slug.length);

	/* A hyphen that the cut leaves at the end goes too. */
	buffer_clear(&slug);
	name[SLUG_MAX_CODEPOINTS - 1] = ' ';
	assert_true(slug_from_name(&slug, name, sizeof(name)));
	assert_int_equal(slug.length, SLUG_MAX_CODEPOINTS - 1);
	assert_true(slug_is_valid(slug.data, slug.length));
	buffer_deinit(&slug);
}

static void test_slug_from_name_refuses_a_name_without_letters(void **state)
{
	(void)state;
	struct buffer slug = { 0 };
	buffer_append_string(&slug, "x");
	assert_false(slug_from_name(&slug, "?!", 2));
	assert_false(slug_from_name(&slug, "", 0));
	assert_string_equal(slug.data, "x");
	buffer_deinit(&slug);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_name_key_ignores_case_accents_and_punctuation),
		cmocka_unit_test(test_name_key_writes_letters_as_a_typist_does),
		cmocka_unit_test(test_name_key_takes_compatible_forms_apart),
		cmocka_unit_test(test_name_key_keeps_letters_of_every_script),
		cmocka_unit_test(test_name_key_of_a_name_without_letters_is_the_name),
		cmocka_unit_test(test_name_key_is_appended_to_what_is_there),
		cmocka_unit_test(test_key_of_a_key_is_the_key_for_every_code_point),
		cmocka_unit_test(test_slug_has_letters_digits_marks_and_two_signs),
		cmocka_unit_test(test_slug_has_at_most_200_code_points),
		cmocka_unit_test(test_slug_from_name_is_cut_to_the_allowed_length),
		cmocka_unit_test(test_slug_from_name_refuses_a_name_without_letters),
	};
	return cmocka_run_group_tests_name("key", tests, NULL, NULL);
}
