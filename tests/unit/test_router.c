// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "server/router.h"
#include "server/routes.h"

static int set_up(void **state)
{
	static struct arena arena;
	*state = &arena;
	return 0;
}

static int tear_down(void **state)
{
	arena_deinit(*state);
	return 0;
}

/* A table of paths alone. */
static const struct route table[] = {
	{ .path = "/" },
	{ .path = "/livez" },
	{ .path = "/v1" },
	{ .path = "/v1/quotes" },
	{ .path = "/v1/quotes/random" },
	{ .path = "/v1/quotes/{id}" },
	{ .path = "/v1/quotes/{id}/context" },
	{ .path = "/v1/{id}/quotes" },
};
enum { ROWS = sizeof(table) / sizeof(table[0]) };

/* The path of the row that is found, the last segment without `suffix`; "" for none. */
static const char *find(void **state, const char *raw, const char *suffix, size_t *ret_id)
{
	struct target target;
	const char *reason;
	assert_true(target_parse(raw, *state, &target, &reason));
	const char *last = target.segment_count ? target.segments[target.segment_count - 1] : "";
	unsigned methods;
	const struct route *row =
		router_find(table, ROWS, &target, strlen(last) - strlen(suffix), METHOD_GET, &methods, ret_id);
	return row ? row->path : "";
}

static void expect_row(void **state, const char *raw, const char *path, size_t id)
{
	size_t found;
	assert_string_equal(find(state, raw, "", &found), path);
	assert_int_equal(found, id);
}

static void expect_nothing(void **state, const char *raw)
{
	size_t id;
	assert_string_equal(find(state, raw, "", &id), "");
}

static void test_a_literal_path_is_found(void **state)
{
	expect_row(state, "/", "/", 0);
	expect_row(state, "/livez", "/livez", 1);
	expect_row(state, "/v1", "/v1", 1);
	expect_row(state, "/v1/quotes", "/v1/quotes", 2);
	expect_row(state, "/v1/quotes/", "/v1/quotes", 2);
	/* Two spellings of one path (RFC 3986, section 6.2.2.2). */
	expect_row(state, "/%76%31/quotes", "/v1/quotes", 2);
}

static void test_an_id_stands_for_one_segment(void **state)
{
	expect_row(state, "/v1/quotes/a~1", "/v1/quotes/{id}", 2);
	expect_row(state, "/v1/quotes/a%2Fb", "/v1/quotes/{id}", 2);
	expect_row(state, "/v1/quotes/a/context", "/v1/quotes/{id}/context", 2);
	expect_row(state, "/v1/x/quotes", "/v1/{id}/quotes", 1);
	expect_nothing(state, "/v1/quotes/a/b");
	expect_nothing(state, "/v1/quotes/a/context/b");
	expect_nothing(state, "/v1/quotes//context");
	expect_nothing(state, "/v1/quotes//");
}

static void test_a_literal_goes_before_an_id(void **state)
{
	expect_row(state, "/v1/quotes/random", "/v1/quotes/random", 3);
	expect_row(state, "/v1/quotes/randomly", "/v1/quotes/{id}", 2);
	expect_row(state, "/v1/quotes/Random", "/v1/quotes/{id}", 2);
	/* Both rows have an id here; the first one in the table wins. */
	expect_row(state, "/v1/quotes/quotes", "/v1/quotes/{id}", 2);
}

static void test_the_order_of_the_table_is_no_matter(void **state)
{
	static const struct route reversed[] = { { .path = "/v1/{id}" }, { .path = "/v1/quotes" },
		{ .path = "/v1/{id}" } };
	struct target target;
	const char *reason;
	size_t id;
	unsigned methods;
	assert_true(target_parse("/v1/quotes", *state, &target, &reason));
	assert_ptr_equal(router_find(reversed, 3, &target, 6, METHOD_GET, &methods, &id), &reversed[1]);
	assert_int_equal(id, 2);
}

static void test_what_is_no_path_of_the_table_is_not_found(void **state)
{
	static const char *const paths[] = { "/v", "/v1x", "/v2", "/V1", "/v1/quote", "/v1/quotesx", "/quotes",
		"/v1/v1", "/livez/v1", "/a/b/c/d/e/f/g/h", "/1/2/3/4/5/6/7/8/9", "/{id}", "/v1//quotes" };
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		expect_nothing(state, paths[i]);
}

