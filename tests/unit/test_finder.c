// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "db/text/buffer.h"
#include "db/text/finder.h"

/* Writes each match as [the words:its owners]. */
struct listing {
	struct buffer out;
	const char *text;
	size_t last_end;
	size_t stop_after; /* 0: never */
};

static bool list_match(const struct finder_match *match, void *context)
{
	struct listing *listing = context;
	assert_true(match->start >= listing->last_end);
	assert_true(match->end > match->start);
	listing->last_end = match->end;
	buffer_append_char(&listing->out, '[');
	buffer_append(&listing->out, listing->text + match->start, match->end - match->start);
	for (size_t i = 0; i < match->owner_count; i++) {
		assert_true(i == 0 || match->owners[i - 1] < match->owners[i]);
		buffer_printf(&listing->out, "%c%u", i ? ',' : ':', match->owners[i]);
	}
	buffer_append_char(&listing->out, ']');
	return !listing->stop_after || --listing->stop_after;
}

static void check_run(struct finder *finder, const char *text, const char *expected)
{
	struct listing listing = { .text = text };
	buffer_append_string(&listing.out, "");
	assert_true(finder_run(finder, text, strlen(text), list_match, &listing));
	assert_string_equal(listing.out.data, expected);
	buffer_deinit(&listing.out);
}

/* The names, one owner each from 1 on, up to a NULL. */
static struct finder *finder_of(const char *const *names)
{
	struct finder *finder = finder_new();
	assert_non_null(finder);
	for (uint32_t owner = 1; *names; names++, owner++)
		assert_true(finder_add(finder, *names, strlen(*names), owner));
	return finder;
}

static void test_finder_without_names_finds_nothing(void **state)
{
	(void)state;
	struct finder *finder = finder_new();
	check_run(finder, "some text", "");
	check_run(finder, "", "");
	finder_free(finder);
	finder_free(NULL);
}

static void test_finder_ignores_names_without_a_letter_or_digit(void **state)
{
	(void)state;
	static const char *const NAMES[] = { "", "?", "--", "_", "\xCC\x81", "7", NULL };
	struct finder *finder = finder_of(NAMES);
	check_run(finder, "? -- _ \xCC\x81 7", "[7:6]");
	finder_free(finder);
}

static void test_finder_takes_the_longest_name(void **state)
{
	(void)state;
	static const char *const NAMES[] = { "Kerim", "Kerim Bey", "Bey", "Bond", "James Bond", "James", "Bond Street",
		NULL };
	struct finder *finder = finder_of(NAMES);
	check_run(finder, "Kerim Bey met James Bond.", "[Kerim Bey:2][James Bond:5]");
	check_run(finder, "Kerim, Bey, Kerim B", "[Kerim:1][Bey:3][Kerim:1]");
	/* The leftmost wins over what overlaps it, however long. */
	check_run(finder, "James Bond Street", "[James Bond:5]");
	check_run(finder, "Bond Street", "[Bond Street:7]");
	finder_free(finder);
}

static void test_finder_falls_back_to_a_shorter_name_at_a_boundary(void **state)
{
	(void)state;
	static const char *const NAMES[] = { "Kerim", "Kerim Bey", "Bey", NULL };
	struct finder *finder = finder_of(NAMES);
	check_run(finder, "Kerim Beyond", "[Kerim:1]");
	check_run(finder, "Kerim Beys", "[Kerim Beys:2]");
	check_run(finder, "xKerim Bey", "[Bey:3]");
	finder_free(finder);
}

static void test_finder_takes_whole_words_only(void **state)
{
	(void)state;
	static const char *const NAMES[] = { "Bond", "\xC3\x89lan", NULL };
	struct finder *finder = finder_of(NAMES);
	check_run(finder, "Bondage vagaBond Bond7 7Bond _Bond Bond_ bond BOND", "");
	check_run(finder,
		"Bond\xC3\xA9 \xC3\xA9"
		"Bond Bond\xCC\x81 \xE5\x90\x8D"
		"Bond \xF0\x90\x90\xA8"
		"Bond",
		"");
	check_run(finder,
		"(Bond)-Bond/\xE2\x80\x9C"
		"Bond\xE2\x80\x9D\xF0\x9F\x98\x80"
		"Bond",
		"[Bond:1][Bond:1][Bond:1][Bond:1]");
	check_run(finder, "\xC3\x89lan x\xC3\x89lan", "[\xC3\x89lan:2]");
	finder_free(finder);
}

