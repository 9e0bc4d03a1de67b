// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "db/reviews.h"
#include "tests/support/store_fixture.h"

static void expect_slugs(const struct review_page *page, const char *const *slugs, size_t count)
{
	assert_int_equal(page->count, count);
	for (size_t i = 0; i < count; i++)
		assert_string_equal(page->items[i].slug, slugs[i]);
}

static struct review_page list(struct store_fixture *fixture, const struct review_query *query, enum review_order order,
	const struct list_place *after, size_t limit)
{
	struct review_page page;
	assert_int_equal(
		review_list(fixture->reader, query, order, false, after, limit, &fixture->arena, &page), DB_OK);
	return page;
}

static void test_review_get_gives_all_of_a_review(void **state)
{
	struct store_fixture *fixture = store_fixture_reading(state);
	struct bundle bundle = store_fixture_bundle(fixture, library[0]);
	struct review review;
	assert_int_equal(review_get(fixture->reader, "moonraker-nl", &fixture->arena, &review), DB_OK);
	assert_string_equal(review.slug, "moonraker-nl");
	assert_string_equal(review.title, "Bond speelt bridge");
	assert_string_equal(review.language, "nl-BE");
	assert_string_equal(review.reviewer, "J. de Vries");
	assert_string_equal(review.published, "1956-21");
	assert_string_equal(review.source, "https://example.org/1");
	assert_string_equal(review.licence, "CC0-1.0");
	assert_true(review.rating.given);
	assert_true(review.rating.value == 4.5 && review.rating.best == 10 && review.rating.worst == 0);
	assert_string_equal(review.work.slug, "moonraker");
	assert_string_equal(review.work.title, "Moonraker");
	assert_string_equal(review.text_sha256, bundle.text_sha256);
	assert_int_equal(review.text_bytes, bundle.text_bytes);
	assert_int_equal(review.text_codepoints, bundle.text_codepoints);
	assert_int_equal(review.revision, 1);
	assert_int_equal(strlen(review.digest), SHA256_HEX_LENGTH);
	assert_int_equal(strlen(review.updated_at), strlen("1957-04-08T00:00:00Z"));
	assert_int_equal(review.updated_at[19], 'Z');
}

static void test_review_get_of_one_that_says_nothing(void **state)
{
	struct store_fixture *fixture = store_fixture_reading(state);
	struct review review;
	assert_int_equal(review_get(fixture->reader, "note", &fixture->arena, &review), DB_OK);
	assert_null(review.title);
	assert_null(review.language);
	assert_null(review.reviewer);
	assert_null(review.published);
	assert_null(review.source);
	assert_null(review.licence);
	assert_false(review.rating.given);
	assert_null(review.work.slug);
	assert_null(review.work.title);
	assert_int_equal(review.text_bytes, 1);
	assert_int_equal(review_get(fixture->reader, "Note", &fixture->arena, &review), DB_NOT_FOUND);
	assert_int_equal(review_by_id(fixture->reader, 4711, &fixture->arena, &review), DB_NOT_FOUND);
	int64_t id = store_fixture_review_id(fixture, "note");
	assert_int_equal(review_by_id(fixture->reader, id, &fixture->arena, &review), DB_OK);
	assert_string_equal(review.slug, "note");
}

static void test_review_list_walks_in_the_order_of_the_ids(void **state)
{
	struct store_fixture *fixture = store_fixture_reading(state);
	static const char *const slugs[] = { "goldfinger-en", "moonraker-nl", "note" };
	const struct review_query query = { 0 };
	for (size_t limit = 1; limit <= 4; limit++) {
		struct review_page page = { .more = true };
		struct list_place after;
		size_t seen = 0;
		while (page.more) {
			page = list(fixture, &query, REVIEW_ID, seen ? &after : NULL, limit);
			assert_int_equal(page.total, 3);
			expect_slugs(&page, slugs + seen, limit < 3 - seen ? limit : 3 - seen);
			seen += page.count;
			after = page.places[page.count - 1];
		}
		assert_int_equal(seen, 3);
	}
	struct review_page page = list(fixture, &query, REVIEW_ID, NULL, 0);
	assert_int_equal(page.count, 0);
	assert_true(page.more);
}

