// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "db/passages.h"
#include "db/review_digest.h"
#include "db/sha256.h"
#include "db/text/anchor.h"
#include "tests/support/store_fixture.h"

/* A store with one review of this text; a read has begun. */
static int64_t put_text(struct store_fixture *fixture, const char *text)
{
	struct bundle bundle = { .slug = "r", .text = text, .text_bytes = strlen(text), .work = BUNDLE_NONE };
	struct text_map map;
	assert_true(text_map_init(&map, text, bundle.text_bytes));
	bundle.text_codepoints = map.codepoints;
	text_map_deinit(&map);
	assert_true(sha256_hex(text, bundle.text_bytes, bundle.text_sha256));
	assert_true(bundle_digest(&bundle, &fixture->arena));
	store_fixture_put_bundle(fixture, &bundle);
	int64_t review = store_fixture_review_id(fixture, "r");
	assert_int_equal(db_begin_read(fixture->reader, 0), DB_OK);
	return review;
}

static struct passage read_passage(
	struct store_fixture *fixture, int64_t review, const char *text, size_t start, size_t end)
{
	struct text_map map;
	struct passage passage;
	assert_true(text_map_init(&map, text, strlen(text)));
	struct span span = { (uint32_t)start, (uint32_t)end, (uint32_t)text_map_to_byte(&map, start),
		(uint32_t)text_map_to_byte(&map, end) };
	text_map_deinit(&map);
	assert_int_equal(
		passage_read(fixture->reader, review, strlen(text), &span, PASSAGE_CONTEXT, &fixture->arena, &passage),
		DB_OK);
	assert_int_equal(passage.span.start, start);
	assert_int_equal(passage.span.byte_end, span.byte_end);
	return passage;
}

/* Cut out by counting code points from the start of the text. */
static const char *slice(struct store_fixture *fixture, const char *text, size_t start, size_t end)
{
	struct text_map map;
	assert_true(text_map_init(&map, text, strlen(text)));
	size_t from = text_map_to_byte(&map, start);
	const char *cut = arena_strndup(&fixture->arena, text + from, text_map_to_byte(&map, end) - from);
	text_map_deinit(&map);
	return cut;
}

/* Every span of the text up to some length, with what stands around it. */
static void expect_every_passage(struct store_fixture *fixture, const char *text, size_t longest)
{
	struct text_map map;
	int64_t review = put_text(fixture, text);
	assert_true(text_map_init(&map, text, strlen(text)));
	size_t codepoints = map.codepoints;
	text_map_deinit(&map);
	for (size_t start = 0; start < codepoints; start++) {
		for (size_t end = start + 1; end <= codepoints && end - start <= longest; end++) {
			struct passage passage = read_passage(fixture, review, text, start, end);
			size_t before = start > PASSAGE_CONTEXT ? start - PASSAGE_CONTEXT : 0;
			size_t behind = end + PASSAGE_CONTEXT < codepoints ? end + PASSAGE_CONTEXT : codepoints;
			assert_string_equal(passage.exact, slice(fixture, text, start, end));
			assert_string_equal(passage.prefix, slice(fixture, text, before, start));
			assert_string_equal(passage.suffix, slice(fixture, text, end, behind));
		}
		arena_clear(&fixture->arena);
	}
	db_end_read(fixture->reader);
}

static void test_the_ends_of_a_text_have_less_around_them(void **state)
{
	struct store_fixture *fixture = *state;
	static const char text[] = "0123456789";
	int64_t review = put_text(fixture, text);
	struct passage passage = read_passage(fixture, review, text, 0, 1);
	assert_string_equal(passage.exact, "0");
	assert_string_equal(passage.prefix, "");
	assert_string_equal(passage.suffix, "123456789");
	passage = read_passage(fixture, review, text, 9, 10);
	assert_string_equal(passage.prefix, "012345678");
	assert_string_equal(passage.suffix, "");
	passage = read_passage(fixture, review, text, 0, 10);
	assert_string_equal(passage.exact, text);
	assert_string_equal(passage.prefix, "");
	assert_string_equal(passage.suffix, "");
}

