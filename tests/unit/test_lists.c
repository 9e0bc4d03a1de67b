// SPDX-License-Identifier: MIT
/* That lists follow their indexes, and end when their time is over. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "db/agents.h"
#include "db/bundle_put.h"
#include "db/changes.h"
#include "db/connection.h"
#include "db/mentions.h"
#include "db/quote_facets.h"
#include "db/quotes.h"
#include "db/text/buffer.h"
#include "server/json/bundle_read.h"

enum { REVIEWS = 60, QUOTES = 30, LIMIT = 5 };

struct library {
	char folder[32], path[64];
	struct db *db;
	struct arena arena;
};

/* Every quote has the same form and speaker, so that nearly all fit a filter by them. */
static void write_bundle(struct buffer *json, int review)
{
	buffer_printf(json,
		"{\"id\":\"review-%02d\",\"language\":\"%s\",\"published\":\"19%02d\",\"title\":\"T%d\",\"reviewer\":"
		"\"R%d\","
		"\"work\":{\"id\":\"work\",\"title\":\"W\"},\"agents\":[{\"id\":\"one\",\"name\":\"One\"}],\"text\":\"",
		review, review % 2 ? "nl" : "en", review, review % 7, review % 3);
	for (int q = 0; q < QUOTES; q++)
		buffer_append_string(json, "word word. ");
	buffer_append_string(json, "\",\"quotes\":[");
	for (int q = 0; q < QUOTES; q++)
		buffer_printf(json, "%s{\"id\":\"%d\",\"work\":\"work\",\"speakers\":[\"one\"],\"spans\":[[%d,%d]]}",
			q ? "," : "", q, 11 * q, 11 * q + (q % 3 ? 9 : 4));
	buffer_append_string(json, "]}");
}

static void put_review(struct db *db, int review)
{
	struct arena arena = { 0 };
	struct buffer json = { 0 };
	struct bundle bundle;
	struct bundle_problems problems;
	struct bundle_put_result result;
	write_bundle(&json, review);
	assert_int_equal(bundle_read(json.data, json.length, &arena, &bundle, &problems), BUNDLE_READ_OK);
	assert_int_equal(bundle_put(db, &bundle, &arena, &result), DB_OK);
	buffer_deinit(&json);
	arena_deinit(&arena);
}

static int make_library(void **state)
{
	struct library *library = calloc(1, sizeof(*library));
	struct db *writer;
	struct db_error error;
	assert_non_null(library);
	snprintf(library->folder, sizeof(library->folder), "/tmp/lists-XXXXXX");
	assert_non_null(mkdtemp(library->folder));
	snprintf(library->path, sizeof(library->path), "%s/store.db", library->folder);
	assert_int_equal(db_open(library->path, DB_WRITE, &writer, &error), DB_OK);
	assert_int_equal(db_begin_write(writer), DB_OK);
	for (int review = 0; review < REVIEWS; review++)
		put_review(writer, review);
	assert_int_equal(db_commit(writer), DB_OK);
	db_close(writer);
	assert_int_equal(db_open(library->path, DB_READ, &library->db, &error), DB_OK);
	*state = library;
	return 0;
}

static int remove_library(void **state)
{
	static const char *const suffixes[] = { "", "-lock", "-wal", "-shm" };
	struct library *library = *state;
	db_close(library->db);
	arena_deinit(&library->arena);
	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		char path[80];
		snprintf(path, sizeof(path), "%s%s", library->path, suffixes[i]);
		unlink(path);
	}
	rmdir(library->folder);
	free(library);
	return 0;
}

/* Statements are put together anew, so that those of this test are told from others. */
static void forget_statements(struct db *db)
{
	for (int i = 0; i < ASSEMBLED_MAX; i++) {
		sqlite3_finalize(db->assembled[i].stmt.handle);
		db->assembled[i].stmt.handle = NULL;
	}
	memset(db->counted, 0, sizeof(db->counted));
}

