// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "db/agents.h"
#include "tests/support/store_fixture.h"

static void expect_slugs(const struct agent_page *page, const char *const *slugs, size_t count)
{
	assert_int_equal(page->count, count);
	for (size_t i = 0; i < count; i++)
		assert_string_equal(page->items[i].ref.slug, slugs[i]);
}

static struct agent_page list(struct store_fixture *fixture, const struct agent_query *query, enum agent_order order,
	const struct list_place *after, size_t limit)
{
	struct agent_page page;
	assert_int_equal(agent_list(fixture->reader, query, order, false, after, limit, &fixture->arena, &page), DB_OK);
	return page;
}

static void test_agent_get_gives_all_of_an_agent(void **state)
{
	struct store_fixture *fixture = store_fixture_reading(state);
	struct agent agent;
	assert_int_equal(agent_get(fixture->reader, "james-bond", &fixture->arena, &agent), DB_OK);
	assert_string_equal(agent.ref.slug, "james-bond");
	assert_string_equal(agent.ref.name, "James Bond");
	assert_int_equal(agent.ref.kind, AGENT_CHARACTER);
	assert_string_equal(agent.description, "He drives.");
	assert_int_equal(agent.aliases.count, 3);
	assert_string_equal(agent.aliases.items[0], "Bond");
	assert_string_equal(agent.aliases.items[2], "Mr Bond");
	assert_int_equal(agent.same_as.count, 2);
	assert_string_equal(agent.same_as.items[1], "https://example.org/007");
	assert_int_equal(agent_get(fixture->reader, "smersh", &fixture->arena, &agent), DB_OK);
	assert_null(agent.description);
	assert_int_equal(agent.aliases.count, 0);
	assert_int_equal(agent.same_as.count, 0);
	assert_int_equal(agent_get(fixture->reader, "James-Bond", &fixture->arena, &agent), DB_NOT_FOUND);
	assert_int_equal(agent_get(fixture->reader, "", &fixture->arena, &agent), DB_NOT_FOUND);
}

static void test_agent_by_name_compares_keys(void **state)
{
	struct store_fixture *fixture = store_fixture_reading(state);
	static const char *const names[] = { "SMERSH", "smersh", "Smersh!", " sm\xc3\xa9rsh " };
	struct agent_page page;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_int_equal(agent_by_name(fixture->reader, names[i], &fixture->arena, &page), DB_OK);
		expect_slugs(&page, (const char *[]) { "smersh" }, 1);
		assert_int_equal(page.total, 1);
	}
	/* A part of a name is none, and nobody is called nothing. */
	static const char *const nobody[] = { "smers", "James", "", "?!", "%", "sm_rsh" };
	for (size_t i = 0; i < sizeof(nobody) / sizeof(nobody[0]); i++) {
		assert_int_equal(agent_by_name(fixture->reader, nobody[i], &fixture->arena, &page), DB_OK);
		assert_int_equal(page.count, 0);
	}
}

static void test_agent_by_name_finds_all_who_share_it(void **state)
{
	struct store_fixture *fixture = store_fixture_reading(state);
	struct agent_page page;
	assert_int_equal(agent_by_name(fixture->reader, "james bond", &fixture->arena, &page), DB_OK);
	expect_slugs(&page, (const char *[]) { "james-bond", "james-bond-ornithologist" }, 2);
	assert_int_equal(page.items[1].ref.kind, AGENT_PERSON);
	/* By an alias of either bundle. */
	assert_int_equal(agent_by_name(fixture->reader, "007", &fixture->arena, &page), DB_OK);
	expect_slugs(&page, (const char *[]) { "james-bond" }, 1);
	assert_int_equal(agent_by_name(fixture->reader, "MR. BOND", &fixture->arena, &page), DB_OK);
	expect_slugs(&page, (const char *[]) { "james-bond" }, 1);
}

