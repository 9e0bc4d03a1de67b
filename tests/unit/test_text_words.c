// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "db/text/fold.h"
#include "db/text/text_words.h"

/* Pieces whose words begin, end, merge and fall apart in every way there is. */
static const char *const pieces[] = { "a", "B", "book", "é", "e\u0301", "\u0301", "\u0345", "ß", "ﬁ", "Ĳ", "æ", " ",
	",", "…", "'", "\u200b", "\u200d", "\u00ad", "中", "文", "\u3389", "\u3300", "か\u3099", "ก", "ำ", "हिन्दी", "א",
	"ّ", "7", "½", "🙂", "\ufeff", "\n" };
enum { PIECES = sizeof(pieces) / sizeof(pieces[0]) };

/* The words from `from` to `to` are those that the slice [start,end) has by itself. */
static void check_same(
	const struct text_words *words, size_t from, size_t to, const char *text, size_t start, size_t end)
{
	struct fold fold;
	struct fold_token token;
	fold_init(&fold, text + start, end - start);
	for (size_t i = from; i < to; i++) {
		const struct text_word *word = &words->items[i];
		assert_true(fold_next_token(&fold, &token));
		assert_int_equal(word->start, start + token.start);
		assert_int_equal(word->bytes, token.end - token.start);
		assert_int_equal(word->folded_bytes, token.length);
		assert_string_equal(words->distinct + word->folded, token.bytes);
	}
	assert_false(fold_next_token(&fold, &token));
}

static bool cuts_a_word(const struct text_words *words, size_t at)
{
	for (size_t i = 0; i < words->count; i++) {
		if (words->items[i].start < at && at < words->items[i].start + words->items[i].bytes)
			return true;
	}
	return false;
}

static bool is_border(char byte)
{
	return ((unsigned char)byte & 0xC0) != 0x80;
}

static void check_all_ranges(const struct text_words *words, const char *text, size_t length)
{
	for (size_t start = 0; start <= length; start++) {
		for (size_t end = start; end <= length; end++) {
			size_t from, to;
			if (!is_border(text[start]) || !is_border(text[end]))
				continue;
			bool whole = text_words_range(words, (uint32_t)start, (uint32_t)end, &from, &to);
			assert_int_equal(whole, !cuts_a_word(words, start) && !cuts_a_word(words, end));
			if (whole)
				check_same(words, from, to, text, start, end);
		}
	}
}

static void test_text_words_of_any_part(void **state)
{
	(void)state;
	struct text_words_finder finder = { .items = { 0 } };
	struct arena arena = { 0 };
	struct buffer text = { 0 };
	srandom(1);
	for (int round = 0; round < 400; round++) {
		buffer_clear(&text);
		for (int i = 0; i < 12; i++)
			buffer_append_string(&text, pieces[(size_t)random() % PIECES]);
		const struct text_words *words = text_words_find(&finder, text.data, text.length, &arena);
		assert_non_null(words);
		check_all_ranges(words, text.data, text.length);
		arena_clear(&arena);
	}
	buffer_deinit(&text);
	text_words_finder_deinit(&finder);
	arena_deinit(&arena);
}

static void test_text_words_stand_once_each(void **state)
{
	(void)state;
	struct text_words_finder finder = { .items = { 0 } };
	struct arena arena = { 0 };
	const char *texts[] = { "Bond zag Bond. bond!", "", "Klebb zag niets.", "…" };
	const char distinct[] = "bond\0zag";
	const struct text_words *words = text_words_find(&finder, texts[0], strlen(texts[0]), &arena);
	assert_int_equal(words->count, 4);
	assert_int_equal(words->distinct_bytes, sizeof(distinct));
	assert_memory_equal(words->distinct, distinct, sizeof(distinct));
	words = text_words_find(&finder, texts[1], 0, &arena);
	assert_int_equal(words->count, 0);
	/* What was found before is forgotten. */
	words = text_words_find(&finder, texts[2], strlen(texts[2]), &arena);
	assert_int_equal(words->count, 3);
	assert_string_equal(words->distinct, "klebb");
	words = text_words_find(&finder, texts[3], strlen(texts[3]), &arena);
	assert_int_equal(words->count, 0);
	assert_int_equal(words->distinct_bytes, 0);
	text_words_finder_deinit(&finder);
	arena_deinit(&arena);
}

static void test_text_words_gives_up_on_a_word_without_end(void **state)
{
	(void)state;
	struct text_words_finder finder = { .items = { 0 } };
	struct arena arena = { 0 };
	char *text = malloc(UINT16_MAX + 1);
	memset(text, 'a', UINT16_MAX + 1);
	assert_non_null(text_words_find(&finder, text, UINT16_MAX, &arena));
	assert_null(text_words_find(&finder, text, UINT16_MAX + 1, &arena));
	free(text);
	text_words_finder_deinit(&finder);
	arena_deinit(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_words_of_any_part),
		cmocka_unit_test(test_text_words_stand_once_each),
		cmocka_unit_test(test_text_words_gives_up_on_a_word_without_end),
	};
	return cmocka_run_group_tests_name("text_words", tests, NULL, NULL);
}