/* No statement that gives rows of a list sorts them, nor looks through a table without an index. */
static void check_plans(struct db *db, const char *what)
{
	int lists = 0;
	for (int i = 0; i < ASSEMBLED_MAX; i++) {
		const char *sql = db->assembled[i].stmt.handle ? sqlite3_sql(db->assembled[i].stmt.handle) : NULL;
		struct buffer explain = { 0 };
		sqlite3_stmt *stmt = NULL;
		if (!sql || !strstr(sql, "ORDER BY"))
			continue;
		lists++;
		buffer_printf(&explain, "EXPLAIN QUERY PLAN %s", sql);
		assert_int_equal(sqlite3_prepare_v2(db->handle, explain.data, -1, &stmt, NULL), SQLITE_OK);
		while (sqlite3_step(stmt) == SQLITE_ROW) {
			const char *step = (const char *)sqlite3_column_text(stmt, 3);
			if (strstr(step, "TEMP B-TREE"))
				fail_msg("%s: %s\n%s", what, step, sql);
		}
		sqlite3_finalize(stmt);
		buffer_deinit(&explain);
	}
	assert_true(lists > 0);
}

/* The first pages of a list, in both directions. */
static void walk_quotes(struct library *library, const struct quote_filter *filter, enum quote_order order)
{
	for (int descending = 0; descending < (order == QUOTE_RANDOM ? 1 : 2); descending++) {
		struct quote_sort sort = { .order = order, .descending = descending };
		struct quote_page page;
		const struct list_place *after = NULL;
		for (int i = 0; i < 3; i++) {
			assert_int_equal(quote_list(library->db, filter, &sort, after, LIMIT, QUOTE_WORDS_AROUND,
						 &library->arena, &page),
				DB_OK);
			assert_int_equal(page.count, LIMIT);
			after = &page.last;
		}
	}
}

static void check_quotes(struct library *library, const struct quote_filter *filter, const char *what)
{
	for (enum quote_order order = QUOTE_ADDED; order <= QUOTE_UPDATED; order++) {
		char named[64];
		snprintf(named, sizeof(named), "%s in order %d", what, order);
		forget_statements(library->db);
		walk_quotes(library, filter, order);
		if (order != QUOTE_RANDOM)
			check_plans(library->db, named);
	}
}