static void test_a_text_of_one_code_point(void **state)
{
	struct store_fixture *fixture = *state;
	struct passage passage = read_passage(fixture, put_text(fixture, "\xf0\x9d\x84\x9e"), "\xf0\x9d\x84\x9e", 0, 1);
	assert_string_equal(passage.exact, "\xf0\x9d\x84\x9e");
	assert_string_equal(passage.prefix, "");
	assert_string_equal(passage.suffix, "");
}

static void test_every_passage_of_plain_text(void **state)
{
	expect_every_passage(*state,
		"Maar ik leef te gulzig. Ik neem altijd van alles te veel. Op een dag zal mijn hart het opgeven.", 40);
}

/* Code points of one to four bytes in turn, so that the window of bytes begins at every place within one. */
static void test_every_passage_of_mixed_text(void **state)
{
	expect_every_passage(*state,
		"a\xc3\xa9\xe2\x82\xac\xf0\x9d\x84\x9e"
		"bb\xc3\xa9\xc3\xa9\xe2\x82\xac\xe2\x82\xac\xf0\x9d\x84\x9e\xf0\x9d\x84\x9e"
		"a\xc3\xa9\xe2\x82\xac\xf0\x9d\x84\x9e"
		"ccc\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xf0\x9d\x84\x9e\xf0\x9d\x84\x9e"
		"\xf0\x9d\x84\x9e\xf0\x9d\x84\x9e\xf0\x9d\x84\x9e\xf0\x9d\x84\x9e\xf0\x9d\x84\x9e\xf0\x9d\x84\x9e"
		"\xf0\x9d\x84\x9e\xf0\x9d\x84\x9e\xf0\x9d\x84\x9e\xf0\x9d\x84\x9e\xf0\x9d\x84\x9e\xf0\x9d\x84\x9e"
		"\xf0\x9d\x84\x9e\xf0\x9d\x84\x9e\xf0\x9d\x84\x9e\xf0\x9d\x84\x9e\xf0\x9d\x84\x9e\xf0\x9d\x84\x9e"
		"\xf0\x9d\x84\x9e\xf0\x9d\x84\x9e\xf0\x9d\x84\x9e\xf0\x9d\x84\x9e\xf0\x9d\x84\x9e\xf0\x9d\x84\x9e"
		"\xf0\x9d\x84\x9e\xf0\x9d\x84\x9e\xf0\x9d\x84\x9e\xf0\x9d\x84\x9ez",
		5);
}

/* A combining mark is a code point of its own: what is cut between it and its letter stays cut. */
static void test_every_passage_of_combining_marks(void **state)
{
	expect_every_passage(*state,
		"e\xcc\x81o\xcc\x88\xcc\xa3 de\xcc\x81 pot e\xcc\x81\xcc\x81\xcc\x81 "
		"\xe0\xa4\x95\xe0\xa5\x8d\xe0\xa4\xb7 "
		"\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7 e\xcc\x81",
		6);
}

static void test_line_ends_and_controls_are_text(void **state)
{
	expect_every_passage(*state,
		"\xef\xbb\xbf"
		"a\r\nb\n\n\tc\x01\x7f\xc2\x85\xe2\x80\xa8"
		"d\r\n",
		20);
}

