// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "db/text/buffer.h"
#include "db/text/fold.h"
#include "db/text/utf8.h"

/* The tokens of a text, one space between two. */
static void fold_all(struct buffer *out, const char *text, size_t length)
{
	struct fold fold;
	struct fold_token token;
	size_t end = 0;
	fold_init(&fold, text, length);
	while (fold_next_token(&fold, &token)) {
		if (out->length)
			buffer_append_char(out, ' ');
		buffer_append(out, token.bytes, token.length);
		assert_true(token.length > 0 && token.length <= FOLD_TOKEN_BYTES_MAX);
		assert_int_equal(token.bytes[token.length], '\0');
		assert_true(token.start < token.end && token.end <= length && end <= token.end);
		end = token.end;
	}
	assert_false(fold_next_token(&fold, &token));
}

static void check_tokens(const char *text, const char *expected)
{
	struct buffer out = { 0 };
	fold_all(&out, text, strlen(text));
	assert_string_equal(out.data ? out.data : "", expected);
	buffer_deinit(&out);
}

/* The words of the text that the tokens stand for. */
static void check_places(const char *text, const char *const *expected)
{
	struct fold fold;
	struct fold_token token;
	fold_init(&fold, text, strlen(text));
	for (; *expected; expected++) {
		assert_true(fold_next_token(&fold, &token));
		assert_int_equal(token.end - token.start, strlen(*expected));
		assert_memory_equal(text + token.start, *expected, token.end - token.start);
	}
	assert_false(fold_next_token(&fold, &token));
}

static void test_fold_has_neither_case_nor_accents(void **state)
{
	(void)state;
	check_tokens("Maar ik LEEF te gulzig.", "maar ik leef te gulzig");
	check_tokens("CAFÉ Cafe\xCC\x81 façade Ångström ÿ", "cafe cafe facade angstrom y");
	check_tokens("ΟΔΥΣΣΕΎΣ Таня ΔΈΛΤΑ", "οδυσσευσ таня δελτα");
}

static void test_fold_writes_letters_as_a_typist_does(void **state)
{
	(void)state;
	check_tokens("Søren Łódź Đorđe Straße STRAẞE", "soren lodz dorde strasse strasse");
	check_tokens("Æsop œuvre ĲS ĳs ﬁn ﬄ Dınar Þór það Ħal", "aesop oeuvre ijs ijs fin ffl dinar thor thad hal");
	check_tokens("ＡＢＣ１２ x² ½ Ⅻ №5", "abc12 x2 1 2 xii no5");
}

static void test_fold_takes_every_apostrophe_and_quote_for_a_gap(void **state)
{
	(void)state;
	check_tokens("don't", "don t");
	check_tokens("don\xE2\x80\x99t", "don t");
	check_tokens("Kerim\xCA\xBCs", "kerim s");
	check_tokens("“Dr. No” — 007: C++/CLI, rock-’n-roll…", "dr no 007 c cli rock n roll");
	check_tokens("a_b\tc\r\nd\xC2\xA0"
		     "e",
		"a b c d e");
}

static void test_fold_gives_each_letter_of_a_script_without_spaces(void **state)
{
	(void)state;
	check_tokens("名前は007です", "名 前 は 007 て\xE3\x82\x99 す");
	check_tokens("ｶﾀｶﾅ カタカナ", "カ タ カ ナ カ タ カ ナ");
	check_tokens("สวัสดี", "ส ว\xE0\xB8\xB1 ส ด\xE0\xB8\xB5");
	check_tokens("한국어 말", "\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB\xE1\x84\x80\xE1\x85\xAE\xE1\x86\xA8"
				  "\xE1\x84\x8B\xE1\x85\xA5 \xE1\x84\x86\xE1\x85\xA1\xE1\x86\xAF");
}

static void test_fold_keeps_vowel_signs_and_drops_points(void **state)
{
	(void)state;
	check_tokens("किताब कुतब", "किताब कुतब");
	check_tokens("\xD7\xA9\xD7\x81\xD7\x9C\xD7\x95\xD6\xB9\xD7\x9D", "\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D");
	check_tokens("\xD9\x83\xD9\x90\xD8\xAA\xD8\xA7\xD8\xA8", "\xD9\x83\xD8\xAA\xD8\xA7\xD8\xA8");
}

static void test_fold_passes_over_what_cannot_be_seen(void **state)
{
	(void)state;
	check_tokens("boe\xC2\xADken", "boeken");
	check_tokens("a\xE2\x80\x8D"
		     "b a\xE2\x80\x8B"
		     "b",
		"ab a b");
	check_tokens("\xEF\xBB\xBF"
		     "begin",
		"begin");
}

