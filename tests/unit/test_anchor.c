// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "db/text/anchor.h"

static void check_map(const char *text, size_t bytes)
{
	struct text_map map;
	size_t codepoint = 0;
	assert_true(text_map_init(&map, text, bytes));
	for (size_t byte = 0; byte <= bytes; byte++) {
		if (byte < bytes && ((unsigned char)text[byte] & 0xC0) == 0x80)
			continue;
		assert_int_equal(text_map_to_byte(&map, codepoint), byte);
		assert_int_equal(text_map_to_codepoint(&map, byte), codepoint);
		codepoint++;
	}
	assert_int_equal(map.codepoints, codepoint - 1);
	assert_int_equal(map.bytes, bytes);
	text_map_deinit(&map);
}

static unsigned find(const char *text, const char *prefix, const char *exact, const char *suffix, size_t *ret_byte)
{
	struct anchor_words words = {
		.exact = exact,
		.prefix = prefix,
		.suffix = suffix,
		.exact_length = strlen(exact),
		.prefix_length = prefix ? strlen(prefix) : 0,
		.suffix_length = suffix ? strlen(suffix) : 0,
	};
	return anchor_find(text, strlen(text), &words, ret_byte);
}

static void check_find(
	const char *text, const char *prefix, const char *exact, const char *suffix, unsigned count, size_t place)
{
	size_t byte = 999;
	assert_int_equal(find(text, prefix, exact, suffix, &byte), count);
	assert_int_equal(byte, count ? place : 999);
}

static void test_text_map_of_an_empty_text_knows_its_only_place(void **state)
{
	(void)state;
	check_map("", 0);
}

static void test_text_map_agrees_with_a_plain_scan(void **state)
{
	(void)state;
	static const char *const PIECES[] = { "a", "b", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", " ", "\n",
		"z" };
	uint32_t random = 7;
	for (size_t round = 0; round < 300; round++) {
		char text[300 * 4 + 1] = "";
		size_t bytes = 0;
		/* Every third text is narrow, every other third wide, so that both ends of the search are met. */
		size_t first = round % 3 == 1 ? 4 : 0, kinds = round % 3 == 0 ? 8 : 1;
		for (size_t i = 0; i < round; i++) {
			random = random * 1664525 + 1013904223;
			const char *piece = PIECES[first + (random >> 24) % kinds];
			memcpy(text + bytes, piece, strlen(piece));
			bytes += strlen(piece);
		}
		check_map(text, bytes);
	}
}

static void test_text_map_finds_its_way_where_the_width_changes(void **state)
{
	(void)state;
	char text[1000 + 4000];
	memset(text, 'a', 1000);
	for (size_t i = 1000; i < sizeof(text); i += 4)
		memcpy(text + i, "\xF0\x9F\x98\x80", 4);
	check_map(text, sizeof(text));
}

static void test_anchor_finds_words_that_stand_once(void **state)
{
	(void)state;
	check_find("the naked man lay by the pool", NULL, "naked", NULL, 1, 4);
	check_find("the", NULL, "the", NULL, 1, 0);
	check_find("caf\xC3\xA9 noir", NULL, "noir", NULL, 1, 6);
}

static void test_anchor_does_not_find_what_is_not_there(void **state)
{
	(void)state;
	check_find("the naked man", NULL, "woman", NULL, 0, 0);
	check_find("", NULL, "a", NULL, 0, 0);
	check_find("ab", NULL, "abc", NULL, 0, 0);
	check_find("ab", "a", "ab", NULL, 0, 0);
	check_find("ab", NULL, "ab", "longer than the text", 0, 0);
}

static void test_anchor_says_two_for_more_than_once_and_gives_the_first(void **state)
{
	(void)state;
	check_find("the man by the pool by the sea", NULL, "the", NULL, 2, 0);
	check_find("xaaa", NULL, "aa", NULL, 2, 1);
}

static void test_anchor_tells_places_apart_by_prefix_and_suffix(void **state)
{
	(void)state;
	const char *text = "the man by the pool by the sea";
	check_find(text, "by ", "the", " sea", 1, 23);
	check_find(text, "by ", "the", NULL, 2, 11);
	check_find(text, NULL, "the", " pool", 1, 11);
	check_find(text, "man by ", "the", NULL, 1, 11);
	check_find(text, "by ", "the", " man", 0, 0);
	check_find(text, "", "the", "", 2, 0);
}

static void test_anchor_agrees_with_a_plain_search(void **state)
{
	(void)state;
	uint32_t random = 3;
	for (size_t round = 0; round < 20000; round++) {
		char text[13] = "", part[3][4] = { "", "", "" };
		for (size_t i = 0; i < 12; i++) {
			random = random * 1664525 + 1013904223;
			text[i] = "ab"[random >> 31];
		}
		for (size_t p = 0; p < 3; p++) {
			random = random * 1664525 + 1013904223;
			size_t length = p == 1 ? 1 + (random >> 16) % 3 : (random >> 16) % 4;
			for (size_t i = 0; i < length; i++)
				part[p][i] = "ab"[random >> (20 + i) & 1];
		}
		size_t before = strlen(part[0]), size = strlen(part[1]), behind = strlen(part[2]);
		unsigned count = 0;
		size_t place = 0;
		for (size_t i = before; i + size + behind <= 12; i++) {
			if (memcmp(text + i - before, part[0], before) != 0 || memcmp(text + i, part[1], size) != 0 ||
				memcmp(text + i + size, part[2], behind) != 0)
				continue;
			if (!count)
				place = i;
			count = count < 2 ? count + 1 : 2;
		}
		check_find(text, part[0], part[1], part[2], count, place);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_map_of_an_empty_text_knows_its_only_place),
		cmocka_unit_test(test_text_map_agrees_with_a_plain_scan),
		cmocka_unit_test(test_text_map_finds_its_way_where_the_width_changes),
		cmocka_unit_test(test_anchor_finds_words_that_stand_once),
		cmocka_unit_test(test_anchor_does_not_find_what_is_not_there),
		cmocka_unit_test(test_anchor_says_two_for_more_than_once_and_gives_the_first),
		cmocka_unit_test(test_anchor_tells_places_apart_by_prefix_and_suffix),
		cmocka_unit_test(test_anchor_agrees_with_a_plain_search),
	};
	return cmocka_run_group_tests_name("anchor", tests, NULL, NULL);
}