/* Longer than a page of the file, so that it is read from overflow pages. */
static void test_a_passage_deep_in_a_long_text(void **state)
{
	struct store_fixture *fixture = *state;
	enum { CODEPOINTS = 100000 };
	char *text = arena_alloc(&fixture->arena, 3 * CODEPOINTS + 1);
	for (size_t i = 0; i < CODEPOINTS; i++)
		snprintf(text + 3 * i, 4, "\xe2\x82%c", (char)(0x80 + i % 64));
	int64_t review = put_text(fixture, text);
	for (size_t start = 0; start < CODEPOINTS; start += 9973) {
		struct passage passage = read_passage(fixture, review, text, start, start + 2);
		size_t before = start > PASSAGE_CONTEXT ? PASSAGE_CONTEXT : start;
		assert_memory_equal(passage.exact, text + 3 * start, 6);
		assert_int_equal(strlen(passage.prefix), 3 * before);
		assert_memory_equal(passage.prefix, text + 3 * (start - before), 3 * before);
		assert_memory_equal(passage.suffix, text + 3 * (start + 2), strlen(passage.suffix));
		assert_int_equal(strlen(passage.suffix), 3 * PASSAGE_CONTEXT);
	}
	db_end_read(fixture->reader);
}

static void test_passages_of_several_reviews_in_turn(void **state)
{
	struct store_fixture *fixture = *state;
	char json[64];
	for (int i = 0; i < 4; i++) {
		snprintf(json, sizeof(json), "{\"id\":\"r%d\",\"text\":\"text %d\"}", i, i);
		store_fixture_put(fixture, json);
	}
	assert_int_equal(db_begin_read(fixture->reader, 0), DB_OK);
	for (int i = 0; i < 20; i++) {
		char text[8];
		snprintf(text, sizeof(text), "text %d", i * 7 % 4);
		struct passage passage = read_passage(fixture, 1 + i * 7 % 4, text, 5, 6);
		assert_string_equal(passage.exact, text + 5);
		assert_string_equal(passage.prefix, "text ");
	}
	db_end_read(fixture->reader);
}

/* What check would find is a fault here, and never a wrong quote. */
static void test_a_span_outside_its_text_is_a_fault(void **state)
{
	struct store_fixture *fixture = *state;
	int64_t review = put_text(fixture, "0123456789");
	static const struct span spans[] = { { 5, 5, 5, 5 }, { 6, 5, 6, 5 }, { 0, 11, 0, 11 }, { 10, 11, 10, 11 },
		{ 4000000000, 4000000001, 4000000000, 4000000001 } };
	struct passage passage;
	for (size_t i = 0; i < sizeof(spans) / sizeof(spans[0]); i++) {
		store_fixture_log();
		assert_int_equal(passage_read(fixture->reader, review, 10, &spans[i], PASSAGE_CONTEXT, &fixture->arena,
					 &passage),
			DB_CORRUPT);
		store_fixture_unlog();
		assert_non_null(strstr(logged, "lies outside its text"));
	}
	/* The row says that the text is longer than it is; then there is no such review. */
	store_fixture_log();
	assert_int_not_equal(passage_read(fixture->reader, review, 30, &(struct span) { 15, 16, 15, 16 },
				     PASSAGE_CONTEXT, &fixture->arena, &passage),
		DB_OK);
	assert_int_not_equal(passage_read(fixture->reader, review + 1, 10, &(struct span) { 5, 6, 5, 6 },
				     PASSAGE_CONTEXT, &fixture->arena, &passage),
		DB_OK);
	store_fixture_unlog();
	/* And the next one is read as if nothing had been. */
	assert_string_equal(read_passage(fixture, review, "0123456789", 5, 6).exact, "5");
	db_end_read(fixture->reader);
}

#define WITH_STORE(test) cmocka_unit_test_setup_teardown(test, store_fixture_empty, store_fixture_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_STORE(test_the_ends_of_a_text_have_less_around_them),
		WITH_STORE(test_a_text_of_one_code_point),
		WITH_STORE(test_every_passage_of_plain_text),
		WITH_STORE(test_every_passage_of_mixed_text),
		WITH_STORE(test_every_passage_of_combining_marks),
		WITH_STORE(test_line_ends_and_controls_are_text),
		WITH_STORE(test_a_passage_deep_in_a_long_text),
		WITH_STORE(test_passages_of_several_reviews_in_turn),
		WITH_STORE(test_a_span_outside_its_text_is_a_fault),
	};
	return cmocka_run_group_tests_name("passages", tests, NULL, NULL);
}
