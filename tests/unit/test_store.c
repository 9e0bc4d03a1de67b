// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "db/store.h"
#include "db/text/nearest.h"
#include "tests/support/store_fixture.h"

static void expect_nearest(
	struct store_fixture *fixture, enum noun noun, const char *slug, const char *const *expected, size_t count)
{
	struct string_list list;
	assert_int_equal(store_nearest(fixture->reader, noun, -1, slug, &fixture->arena, &list), DB_OK);
	assert_int_equal(list.count, count);
	for (size_t i = 0; i < count; i++)
		assert_string_equal(list.items[i], expected[i]);
}

static void test_store_get_of_an_empty_store(void **state)
{
	struct store_fixture *fixture = store_fixture_reading(state);
	struct store_info info;
	assert_int_equal(store_get(fixture->reader, &fixture->arena, &info), DB_OK);
	assert_int_equal(info.revision + info.reviews + info.works + info.quotes + info.mentions, 0);
	for (int kind = 0; kind < AGENT_KINDS; kind++)
		assert_int_equal(info.agents[kind], 0);
	expect_nearest(fixture, NOUN_REVIEW, "anything", NULL, 0);
}

static void test_store_get_of_a_store_that_lost_its_row(void **state)
{
	struct store_fixture *fixture = *state;
	struct store_info info;
	store_fixture_damage(fixture, "DELETE FROM store");
	assert_int_equal(store_get(fixture->reader, &fixture->arena, &info), DB_CORRUPT);
}

static void expect_revision(struct store_fixture *fixture, int64_t revision)
{
	struct store_info info;
	assert_int_equal(store_get(fixture->reader, &fixture->arena, &info), DB_OK);
	assert_int_equal(info.revision, revision);
	assert_int_equal(strlen(info.uuid), STORE_UUID_LENGTH);
}

static void test_store_get_is_of_the_snapshot(void **state)
{
	struct store_fixture *fixture = store_fixture_reading(state);
	store_fixture_put(fixture, "{\"id\":\"first\",\"text\":\"x\"}");
	db_linger(fixture->reader);
	assert_int_equal(db_begin_read(fixture->reader, 0), DB_OK);
	expect_revision(fixture, 1);
	store_fixture_put(fixture, "{\"id\":\"second\",\"text\":\"x\"}");
	expect_revision(fixture, 1);
	db_end_read(fixture->reader);
	for (int turn = 0; turn < 2; turn++) {
		assert_int_equal(db_begin_read(fixture->reader, 0), DB_OK);
		expect_revision(fixture, 2);
		db_end_read(fixture->reader);
	}
	db_let_go(fixture->reader);
	store_fixture_put(fixture, "{\"id\":\"third\",\"text\":\"x\"}");
	expect_revision(fixture, 3);
}

static void test_store_nearest_looks_on_both_sides(void **state)
{
	struct store_fixture *fixture = store_fixture_reading(state);
	expect_nearest(fixture, NOUN_REVIEW, "moonraker-ln", (const char *[]) { "moonraker-nl" }, 1);
	expect_nearest(fixture, NOUN_REVIEW, "moonraker-nk", (const char *[]) { "moonraker-nl" }, 1);
	expect_nearest(fixture, NOUN_REVIEW, "moonraker-nm", (const char *[]) { "moonraker-nl" }, 1);
	expect_nearest(fixture, NOUN_REVIEW, "MOONRAKER-NL", (const char *[]) { "moonraker-nl" }, 1);
	expect_nearest(fixture, NOUN_REVIEW, "note", (const char *[]) { "note" }, 1);
	expect_nearest(fixture, NOUN_REVIEW, "nothing-like-it", NULL, 0);
	expect_nearest(fixture, NOUN_AGENT, "jams-bond", (const char *[]) { "james-bond" }, 1);
	expect_nearest(fixture, NOUN_AGENT, "smesh", (const char *[]) { "smersh" }, 1);
	/* Whatever kind of agent it is; the closest first. */
	expect_nearest(
		fixture, NOUN_AGENT, "james-bon", (const char *[]) { "james-bond", "james-bond-ornithologist" }, 2);
	expect_nearest(fixture, NOUN_WORK, "moonraker-fiml", (const char *[]) { "moonraker-film", "moonraker" }, 2);
	expect_nearest(fixture, NOUN_WORK, "james-bond", NULL, 0);
}

static void test_store_nearest_gives_at_most_three(void **state)
{
	struct store_fixture *fixture = *state;
	char json[64];
	for (int i = 0; i < 10; i++) {
		snprintf(json, sizeof(json), "{\"id\":\"review-%d\",\"text\":\"x\"}", i);
		store_fixture_put(fixture, json);
	}
	struct string_list list;
	assert_int_equal(store_nearest(fixture->reader, NOUN_REVIEW, -1, "review-x", &fixture->arena, &list), DB_OK);
	assert_int_equal(list.count, NEAREST_MAX);
}