static void test_finder_takes_the_genitive_along(void **state)
{
	(void)state;
	static const char *const NAMES[] = { "Bond", "Klaus", "Max", NULL };
	struct finder *finder = finder_of(NAMES);
	check_run(finder, "Bonds Bond's Bond\xE2\x80\x99s.", "[Bonds:1][Bond's:1][Bond\xE2\x80\x99s:1]");
	check_run(
		finder, "Klaus' Klaus\xE2\x80\x99 Klaus's Max'", "[Klaus':2][Klaus\xE2\x80\x99:2][Klaus's:2][Max':3]");
	check_run(finder, "'Bond' Bond'sy Bond'x Bonds's", "[Bond:1][Bond:1][Bond:1][Bonds:1]");
	check_run(finder, "Bondsman Klaus'x Bonds_", "[Klaus:2]");
	check_run(finder, "Bond'", "[Bond:1]");
	check_run(finder, "Bond\xE2\x80\x99", "[Bond:1]");
	check_run(finder, "Klaus'Max", "[Klaus:2][Max:3]");
	finder_free(finder);
}

static void test_finder_prefers_a_name_to_a_genitive(void **state)
{
	(void)state;
	static const char *const NAMES[] = { "Klau", "Klaus", "Bonds Street", "Bond", NULL };
	struct finder *finder = finder_of(NAMES);
	check_run(finder, "Klaus Bonds Street Bonds Stree", "[Klaus:2][Bonds Street:3][Bonds:4]");
	finder_free(finder);
}

static void test_finder_names_may_begin_and_end_with_signs(void **state)
{
	(void)state;
	static const char *const NAMES[] = { "'t Hooft", "Dr. No", "M.", NULL };
	struct finder *finder = finder_of(NAMES);
	check_run(finder, "in 't Hooft, Dr. No; M. M.I.", "['t Hooft:1][Dr. No:2][M.:3]");
	finder_free(finder);
}

static void test_finder_gives_all_owners_once_and_ascending(void **state)
{
	(void)state;
	struct finder *finder = finder_new();
	static const uint32_t OWNERS[] = { 7, 3, UINT32_MAX, 3, 0, 7 };
	for (size_t i = 0; i < sizeof(OWNERS) / sizeof(OWNERS[0]); i++)
		assert_true(finder_add(finder, "Bond", 4, OWNERS[i]));
	assert_true(finder_add(finder, "Bonder", 6, 3));
	check_run(finder, "Bond Bonder", "[Bond:0,3,7,4294967295][Bonder:3]");
	finder_free(finder);
}

static bool keep_match(const struct finder_match *match, void *context)
{
	*(struct finder_match *)context = *match;
	return true;
}

static void test_finder_takes_names_between_runs_and_keeps_the_owners_given_before(void **state)
{
	(void)state;
	struct finder *finder = finder_new();
	struct finder_match match;
	assert_true(finder_add(finder, "M", 1, 5));
	assert_true(finder_run(finder, "M", 1, keep_match, &match));
	assert_true(finder_add(finder, "M", 1, 4));
	assert_true(finder_add(finder, "Q", 1, 6));
	check_run(finder, "M Q", "[M:4,5][Q:6]");
	assert_int_equal(match.owner_count, 1);
	assert_int_equal(match.owners[0], 5);
	finder_free(finder);
}

static void test_finder_stops_when_it_is_told_to(void **state)
{
	(void)state;
	static const char *const NAMES[] = { "M", NULL };
	struct finder *finder = finder_of(NAMES);
	struct listing listing = { .text = "M M M", .stop_after = 2 };
	assert_false(finder_run(finder, listing.text, 5, list_match, &listing));
	assert_string_equal(listing.out.data, "[M:1][M:1]");
	buffer_deinit(&listing.out);
	finder_free(finder);
}

static uint32_t random_state = 1;

static uint32_t random_below(uint32_t limit)
{
	random_state = random_state * 1664525 + 1013904223;
	return (random_state >> 8) % limit;
}

/* Short pieces that meet often, with everything in them that matters for boundaries and genitives. */
static size_t random_words(char *out, size_t pieces)
{
	static const char *const PIECES[] = { "a", "b", "s", "a", " ", "'", "\xE2\x80\x99", "\xC3\xA9", "\xCC\x81",
		"-" };
	size_t length = 0;
	for (size_t i = 0; i < pieces; i++) {
		const char *piece = PIECES[random_below(sizeof(PIECES) / sizeof(PIECES[0]))];
		memcpy(out + length, piece, strlen(piece));
		length += strlen(piece);
	}
	out[length] = '\0';
	return length;
}

static bool starts_word_at(const char *at)
{
	return (*at >= 'a' && *at <= 'z') || strncmp(at, "\xC3\xA9", 2) == 0 || strncmp(at, "\xCC\x81", 2) == 0;
}

static bool ends_word_before(const char *text, size_t at)
{
	if (at && text[at - 1] >= 'a' && text[at - 1] <= 'z')
		return true;
	return at >= 2 && starts_word_at(text + at - 2) && (unsigned char)text[at - 2] >= 0x80;
}