static void test_agent_by_name_gives_an_agent_once(void **state)
{
	struct store_fixture *fixture = *state;
	struct agent_page page;
	struct agent agent;
	store_fixture_put(fixture, "{\"id\":\"r\",\"text\":\"x\",\"agents\":[{\"id\":\"a\",\"name\":\"Kerim "
				   "Bey\",\"aliases\":[\"KERIM BEY\","
				   "\"Kerim-Bey\",\"Bey\"]}]}");
	assert_int_equal(agent_by_name(fixture->reader, "kerim bey", &fixture->arena, &page), DB_OK);
	expect_slugs(&page, (const char *[]) { "a" }, 1);
	/* An alias that becomes the name is told as the name alone; the name before is found no more. */
	store_fixture_put(fixture, "{\"id\":\"r\",\"text\":\"x\",\"agents\":[{\"id\":\"a\",\"name\":\"Bey\"}]}");
	assert_int_equal(agent_get(fixture->reader, "a", &fixture->arena, &agent), DB_OK);
	assert_string_equal(agent.ref.name, "Bey");
	assert_int_equal(agent.aliases.count, 2);
	assert_string_equal(agent.aliases.items[0], "KERIM BEY");
	assert_string_equal(agent.aliases.items[1], "Kerim-Bey");
	assert_int_equal(agent_by_name(fixture->reader, "bey", &fixture->arena, &page), DB_OK);
	assert_int_equal(page.count, 1);
}

static void test_agent_by_name_is_cut_at_two_hundred(void **state)
{
	struct store_fixture *fixture = *state;
	struct agent_page page;
	char *json = arena_alloc(&fixture->arena, 300 * 64), *end = json;
	end = stpcpy(end, "{\"id\":\"r\",\"text\":\"x\",\"agents\":[");
	for (int i = 0; i < 230; i++)
		end += snprintf(end, 64, "%s{\"id\":\"j%03d\",\"name\":\"Jan\"}", i ? "," : "", i);
	stpcpy(end, "]}");
	store_fixture_put(fixture, json);
	assert_int_equal(agent_by_name(fixture->reader, "jan", &fixture->arena, &page), DB_OK);
	assert_int_equal(page.count, 200);
	assert_string_equal(page.items[199].ref.slug, "j199");
}

static void test_agent_list_walks_one_kind_in_the_order_of_the_ids(void **state)
{
	struct store_fixture *fixture = store_fixture_reading(state);
	static const char *const people[] = { "ian-fleming", "james-bond-ornithologist", "lewis-gilbert",
		"roger-moore" };
	enum { PEOPLE = sizeof(people) / sizeof(people[0]) };
	const struct agent_query query = { .kind = AGENT_PERSON };
	for (size_t limit = 1; limit <= PEOPLE + 1; limit++) {
		struct agent_page page = { .more = true };
		struct list_place after;
		size_t seen = 0;
		while (page.more) {
			page = list(fixture, &query, AGENT_ID, seen ? &after : NULL, limit);
			assert_int_equal(page.total, PEOPLE);
			expect_slugs(&page, people + seen, limit < PEOPLE - seen ? limit : PEOPLE - seen);
			seen += page.count;
			assert_int_equal(page.more, seen < PEOPLE);
			after = page.last;
		}
		assert_int_equal(seen, PEOPLE);
	}
}

static void test_agent_list_tells_the_aliases(void **state)
{
	struct store_fixture *fixture = store_fixture_reading(state);
	const struct agent_query query = { .kind = AGENT_CHARACTER };
	struct agent_page page = list(fixture, &query, AGENT_ID, NULL, 20);
	expect_slugs(&page, (const char *[]) { "james-bond", "m" }, 2);
	assert_int_equal(page.items[0].aliases.count, 3);
	assert_string_equal(page.items[1].aliases.items[0], "De chef");
	const struct agent_query organisations = { .kind = AGENT_ORGANISATION };
	const struct list_place last = { .key = PLACE_TEXT, .text = "smersh" };
	page = list(fixture, &organisations, AGENT_ID, &last, 20);
	assert_int_equal(page.count, 0);
	assert_int_equal(page.total, 1);
	page = list(fixture, &query, AGENT_ID, NULL, 0);
	assert_int_equal(page.count, 0);
	assert_true(page.more);
}

static void test_agent_list_by_review_keeps_the_order_of_the_bundle(void **state)
{
	struct store_fixture *fixture = store_fixture_reading(state);
	struct agent_page page = { .more = true };
	int64_t review = store_fixture_review_id(fixture, "moonraker-nl"), nothing = 4711;
	struct agent_query query = { .kind = AGENT_CHARACTER, .reviews = { &review, 1 } };
	struct list_place after;
	static const char *const characters[] = { "james-bond", "m" };
	size_t seen = 0;
	for (; page.more; seen++) {
		page = list(fixture, &query, AGENT_ADDED, seen ? &after : NULL, 1);
		expect_slugs(&page, characters + seen, 1);
		assert_int_equal(page.total, 2);
		assert_int_equal(page.items[0].aliases.count, seen ? 1 : 3);
		after = page.last;
	}
	assert_int_equal(seen, 2);
	query.kind = AGENT_PERSON;
	page = list(fixture, &query, AGENT_ADDED, NULL, 20);
	expect_slugs(&page, (const char *[]) { "ian-fleming" }, 1);
	query.reviews = (struct int_list) { &nothing, 1 };
	page = list(fixture, &query, AGENT_ADDED, NULL, 20);
	assert_int_equal(page.total, 0);
}