static void test_quotes_are_never_sorted_where_many_fit(void **state)
{
	struct library *library = *state;
	const char *nl = "nl", *en = "en";
	struct agent agent;
	struct work work;
	assert_int_equal(db_begin_read(library->db, 0), DB_OK);
	assert_int_equal(agent_get(library->db, "one", &library->arena, &agent), DB_OK);
	assert_int_equal(work_get(library->db, "work", &library->arena, &work), DB_OK);
	struct int_list one = { &agent.ref.agent_id, 1 };
	const struct {
		const char *what;
		struct quote_filter filter;
	} cases[] = {
		{ "all", { .forms = 0 } },
		{ "a form", { .forms = 1 } },
		{ "a length", { .codepoints_given = true, .min_codepoints = 1, .max_codepoints = 100 } },
		{ "a language", { .review = { .languages = { &nl, 1 } } } },
		{ "a language and a form", { .forms = 1, .review = { .languages = { &en, 1 } } } },
		{ "a time", { .review = { .updated_since = "2000-01-01T00:00:00Z" } } },
		{ "days", { .review = { .published_given = true, .published_from = -20000, .published_to = 0 } } },
		{ "a speaker", { .speakers = one } },
		{ "a speaker and a form", { .speakers = one, .forms = 1 } },
		{ "a work", { .works = { &work.ref.work_id, 1 } } },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check_quotes(library, &cases[i].filter, cases[i].what);
	db_end_read(library->db);
}

static void test_other_lists_are_never_sorted(void **state)
{
	struct library *library = *state;
	struct review_page reviews;
	struct agent_page agents;
	struct work_page works;
	assert_int_equal(db_begin_read(library->db, 0), DB_OK);
	for (int descending = 0; descending < 2; descending++) {
		forget_statements(library->db);
		for (enum review_order order = REVIEW_ADDED; order <= REVIEW_UPDATED; order++) {
			struct review_query query = { 0 };
			const struct list_place *after = NULL;
			for (int i = 0; i < 2; i++, after = &reviews.places[LIMIT - 1])
				assert_int_equal(review_list(library->db, &query, order, descending, after, LIMIT,
							 &library->arena, &reviews),
					DB_OK);
		}
		for (enum agent_order order = AGENT_ID; order <= AGENT_NAME; order++) {
			struct agent_query query = { .kind = AGENT_CHARACTER };
			assert_int_equal(agent_list(library->db, &query, order, descending, NULL, LIMIT,
						 &library->arena, &agents),
				DB_OK);
		}
		for (enum work_order order = WORK_ID; order <= WORK_TITLE; order++) {
			struct work_query query = { 0 };
			assert_int_equal(
				work_list(library->db, &query, order, descending, NULL, LIMIT, &library->arena, &works),
				DB_OK);
		}
		check_plans(library->db, "reviews, agents and works");
	}
	db_end_read(library->db);
}

static int count_statement(unsigned type, void *context, void *statement, void *sql)
{
	(void)type;
	(void)statement;
	(void)sql;
	++*(int *)context;
	return 0;
}

/* How many statements it takes to draw a quote out of those that fit. */
static int count_drawing(struct library *library, const struct quote_filter *filter, enum db_status expected)
{
	int statements = 0;
	struct quote quote;
	assert_int_equal(
		sqlite3_trace_v2(library->db->handle, SQLITE_TRACE_STMT, count_statement, &statements), SQLITE_OK);
	assert_int_equal(quote_random(library->db, filter, 7, &library->arena, &quote), expected);
	sqlite3_trace_v2(library->db->handle, 0, NULL, NULL);
	return statements;
}

/*
 * Reviews are soon counted, and tell that few or none of their quotes fit; what each quote has to be asked for is tried
 * out quote by quote first.
 */
static void test_a_quote_is_not_looked_for_where_counting_tells(void **state)
{
	struct library *library = *state;
	enum { FEW = 20, MANY = REVIEWS * QUOTES / 2 };
	const char *fr = "fr";
	const struct quote_filter unread = { .review = { .languages = { &fr, 1 } } }, scarce = { .forms = 1u << 4 },
				  long_ago = { .review = { .published_given = true,
						       .published_from = -90000,
						       .published_to = -80000 } },
				  all = { .forms = 0 },
				  longer = { .codepoints_given = true, .min_codepoints = 100, .max_codepoints = 200 };
	assert_int_equal(db_begin_read(library->db, 0), DB_OK);
	assert_in_range(count_drawing(library, &all, DB_OK), 1, FEW);
	assert_in_range(count_drawing(library, &unread, DB_NOT_FOUND), 1, FEW);
	assert_in_range(count_drawing(library, &scarce, DB_NOT_FOUND), 1, FEW);
	assert_in_range(count_drawing(library, &long_ago, DB_NOT_FOUND), 1, FEW);
	assert_in_range(count_drawing(library, &longer, DB_NOT_FOUND), MANY, INT32_MAX);
	db_end_read(library->db);
}

/* Everything at once: the deepest statement that can be put together. */
static void test_quotes_take_all_conditions_in_every_order(void **state)
{
	struct library *library = *state;
	const char *nl = "nl", *reviewer = "r1";
	int64_t number = 1;
	struct int_list one = { &number, 1 };
	struct quote_filter filter = {
		.reviews = one,
		.works = one,
		.speakers = one,
		.characters = one,
		.people = one,
		.addressees = one,
		.about = one,
		.forms = 1,
		.attributions = 1,
		.spoiler_given = true,
		.codepoints_given = true,
		.max_codepoints = 100,
		.review = { .languages = { &nl, 1 },
			.reviewers = { &reviewer, 1 },
			.published_given = true,
			.updated_since = "2000-01-01T00:00:00Z" },
	};
	struct list_place places[] = { { .key = PLACE_NUMBER }, { .key = PLACE_UNKNOWN },
		{ .key = PLACE_TEXT, .text = "" }, { .key = PLACE_ID }, { .key = PLACE_STEP, .bits = 4 } };
	struct quote_page page;
	struct facet_values values;
	assert_int_equal(db_begin_read(library->db, 0), DB_OK);
	for (size_t i = 0; i < 7 * (QUOTE_UPDATED + 1) * sizeof(places) / sizeof(places[0]); i++) {
		struct quote_sort sort = { .order = (enum quote_order)(i % (QUOTE_UPDATED + 1)) };
		size_t sources = i / (QUOTE_UPDATED + 1) / (sizeof(places) / sizeof(places[0]));
		const struct list_place *after =
			&places[i / (QUOTE_UPDATED + 1) % (sizeof(places) / sizeof(places[0]))];
		/* One condition fewer each time, and another one is the source. */
		struct int_list *lists[] = { &filter.reviews, &filter.characters, &filter.people, &filter.speakers,
			&filter.addressees, &filter.about, &filter.works };
		for (size_t l = 0; l < sources; l++)
			lists[l]->count = 0;
		assert_int_equal(quote_list(library->db, &filter, &sort, after, LIMIT, QUOTE_WORDS_AROUND,
					 &library->arena, &page),
			DB_OK);
		for (enum quote_facet facet = FACET_ABOUT; facet <= FACET_WORK; facet++)
			assert_int_equal(
				quote_facet_values(library->db, &filter, facet, LIMIT, &library->arena, &values),
				DB_OK);
		arena_clear(&library->arena);
	}
	db_end_read(library->db);
}

enum operation {
	OPERATION_LIST,
	OPERATION_COUNT,
	OPERATION_RANDOM,
	OPERATION_WALK,
	OPERATION_FACET,
	OPERATION_REVIEWS,
	OPERATION_MENTIONS,
	OPERATION_CHANGES,
	OPERATIONS
};

static enum db_status operate(struct library *library, enum operation operation)
{
	struct quote_filter filter = { .forms = 1,
		.review = { .published_given = true, .published_from = INT64_MIN, .published_to = INT64_MAX } };
	struct quote_filter none = { 0 };
	struct quote_sort length = { .order = QUOTE_LENGTH }, random = { .order = QUOTE_RANDOM, .seed = 1 };
	struct review_query query = { .codepoints_given = true, .max_codepoints = 10000 };
	struct mention_query mentions = { .agent_id = 1 };
	struct change_place start = { .slug = "" };
	union {
		struct quote_page quotes;
		struct review_page reviews;
		struct mention_page mentions;
		struct change_page changes;
		struct facet_values values;
		struct quote quote;
	} ret;
	struct db *db = library->db;
	struct arena *arena = &library->arena;
	switch (operation) {
	case OPERATION_LIST:
		return quote_list(db, &filter, &length, NULL, 100, QUOTE_WORDS_AROUND, arena, &ret.quotes);
	case OPERATION_COUNT:
		return quote_list(db, &filter, &length, NULL, 0, QUOTE_WORDS_AROUND, arena, &ret.quotes);
	case OPERATION_RANDOM:
		return quote_random(db, &filter, 7, arena, &ret.quote);
	case OPERATION_WALK:
		return quote_list(db, &none, &random, NULL, 200, QUOTE_WORDS_AROUND, arena, &ret.quotes);
	case OPERATION_FACET:
		return quote_facet_values(db, &filter, FACET_SPEAKER, 5, arena, &ret.values);
	case OPERATION_REVIEWS:
		return review_list(db, &query, REVIEW_TITLE, true, NULL, 50, arena, &ret.reviews);
	case OPERATION_MENTIONS:
		return mention_list(db, &mentions, NULL, 100, arena, &ret.mentions);
	case OPERATION_CHANGES:
	case OPERATIONS:
		break;
	}
	return change_list(db, 0, &start, 100, arena, &ret.changes);
}

/* Done over and over within the time of one request, each is ended, and what comes after it is not harmed. */
static void test_every_list_ends_when_its_time_is_over(void **state)
{
	struct library *library = *state;
	for (enum operation operation = 0; operation < OPERATIONS; operation++) {
		enum db_status status = DB_OK;
		struct timespec began, now;
		clock_gettime(CLOCK_MONOTONIC, &began);
		assert_int_equal(db_begin_read(library->db, 20), DB_OK);
		do {
			status = operate(library, operation);
			memset(library->db->counted, 0, sizeof(library->db->counted));
			arena_clear(&library->arena);
			clock_gettime(CLOCK_MONOTONIC, &now);
		} while (status == DB_OK && now.tv_sec - began.tv_sec < 20);
		db_end_read(library->db);
		if (status != DB_TIMEOUT)
			fail_msg("operation %d ends with %d", operation, status);
		assert_int_equal(db_begin_read(library->db, 0), DB_OK);
		assert_int_equal(operate(library, operation), DB_OK);
		db_end_read(library->db);
		arena_clear(&library->arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_quotes_are_never_sorted_where_many_fit),
		cmocka_unit_test(test_other_lists_are_never_sorted),
		cmocka_unit_test(test_a_quote_is_not_looked_for_where_counting_tells),
		cmocka_unit_test(test_quotes_take_all_conditions_in_every_order),
		cmocka_unit_test(test_every_list_ends_when_its_time_is_over),
	};
	return cmocka_run_group_tests_name("lists", tests, make_library, remove_library);
}