/* The end of a name with its genitive, 0 when the name does not end in this place. */
static size_t plain_end(const char *text, size_t end)
{
	size_t apostrophe = text[end] == '\'' ? 1 : strncmp(text + end, "\xE2\x80\x99", 3) == 0 ? 3 : 0;
	const char *behind = text + end + apostrophe;
	if (*behind == 's' && !starts_word_at(behind + 1))
		return end + apostrophe + 1;
	if (apostrophe && strchr("sxz", text[end - 1]) && !starts_word_at(behind))
		return end + apostrophe;
	return starts_word_at(text + end) ? 0 : end;
}

enum { RANDOM_NAMES = 12, NAME_BYTES = 32 };

static void plain_run(char names[][NAME_BYTES], const char *text, struct buffer *out)
{
	for (size_t start = 0; text[start];) {
		size_t longest = 0, match_end = 0;
		for (size_t n = 0; n < RANDOM_NAMES; n++) {
			size_t length = strlen(names[n]);
			bool named = strpbrk(names[n], "abs\xC3") != NULL;
			if (!named || length <= longest || strncmp(text + start, names[n], length) != 0)
				continue;
			size_t end = plain_end(text, start + length);
			if (!end || ends_word_before(text, start))
				continue;
			longest = length;
			match_end = end;
		}
		if (!longest) {
			start++;
			continue;
		}
		buffer_printf(out, "[%.*s", (int)(match_end - start), text + start);
		char separator = ':';
		for (unsigned n = 0; n < RANDOM_NAMES; n++) {
			if (strlen(names[n]) == longest && strncmp(text + start, names[n], longest) == 0) {
				buffer_printf(out, "%c%u", separator, n);
				separator = ',';
			}
		}
		buffer_append_char(out, ']');
		start = match_end;
	}
}

static void test_finder_agrees_with_a_plain_search(void **state)
{
	(void)state;
	struct buffer expected = { 0 };
	for (size_t round = 0; round < 5000; round++) {
		char names[RANDOM_NAMES][NAME_BYTES];
		char text[60 * 3 + 1];
		struct finder *finder = finder_new();
		for (uint32_t n = 0; n < RANDOM_NAMES; n++) {
			size_t length = random_words(names[n], random_below(7));
			assert_true(finder_add(finder, names[n], length, n));
		}
		for (size_t i = 0; i < 10; i++) {
			random_words(text, 60);
			buffer_clear(&expected);
			buffer_append_string(&expected, "");
			plain_run(names, text, &expected);
			check_run(finder, text, expected.data);
		}
		finder_free(finder);
	}
	buffer_deinit(&expected);
}

/* More states than fit into the table, so that the search leaves it and comes back over the failure links. */
static void test_finder_finds_each_of_a_hundred_thousand_names(void **state)
{
	(void)state;
	enum { NAMES = 100000 };
	struct finder *finder = finder_new();
	struct buffer text = { 0 }, expected = { 0 }, name = { 0 };
	for (uint32_t i = 0; i < NAMES; i++) {
		buffer_clear(&name);
		buffer_printf(&name, "N%u of %u", i * 2654435761u, i);
		assert_true(finder_add(finder, name.data, name.length, i));
		buffer_printf(&text, "N%u of the N%s and %sx\n", i * 2654435761u, name.data, name.data);
		buffer_printf(&text, "N%u of %s\n", i * 2654435761u / 10, name.data);
		buffer_printf(&expected, "[%s:%u]", name.data, i);
	}
	check_run(finder, text.data, expected.data);
	buffer_deinit(&text);
	buffer_deinit(&expected);
	buffer_deinit(&name);
	finder_free(finder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_finder_without_names_finds_nothing),
		cmocka_unit_test(test_finder_ignores_names_without_a_letter_or_digit),
		cmocka_unit_test(test_finder_takes_the_longest_name),
		cmocka_unit_test(test_finder_falls_back_to_a_shorter_name_at_a_boundary),
		cmocka_unit_test(test_finder_takes_whole_words_only),
		cmocka_unit_test(test_finder_takes_the_genitive_along),
		cmocka_unit_test(test_finder_prefers_a_name_to_a_genitive),
		cmocka_unit_test(test_finder_names_may_begin_and_end_with_signs),
		cmocka_unit_test(test_finder_gives_all_owners_once_and_ascending),
		cmocka_unit_test(test_finder_takes_names_between_runs_and_keeps_the_owners_given_before),
		cmocka_unit_test(test_finder_stops_when_it_is_told_to),
		cmocka_unit_test(test_finder_agrees_with_a_plain_search),
		cmocka_unit_test(test_finder_finds_each_of_a_hundred_thousand_names),
	};
	return cmocka_run_group_tests_name("finder", tests, NULL, NULL);
}