static void test_a_suffix_is_no_part_of_the_path(void **state)
{
	size_t id;
	assert_string_equal(find(state, "/v1/quotes.txt", ".txt", &id), "/v1/quotes");
	assert_string_equal(find(state, "/v1.json", ".json", &id), "/v1");
	assert_string_equal(find(state, "/v1/quotes/random.txt", ".txt", &id), "/v1/quotes/random");
	assert_string_equal(find(state, "/v1/quotes/a.txt", ".txt", &id), "/v1/quotes/{id}");
	assert_int_equal(id, 2);
	assert_string_equal(find(state, "/v1/quotes.txt", "", &id), "");
	/* The suffix is the last segment's alone. */
	assert_string_equal(find(state, "/v1/quotes.txt/context", ".txt", &id), "");
	assert_string_equal(find(state, "/v1/quotes/.txt", ".txt", &id), "");
}

static void test_an_empty_table_has_no_path(void **state)
{
	struct target target;
	const char *reason;
	size_t id;
	unsigned methods;
	assert_true(target_parse("/", *state, &target, &reason));
	assert_null(router_find(table, 0, &target, 0, METHOD_GET, &methods, &id));
	assert_int_equal(methods, 0);
}

/* The row of a method, and all methods of a path, also where a path with an id fits as well. */
static void test_a_path_has_a_row_for_each_method(void **state)
{
	static const struct route rows[] = {
		{ .path = "/v1/quotes" },
		{ .path = "/v1/quotes", .method = METHOD_POST },
		{ .path = "/v1/quotes/random" },
		{ .path = "/v1/quotes/{id}" },
		{ .path = "/v1/quotes/{id}", .method = METHOD_DELETE },
		{ .path = "/v1/quotes/{id}", .method = METHOD_PUT },
	};
	static const struct {
		const char *path;
		int method;
		const struct route *row;
		unsigned methods;
	} cases[] = {
		{ "/v1/quotes", METHOD_GET, &rows[0], 1u << METHOD_GET | 1u << METHOD_POST },
		{ "/v1/quotes", METHOD_POST, &rows[1], 1u << METHOD_GET | 1u << METHOD_POST },
		{ "/v1/quotes", METHOD_PUT, &rows[0], 1u << METHOD_GET | 1u << METHOD_POST },
		{ "/v1/quotes", -1, &rows[0], 1u << METHOD_GET | 1u << METHOD_POST },
		{ "/v1/quotes/x", METHOD_PUT, &rows[5], 1u << METHOD_GET | 1u << METHOD_DELETE | 1u << METHOD_PUT },
		{ "/v1/quotes/x", METHOD_GET, &rows[3], 1u << METHOD_GET | 1u << METHOD_DELETE | 1u << METHOD_PUT },
		{ "/v1/quotes/random", METHOD_PUT, &rows[2], 1u << METHOD_GET },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct target target;
		const char *reason;
		size_t id;
		unsigned methods;
		assert_true(target_parse(cases[i].path, *state, &target, &reason));
		size_t length = strlen(target.segments[target.segment_count - 1]);
		assert_ptr_equal(router_find(rows, sizeof(rows) / sizeof(rows[0]), &target, length, cases[i].method,
					 &methods, &id),
			cases[i].row);
		assert_int_equal(methods, cases[i].methods);
	}
}

#define WITH_ARENA(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_ARENA(test_a_literal_path_is_found),
		WITH_ARENA(test_an_id_stands_for_one_segment),
		WITH_ARENA(test_a_literal_goes_before_an_id),
		WITH_ARENA(test_the_order_of_the_table_is_no_matter),
		WITH_ARENA(test_what_is_no_path_of_the_table_is_not_found),
		WITH_ARENA(test_a_suffix_is_no_part_of_the_path),
		WITH_ARENA(test_an_empty_table_has_no_path),
		WITH_ARENA(test_a_path_has_a_row_for_each_method),
	};
	return cmocka_run_group_tests_name("router", tests, NULL, NULL);
}
