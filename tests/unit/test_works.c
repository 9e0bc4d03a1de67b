// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "db/works.h"
#include "tests/support/store_fixture.h"

static void test_work_get_gives_all_of_a_work(void **state)
{
	struct store_fixture *fixture = store_fixture_reading(state);
	struct work work;
	assert_int_equal(work_get(fixture->reader, "moonraker", &fixture->arena, &work), DB_OK);
	assert_string_equal(work.ref.slug, "moonraker");
	assert_string_equal(work.ref.title, "Moonraker");
	assert_string_equal(work.kind, "novel");
	assert_string_equal(work.language, "en");
	assert_string_equal(work.published, "1955");
	assert_string_equal(work.description, "The third one.");
	assert_int_equal(work.contributor_count, 1);
	assert_string_equal(work.contributors[0].role, "author");
	assert_string_equal(work.contributors[0].agent.slug, "ian-fleming");
	assert_string_equal(work.contributors[0].agent.name, "Ian Fleming");
	assert_int_equal(work.contributors[0].agent.kind, AGENT_PERSON);
	assert_int_equal(work.contributors[0].character.agent_id, 0);
	assert_null(work.contributors[0].character.slug);
	assert_int_equal(work.same_as.count, 1);
	assert_int_equal(work_get(fixture->reader, "Moonraker", &fixture->arena, &work), DB_NOT_FOUND);
}

static void test_an_actor_plays_somebody(void **state)
{
	struct store_fixture *fixture = store_fixture_reading(state);
	struct work work;
	assert_int_equal(work_get(fixture->reader, "moonraker-film", &fixture->arena, &work), DB_OK);
	assert_int_equal(work.contributor_count, 2);
	assert_string_equal(work.contributors[0].agent.slug, "roger-moore");
	assert_string_equal(work.contributors[0].character.slug, "james-bond");
	assert_string_equal(work.contributors[0].character.name, "James Bond");
	assert_int_equal(work.contributors[0].character.kind, AGENT_CHARACTER);
	assert_string_equal(work.contributors[1].role, "director");
	assert_null(work.published);
	assert_null(work.description);
}

/* To works that are there, with their title, and to some that may never come. */
static void test_relations_are_by_id(void **state)
{
	struct store_fixture *fixture = store_fixture_reading(state);
	struct work work;
	assert_int_equal(work_get(fixture->reader, "moonraker-film", &fixture->arena, &work), DB_OK);
	assert_int_equal(work.relation_count, 1);
	assert_string_equal(work.relations[0].kind, "adaptation_of");
	assert_string_equal(work.relations[0].to.slug, "moonraker");
	assert_string_equal(work.relations[0].to.title, "Moonraker");
	assert_int_equal(work_get(fixture->reader, "moonraker", &fixture->arena, &work), DB_OK);
	assert_string_equal(work.relations[0].to.slug, "james-bond-novels");
	assert_null(work.relations[0].to.title);
}

static void test_work_by_id_is_the_same_work(void **state)
{
	struct store_fixture *fixture = store_fixture_reading(state);
	struct work work;
	int64_t id = store_fixture_work_id(fixture, "goldfinger");
	assert_int_equal(work_by_id(fixture->reader, id, &fixture->arena, &work), DB_OK);
	assert_string_equal(work.ref.slug, "goldfinger");
	assert_int_equal(work.ref.work_id, id);
	assert_int_equal(work.contributor_count, 0);
	assert_int_equal(work_by_id(fixture->reader, 4711, &fixture->arena, &work), DB_NOT_FOUND);
}

static void test_work_list_walks_in_the_order_of_the_ids(void **state)
{
	struct store_fixture *fixture = store_fixture_reading(state);
	static const char *const works[] = { "goldfinger", "moonraker", "moonraker-film" };
	const struct work_query query = { 0 };
	for (size_t limit = 1; limit <= 4; limit++) {
		struct work_page page = { .more = true };
		struct list_place after;
		size_t seen = 0;
		while (page.more) {
			assert_int_equal(work_list(fixture->reader, &query, WORK_ID, false, seen ? &after : NULL, limit,
						 &fixture->arena, &page),
				DB_OK);
			assert_int_equal(page.total, 3);
			assert_int_equal(page.count, limit < 3 - seen ? limit : 3 - seen);
			for (size_t i = 0; i < page.count; i++)
				assert_string_equal(page.items[i].ref.slug, works[seen++]);
			after = page.last;
		}
		assert_int_equal(seen, 3);
		assert_int_equal(page.items[page.count - 1].contributor_count, 2);
	}
	struct work_page page;
	assert_int_equal(work_list(fixture->reader, &query, WORK_ID, false, NULL, 0, &fixture->arena, &page), DB_OK);
	assert_int_equal(page.count, 0);
	assert_true(page.more);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_work_get_gives_all_of_a_work),
		cmocka_unit_test(test_an_actor_plays_somebody),
		cmocka_unit_test(test_relations_are_by_id),
		cmocka_unit_test(test_work_by_id_is_the_same_work),
		cmocka_unit_test(test_work_list_walks_in_the_order_of_the_ids),
	};
	return cmocka_run_group_tests_name("works", tests, store_fixture_library, store_fixture_remove);
}