static void test_fold_finds_nothing_where_there_are_no_words(void **state)
{
	(void)state;
	check_tokens("", "");
	check_tokens("?! … — 🦊 ★★☆ \x01 \xCC\x81", "");
}

static void test_fold_tells_where_each_token_stands(void **state)
{
	(void)state;
	check_places("\xEF\xBB\xBF«Café», zei\r\nhij", (const char *[]) { "Café", "zei", "hij", NULL });
	check_places(
		"Cafe\xCC\x81\xCC\xA7! e\xCC\x81t", (const char *[]) { "Cafe\xCC\x81\xCC\xA7", "e\xCC\x81t", NULL });
	check_places("boe\xC2\xADken\xC2\xAD", (const char *[]) { "boe\xC2\xADken", NULL });
	check_places("名前ab", (const char *[]) { "名", "前", "ab", NULL });
	check_places("½ﬁ", (const char *[]) { "½", "½ﬁ", NULL });
	/* One code point that stands for four words. */
	check_places("\xEF\xB7\xBA",
		(const char *[]) { "\xEF\xB7\xBA", "\xEF\xB7\xBA", "\xEF\xB7\xBA", "\xEF\xB7\xBA", NULL });
}

static void test_fold_cuts_a_word_that_is_too_long(void **state)
{
	(void)state;
	char text[300], expected[FOLD_TOKEN_BYTES_MAX + 1] = { 0 };
	memset(text, 'A', sizeof(text));
	memset(expected, 'a', FOLD_TOKEN_BYTES_MAX);
	struct fold fold;
	struct fold_token token;
	fold_init(&fold, text, sizeof(text));
	assert_true(fold_next_token(&fold, &token));
	assert_string_equal(token.bytes, expected);
	assert_int_equal(token.start, 0);
	assert_int_equal(token.end, sizeof(text));
	assert_false(fold_next_token(&fold, &token));

	/* A letter that does not fit whole is left out, and so is what comes behind it. */
	memset(text, 'x', FOLD_TOKEN_BYTES_MAX - 1);
	memcpy(text + FOLD_TOKEN_BYTES_MAX - 1, "яb c", 5);
	fold_init(&fold, text, FOLD_TOKEN_BYTES_MAX + 4);
	assert_true(fold_next_token(&fold, &token));
	assert_int_equal(token.length, FOLD_TOKEN_BYTES_MAX - 1);
	assert_int_equal(token.end, FOLD_TOKEN_BYTES_MAX + 2);
	assert_true(fold_next_token(&fold, &token));
	assert_string_equal(token.bytes, "c");
}

/* So that what was folded for a query is found as it is. */
static void test_fold_of_what_is_folded_is_the_same_for_every_code_point(void **state)
{
	(void)state;
	struct buffer once = { 0 }, twice = { 0 };
	for (uint32_t codepoint = 1; codepoint <= 0x10FFFF; codepoint++) {
		if (codepoint == 0xD800)
			codepoint = 0xE000;
		/* Alone, and between letters. */
		char text[8] = "a";
		size_t size = (size_t)utf8proc_encode_char((utf8proc_int32_t)codepoint, (utf8proc_uint8_t *)(text + 1));
		text[size + 1] = 'b';
		buffer_clear(&once);
		fold_all(&once, text + 1, size);
		fold_all(&once, text, size + 2);
		buffer_clear(&twice);
		if (once.length)
			fold_all(&twice, once.data, once.length);
		if (once.length != twice.length || (once.length && memcmp(once.data, twice.data, once.length) != 0) ||
			utf8_find_invalid(once.data, once.length) != once.length)
			fail_msg("U+%04X: '%s' and then '%s'", codepoint, once.data, twice.data);
	}
	buffer_deinit(&once);
	buffer_deinit(&twice);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fold_has_neither_case_nor_accents),
		cmocka_unit_test(test_fold_writes_letters_as_a_typist_does),
		cmocka_unit_test(test_fold_takes_every_apostrophe_and_quote_for_a_gap),
		cmocka_unit_test(test_fold_gives_each_letter_of_a_script_without_spaces),
		cmocka_unit_test(test_fold_keeps_vowel_signs_and_drops_points),
		cmocka_unit_test(test_fold_passes_over_what_cannot_be_seen),
		cmocka_unit_test(test_fold_finds_nothing_where_there_are_no_words),
		cmocka_unit_test(test_fold_tells_where_each_token_stands),
		cmocka_unit_test(test_fold_cuts_a_word_that_is_too_long),
		cmocka_unit_test(test_fold_of_what_is_folded_is_the_same_for_every_code_point),
	};
	return cmocka_run_group_tests_name("fold", tests, NULL, NULL);
}