static void test_agent_list_by_work_gives_each_agent_once(void **state)
{
	struct store_fixture *fixture = *state;
	struct agent_page page = { .more = true };
	/* A second review of the same work, with one who is in the first and one who is not. */
	store_fixture_put(fixture, "{\"id\":\"second\",\"text\":\"x\",\"work\":{\"id\":\"moonraker\"},\"agents\":[{"
				   "\"id\":\"drax\",\"name\":\"Drax\"},"
				   "{\"id\":\"m\"}]}");
	int64_t work = store_fixture_work_id(fixture, "moonraker"), nothing = 4711;
	struct agent_query query = { .kind = AGENT_CHARACTER, .works = { &work, 1 } };
	struct list_place after;
	static const char *const characters[] = { "drax", "james-bond", "m" };
	size_t seen = 0;
	for (; page.more; seen++) {
		page = list(fixture, &query, AGENT_ID, seen ? &after : NULL, 1);
		expect_slugs(&page, characters + seen, 1);
		assert_int_equal(page.total, 3);
		after = page.last;
	}
	assert_int_equal(seen, 3);
	query.works = (struct int_list) { &nothing, 1 };
	page = list(fixture, &query, AGENT_ID, NULL, 20);
	assert_int_equal(page.count, 0);
}

static void test_agent_names_tell_where_each_stands(void **state)
{
	struct store_fixture *fixture = store_fixture_reading(state);
	struct agent_names names;
	int64_t bond = store_fixture_agent_id(fixture, "james-bond");
	assert_int_equal(agent_names(fixture->reader, bond, &fixture->arena, &names), DB_OK);
	assert_int_equal(names.count, 4);
	for (size_t i = 0; i < names.count; i++)
		assert_int_equal(names.items[i].position, i);
	assert_string_equal(names.items[0].name, "James Bond");
	assert_string_equal(names.items[3].name, "Mr Bond");
	assert_int_equal(agent_names(fixture->reader, 4711, &fixture->arena, &names), DB_OK);
	assert_int_equal(names.count, 0);
}

static void test_lines_of_urls_are_taken_apart(void **state)
{
	struct store_fixture *fixture = store_fixture_reading(state);
	struct string_list list;
	assert_int_equal(url_lines_split("", &fixture->arena, &list), DB_OK);
	assert_int_equal(list.count, 0);
	assert_int_equal(url_lines_split("http://a\nhttp://b\n", &fixture->arena, &list), DB_OK);
	assert_int_equal(list.count, 2);
	assert_string_equal(list.items[1], "http://b");
	assert_int_equal(url_lines_split("http://a\nhttp://b", &fixture->arena, &list), DB_OK);
	assert_int_equal(list.count, 2);
	assert_string_equal(list.items[1], "http://b");
}

#define WITH_STORE(test) cmocka_unit_test_setup_teardown(test, store_fixture_library, store_fixture_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_agent_get_gives_all_of_an_agent),
		cmocka_unit_test(test_agent_by_name_compares_keys),
		cmocka_unit_test(test_agent_by_name_finds_all_who_share_it),
		WITH_STORE(test_agent_by_name_gives_an_agent_once),
		WITH_STORE(test_agent_by_name_is_cut_at_two_hundred),
		cmocka_unit_test(test_agent_list_walks_one_kind_in_the_order_of_the_ids),
		cmocka_unit_test(test_agent_list_tells_the_aliases),
		cmocka_unit_test(test_agent_list_by_review_keeps_the_order_of_the_bundle),
		WITH_STORE(test_agent_list_by_work_gives_each_agent_once),
		cmocka_unit_test(test_agent_names_tell_where_each_stands),
		cmocka_unit_test(test_lines_of_urls_are_taken_apart),
	};
	return cmocka_run_group_tests_name("agents", tests, store_fixture_library, store_fixture_remove);
}
