// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "db/bundle.h"
#include "server/format.h"
#include "server/json/items_json.h"
#include "server/router.h"
#include "server/routes.h"

static void test_routes_stand_in_the_order_of_their_paths_and_methods(void **state)
{
	(void)state;
	assert_true(route_count > 0);
	for (size_t i = 1; i < route_count; i++) {
		int order = strcmp(routes[i - 1].path, routes[i].path);
		assert_true(order < 0 || (!order && routes[i - 1].method < routes[i].method));
	}
}

static void test_every_route_is_complete(void **state)
{
	(void)state;
	for (size_t i = 0; i < route_count; i++) {
		const struct route *route = &routes[i];
		assert_non_null(route->handler);
		assert_true(route->name && *route->name);
		assert_true(route->about && *route->about);
		assert_true(route->formats > 0 && route->formats < 1u << FORMATS);
		assert_true(route->params < (uint64_t)1 << PARAMS);
		assert_int_equal(route->path[0], '/');
		/* A path ends without a slash, and has one id at most. */
		size_t length = strlen(route->path);
		assert_true(length == 1 || route->path[length - 1] != '/');
		const char *id = strchr(route->path, '{');
		assert_true(!id || !strchr(id + 1, '{'));
	}
}

static void test_the_three_kinds_of_agents_have_the_same_paths(void **state)
{
	(void)state;
	size_t counts[AGENT_KINDS] = { 0 };
	for (size_t i = 0; i < route_count; i++) {
		const struct route *route = &routes[i];
		for (int kind = 0; kind < AGENT_KINDS; kind++) {
			char path[64];
			snprintf(path, sizeof(path), "/v1/%s", agent_kind_paths[kind]);
			if (strncmp(route->path, path, strlen(path)) != 0)
				continue;
			assert_int_equal(route->kind, kind);
			counts[kind]++;
		}
	}
	assert_true(counts[0] > 0);
	assert_int_equal(counts[0], counts[1]);
	assert_int_equal(counts[0], counts[2]);
}

/* Each row is found by its own path, and by none of the others. */
static void test_every_route_is_found_by_its_path(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	for (size_t i = 0; i < route_count; i++) {
		struct target target;
		const char *reason;
		char path[128] = "";
		for (const char *c = routes[i].path; *c; c++) {
			size_t at = strlen(path);
			if (*c == '{') {
				snprintf(path + at, sizeof(path) - at, "some-id");
				c = strchr(c, '}');
			} else {
				snprintf(path + at, sizeof(path) - at, "%c", *c);
			}
		}
		size_t id;
		assert_true(target_parse(path, &arena, &target, &reason));
		const char *last = target.segment_count ? target.segments[target.segment_count - 1] : "";
		unsigned methods;
		assert_ptr_equal(
			router_find(routes, route_count, &target, strlen(last), (int)routes[i].method, &methods, &id),
			&routes[i]);
		assert_true(methods & 1u << routes[i].method);
		assert_int_equal(id < target.segment_count, strchr(routes[i].path, '{') != NULL);
	}
	arena_deinit(&arena);
}

/* A path that names a thing takes no filter by the same thing. */
static void test_no_route_takes_what_its_path_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < route_count; i++) {
		uint64_t params = routes[i].params;
		if (!strncmp(routes[i].path, "/v1/reviews/{id}/", 17))
			assert_false(params & PARAM_BIT(PARAM_REVIEW));
		if (!strncmp(routes[i].path, "/v1/works/{id}/", 15))
			assert_false(params & PARAM_BIT(PARAM_WORK));
		for (int kind = 0; kind < AGENT_KINDS; kind++) {
			char path[64];
			snprintf(path, sizeof(path), "/v1/%s/{id}/", agent_kind_paths[kind]);
			/* Of reviews, others may stand there as well. */
			if (!strncmp(routes[i].path, path, strlen(path)) && routes[i].reply != SHAPE_REVIEW_LIST)
				assert_false(params & (PARAM_BIT(PARAM_CHARACTER) | PARAM_BIT(PARAM_PERSON) |
							      PARAM_BIT(PARAM_SPEAKER)));
		}
	}
}

static void test_every_parameter_is_complete_and_in_order(void **state)
{
	(void)state;
	for (int p = 0; p < PARAMS; p++) {
		const struct param_spec *spec = &param_specs[p];
		assert_true(spec->name && *spec->name);
		assert_true(spec->about && *spec->about);
		assert_int_equal(spec->kind == PARAM_CHOICE, spec->choices != NULL);
		assert_int_equal(spec->kind == PARAM_NUMBER, spec->max > 0);
		if (p)
			assert_true(strcmp(param_specs[p - 1].name, spec->name) < 0);
		uint64_t taken = 0;
		for (size_t i = 0; i < route_count; i++)
			taken |= routes[i].params;
		assert_true(taken & PARAM_BIT(p));
	}
}

static void expect_choices(enum param param, const char *const *names, size_t count)
{
	const char *const *choices = param_specs[param].choices;
	for (size_t i = 0; i < count; i++)
		assert_string_equal(choices[i], names[i]);
	assert_null(choices[count]);
}

/* The index of a choice is the number of the enumeration. */
static void test_the_choices_are_the_words_of_the_bundle(void **state)
{
	(void)state;
	expect_choices(PARAM_FORM, quote_form_names, QUOTE_FORMS);
	expect_choices(PARAM_ATTRIBUTION, attribution_names, ATTRIBUTIONS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_routes_stand_in_the_order_of_their_paths_and_methods),
		cmocka_unit_test(test_every_route_is_complete),
		cmocka_unit_test(test_the_three_kinds_of_agents_have_the_same_paths),
		cmocka_unit_test(test_every_route_is_found_by_its_path),
		cmocka_unit_test(test_no_route_takes_what_its_path_says),
		cmocka_unit_test(test_every_parameter_is_complete_and_in_order),
		cmocka_unit_test(test_the_choices_are_the_words_of_the_bundle),
	};
	return cmocka_run_group_tests_name("routes", tests, NULL, NULL);
}
