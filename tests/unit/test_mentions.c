// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "db/mentions.h"
#include "tests/support/store_fixture.h"

static void begin(struct store_fixture *fixture)
{
	assert_int_equal(db_begin_read(fixture->reader, 0), DB_OK);
}

static struct mention_page list(
	struct store_fixture *fixture, const struct mention_query *query, int64_t after, size_t limit)
{
	struct mention_page page;
	const struct list_place place = { .key = PLACE_ID, .id = after };
	assert_int_equal(
		mention_list(fixture->reader, query, after ? &place : NULL, limit, &fixture->arena, &page), DB_OK);
	return page;
}

static struct mention_page list_by_review(struct store_fixture *fixture, int64_t review_id, int64_t after, size_t limit)
{
	const struct mention_query query = { .review_id = review_id };
	return list(fixture, &query, after, limit);
}

static struct mention_page list_by_agent(struct store_fixture *fixture, int64_t agent_id, int64_t after, size_t limit)
{
	const struct mention_query query = { .agent_id = agent_id };
	return list(fixture, &query, after, limit);
}

static void test_mention_list_by_review_gives_places_and_names(void **state)
{
	struct store_fixture *fixture = store_fixture_reading(state);
	struct mention_page page;
	int64_t review = store_fixture_review_id(fixture, "moonraker-nl");
	begin(fixture);
	page = list_by_review(fixture, review, 0, 20);
	db_end_read(fixture->reader);
	assert_int_equal(page.count, 4);
	assert_int_equal(page.total, 4);
	assert_false(page.more);
	assert_string_equal(page.items[0].passage.exact, "Bond");
	assert_string_equal(page.items[0].passage.prefix, "\xc3\x89\xc3\xa9n kaart \xf0\x9d\x84\x9e te veel, zei ");
	assert_string_equal(page.items[0].review_slug, "moonraker-nl");
	assert_int_equal(page.items[0].agents.count, 1);
	assert_string_equal(page.items[0].agents.items[0].slug, "james-bond");
	assert_null(page.items[0].work.slug);
	/* In the order of the bundle, not of the ids. */
	assert_int_equal(page.items[1].agents.count, 2);
	assert_string_equal(page.items[1].agents.items[0].slug, "m");
	assert_string_equal(page.items[1].agents.items[0].name, "M");
	assert_string_equal(page.items[1].agents.items[1].slug, "james-bond");
	/* 32 code points: the accent behind the last e is the 33rd. */
	assert_string_equal(page.items[1].passage.suffix, ". M zweeg.\r\nFleming schrijft: de");
	/* One of a work. */
	assert_int_equal(page.items[2].agents.count, 0);
	assert_string_equal(page.items[2].work.slug, "moonraker");
	assert_string_equal(page.items[2].work.title, "Moonraker");
	assert_string_equal(page.items[2].passage.exact, "Fleming schrijft");
	assert_int_equal(page.items[3].agents.items[0].kind, AGENT_ORGANISATION);
	assert_string_equal(page.items[3].passage.suffix, " kraait ni\xc3\xa9t");
}

static void test_mention_list_by_review_is_of_that_review(void **state)
{
	struct store_fixture *fixture = store_fixture_reading(state);
	struct mention_page page = { .more = true };
	int64_t review = store_fixture_review_id(fixture, "moonraker-nl");
	for (size_t limit = 1; limit <= 5; limit++) {
		int64_t after = 0;
		size_t seen = 0;
		begin(fixture);
		do {
			page = list_by_review(fixture, review, after, limit);
			assert_int_equal(page.total, 4);
			for (size_t i = 0; i < page.count; i++) {
				after = page.items[i].mention_id;
				assert_int_equal(after, review * ITEMS_PER_REVIEW + (int64_t)seen++);
			}
			assert_int_equal(page.more, seen < 4);
		} while (page.more);
		db_end_read(fixture->reader);
		assert_int_equal(seen, 4);
	}
	begin(fixture);
	page = list_by_review(fixture, store_fixture_review_id(fixture, "note"), 0, 20);
	db_end_read(fixture->reader);
	assert_int_equal(page.total, 0);
	assert_int_equal(page.count, 0);
}

static void test_mention_list_by_agent_goes_over_the_reviews(void **state)
{
	struct store_fixture *fixture = *state;
	struct mention_page page = { .more = true };
	store_fixture_put(fixture,
		"{\"id\":\"again\",\"text\":\"Bond en M\",\"agents\":[{\"id\":\"m\"},{\"id\":\"james-bond\"}],"
		"\"mentions\":[{\"span\":[0,9],\"of\":[\"m\",\"james-bond\"]},{\"span\":[0,4],\"of\":[\"james-bond\"]}]"
		"}");
	static const char *const exacts[] = { "Bond", "M", "Bond en M", "Bond" };
	static const char *const reviews[] = { "moonraker-nl", "moonraker-nl", "again", "again" };
	int64_t bond = store_fixture_agent_id(fixture, "james-bond"), after = 0;
	begin(fixture);
	for (size_t i = 0; page.more; i++) {
		page = list_by_agent(fixture, bond, after, 1);
		assert_int_equal(page.total, 4);
		assert_int_equal(page.count, 1);
		assert_string_equal(page.items[0].passage.exact, exacts[i]);
		assert_string_equal(page.items[0].review_slug, reviews[i]);
		after = page.items[0].mention_id;
	}
	assert_string_equal(page.items[0].review_slug, "again");
	page = list_by_agent(fixture, bond, 0, 20);
	assert_int_equal(page.count, 4);
	page = list_by_agent(fixture, 4711, 0, 20);
	assert_int_equal(page.total, 0);
	page = list_by_agent(fixture, bond, 0, 0);
	assert_int_equal(page.count, 0);
	assert_true(page.more);
	db_end_read(fixture->reader);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mention_list_by_review_gives_places_and_names),
		cmocka_unit_test(test_mention_list_by_review_is_of_that_review),
		cmocka_unit_test_setup_teardown(
			test_mention_list_by_agent_goes_over_the_reviews, store_fixture_library, store_fixture_remove),
	};
	return cmocka_run_group_tests_name("mentions", tests, store_fixture_library, store_fixture_remove);
}