static void test_store_nearest_looks_at_the_neighbours_of_a_large_store(void **state)
{
	struct store_fixture *fixture = *state;
	char json[64];
	assert_int_equal(db_begin_write(fixture->writer), DB_OK);
	for (int i = 0; i < 500; i++) {
		struct bundle_put_result result;
		arena_clear(&fixture->arena);
		snprintf(json, sizeof(json), "{\"id\":\"n%03d%s\",\"text\":\"x\"}", i, i == 250 ? "-middle" : "-other");
		struct bundle bundle = store_fixture_bundle(fixture, json);
		assert_int_equal(bundle_put(fixture->writer, &bundle, &fixture->arena, &result), DB_OK);
	}
	assert_int_equal(db_commit(fixture->writer), DB_OK);
	static const char *const typed[] = { "n250-midle", "n25o-middle", "n249-middle", "n251-middle", "n150-middle" };
	for (size_t i = 0; i < sizeof(typed) / sizeof(typed[0]); i++) {
		struct string_list list;
		assert_int_equal(
			store_nearest(fixture->reader, NOUN_REVIEW, -1, typed[i], &fixture->arena, &list), DB_OK);
		assert_true(list.count > 0);
		assert_string_equal(list.items[0], "n250-middle");
	}
}

static void test_store_nearest_quote_looks_within_one_review(void **state)
{
	struct store_fixture *fixture = *state;
	struct string_list list;
	int64_t review = store_fixture_review_id(fixture, "moonraker-nl");
	assert_int_equal(store_nearest_quote(fixture->reader, review, "kart", &fixture->arena, &list), DB_OK);
	assert_int_equal(list.count, 1);
	assert_string_equal(list.items[0], "kaart");
	review = store_fixture_review_id(fixture, "goldfinger-en");
	assert_int_equal(store_nearest_quote(fixture->reader, review, "kart", &fixture->arena, &list), DB_OK);
	assert_int_equal(list.count, 0);
}

/* As far as for reviews: on both sides of what was typed, wherever that is. */
static void test_store_nearest_quote_of_a_review_with_many(void **state)
{
	struct store_fixture *fixture = *state;
	enum { MANY = 500 };
	struct string_list list;
	char *json = arena_alloc(&fixture->arena, MANY * 64), *end = json;
	end = stpcpy(end, "{\"id\":\"many\",\"text\":\"x\",\"quotes\":[");
	for (int i = 0; i < MANY; i++)
		end += snprintf(end, 64, "%s{\"id\":\"q%03d-%s\",\"spans\":[[0,1]]}", i ? "," : "", i,
			i == 470 ? "wanted" : "else");
	stpcpy(end, "]}");
	store_fixture_put(fixture, json);
	int64_t review = store_fixture_review_id(fixture, "many");
	static const char *const typed[] = { "q470-wnted", "q47-wanted", "q471-wanted", "q469-wanted" };
	for (size_t i = 0; i < sizeof(typed) / sizeof(typed[0]); i++) {
		assert_int_equal(store_nearest_quote(fixture->reader, review, typed[i], &fixture->arena, &list), DB_OK);
		assert_true(list.count > 0);
		assert_string_equal(list.items[0], "q470-wanted");
	}
}

static void test_store_was_deleted_knows_what_once_was(void **state)
{
	struct store_fixture *fixture = *state;
	bool deleted = true;
	assert_int_equal(store_was_deleted(fixture->reader, NOUN_REVIEW, "note", &deleted), DB_OK);
	assert_false(deleted);
	store_fixture_damage(fixture, "UPDATE change SET deleted = 1 WHERE noun = 0 AND slug = 'note'");
	assert_int_equal(store_was_deleted(fixture->reader, NOUN_REVIEW, "note", &deleted), DB_OK);
	assert_true(deleted);
	assert_int_equal(store_was_deleted(fixture->reader, NOUN_WORK, "note", &deleted), DB_OK);
	assert_false(deleted);
	assert_int_equal(store_was_deleted(fixture->reader, NOUN_REVIEW, "never", &deleted), DB_OK);
	assert_false(deleted);
	/* Put again, it is there again. */
	store_fixture_put(fixture, "{\"id\":\"note\",\"text\":\"y\"}");
	assert_int_equal(store_was_deleted(fixture->reader, NOUN_REVIEW, "note", &deleted), DB_OK);
	assert_false(deleted);
}

#define WITH_EMPTY(test) cmocka_unit_test_setup_teardown(test, store_fixture_empty, store_fixture_remove)
#define WITH_LIBRARY(test) cmocka_unit_test_setup_teardown(test, store_fixture_library, store_fixture_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_EMPTY(test_store_get_of_an_empty_store),
		WITH_EMPTY(test_store_get_is_of_the_snapshot),
		WITH_EMPTY(test_store_get_of_a_store_that_lost_its_row),
		WITH_LIBRARY(test_store_nearest_looks_on_both_sides),
		WITH_EMPTY(test_store_nearest_gives_at_most_three),
		WITH_EMPTY(test_store_nearest_looks_at_the_neighbours_of_a_large_store),
		WITH_LIBRARY(test_store_nearest_quote_looks_within_one_review),
		WITH_EMPTY(test_store_nearest_quote_of_a_review_with_many),
		WITH_LIBRARY(test_store_was_deleted_knows_what_once_was),
	};
	return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