static void test_review_list_by_agent_is_in_the_order_of_their_coming(void **state)
{
	struct store_fixture *fixture = store_fixture_reading(state);
	static const char *const slugs[] = { "moonraker-nl", "goldfinger-en" };
	int64_t bond = store_fixture_agent_id(fixture, "james-bond");
	struct review_query query = { .agents = { &bond, 1 } };
	struct review_page page = { .more = true };
	struct list_place after;
	size_t seen = 0;
	for (; page.more; seen++) {
		page = list(fixture, &query, REVIEW_ADDED, seen ? &after : NULL, 1);
		assert_int_equal(page.total, 2);
		expect_slugs(&page, slugs + seen, 1);
		after = page.places[0];
	}
	assert_int_equal(seen, 2);
	page = list(fixture, &query, REVIEW_ADDED, NULL, 20);
	expect_slugs(&page, slugs, 2);
	assert_false(page.more);
	/* Who only made a work is not in the review of it. */
	int64_t director = store_fixture_agent_id(fixture, "lewis-gilbert");
	query.agents = (struct int_list) { &director, 1 };
	page = list(fixture, &query, REVIEW_ADDED, NULL, 20);
	assert_int_equal(page.total, 0);
}

static void test_review_list_by_work_is_of_the_reviewed_work(void **state)
{
	struct store_fixture *fixture = *state;
	store_fixture_put(fixture, "{\"id\":\"again\",\"text\":\"x\",\"work\":{\"id\":\"moonraker\"}}");
	static const char *const slugs[] = { "again", "moonraker-nl" };
	int64_t work = store_fixture_work_id(fixture, "moonraker");
	struct review_query query = { .works = { &work, 1 } };
	struct review_page page = { .more = true };
	struct list_place after;
	size_t seen = 0;
	for (; page.more; seen++) {
		page = list(fixture, &query, REVIEW_ID, seen ? &after : NULL, 1);
		assert_int_equal(page.total, 2);
		expect_slugs(&page, slugs + seen, 1);
		after = page.places[0];
	}
	assert_int_equal(seen, 2);
	/* A further work of a review is not what it reviews. */
	int64_t film = store_fixture_work_id(fixture, "moonraker-film");
	query.works = (struct int_list) { &film, 1 };
	page = list(fixture, &query, REVIEW_ID, NULL, 20);
	assert_int_equal(page.total, 0);
	assert_int_equal(page.count, 0);
}

static void test_review_text_get_gives_every_byte(void **state)
{
	struct store_fixture *fixture = store_fixture_reading(state);
	struct bundle bundle = store_fixture_bundle(fixture, library[0]);
	const char *text;
	size_t bytes;
	int64_t id = store_fixture_review_id(fixture, "moonraker-nl");
	assert_int_equal(review_text_get(fixture->reader, id, &fixture->arena, &text, &bytes), DB_OK);
	assert_int_equal(bytes, bundle.text_bytes);
	assert_memory_equal(text, bundle.text, bytes + 1);
	assert_int_equal(review_text_get(fixture->reader, 4711, &fixture->arena, &text, &bytes), DB_NOT_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_review_get_gives_all_of_a_review),
		cmocka_unit_test(test_review_get_of_one_that_says_nothing),
		cmocka_unit_test(test_review_list_walks_in_the_order_of_the_ids),
		cmocka_unit_test(test_review_list_by_agent_is_in_the_order_of_their_coming),
		cmocka_unit_test_setup_teardown(
			test_review_list_by_work_is_of_the_reviewed_work, store_fixture_library, store_fixture_remove),
		cmocka_unit_test(test_review_text_get_gives_every_byte),
	};
	return cmocka_run_group_tests_name("reviews", tests, store_fixture_library, store_fixture_remove);
}
