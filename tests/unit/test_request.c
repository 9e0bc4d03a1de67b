// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <jansson.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/connection.h"
#include "server/exports.h"
#include "server/metrics.h"
#include "server/request.h"
#include "server/routes.h"
#include "tests/support/store_fixture.h"

/* One request from its address to its answer, in the fixture's arena; the body is the caller's. */
static struct response ask_with(
	struct store_fixture *fixture, const char *method, const char *target, const struct request_headers *headers)
{
	struct metrics *metrics = metrics_new(1);
	static struct exports exports;
	exports.path = fixture->path;
	struct request request = { .method = method,
		.raw_target = target,
		.headers = *headers,
		.arena = &fixture->arena,
		.db = fixture->reader,
		.metrics = metrics,
		.exports = &exports,
		.id = "boot-0-1" };
	struct response response = { 0 };
	assert_non_null(metrics);
	request_begin(&request, &response);
	if (!response.status && !response.no_memory)
		request_answer(&request, &response);
	metrics_free(metrics);
	assert_true(response_is_whole(&response));
	assert_false(fixture->reader->in_read);
	return response;
}

/* What a source has to give, all at once. */
static void drain(struct response *response)
{
	while (response->source && response->source->more(response->source, &response->body) == BODY_SOURCE_MORE)
		;
}

static struct response ask(struct store_fixture *fixture, const char *target)
{
	return ask_with(fixture, "GET", target, &(struct request_headers) { 0 });
}

/* The path of a route with something of the library for {id}. */
static const char *path_of(struct store_fixture *fixture, const struct route *route)
{
	static const struct {
		const char *prefix, *id;
	} ids[] = { { "/problems/", "gone" }, { "/v1/characters/", "james-bond" }, { "/v1/people/", "ian-fleming" },
		{ "/v1/organisations/", "smersh" }, { "/v1/quotes/", "moonraker-nl~kaart" },
		{ "/v1/reviews/", "moonraker-nl" }, { "/v1/works/", "moonraker" } };
	const char *id = strchr(route->path, '{');
	if (!id)
		return route->path;
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		if (!strncmp(route->path, ids[i].prefix, strlen(ids[i].prefix)))
			return arena_printf(&fixture->arena, "%.*s%s%s", (int)(id - route->path), route->path,
				ids[i].id, strchr(id, '}') + 1);
	}
	fail_msg("no id for %s", route->path);
	return NULL;
}

/* The query without which a path answers nothing, with `?` in front, or "". */
static const char *query_of(const struct route *route)
{
	static const struct {
		const char *path, *query;
	} queries[] = { { "/v1/search", "?q=bond" }, { "/v1/suggest", "?q=m" }, { "/v1/verify", "?text=kraait" } };
	for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
		if (!strcmp(route->path, queries[i].path))
			return queries[i].query;
	}
	return "";
}

static bool is_json(const struct buffer *body)
{
	json_t *json = json_loadb(body->data, body->length, JSON_REJECT_DUPLICATES, NULL);
	json_decref(json);
	return json != NULL;
}

/* Whatever the table has is answered in each of its formats, and not again to whom has it already. */
static void test_every_route_answers_in_every_format(void **state)
{
	struct store_fixture *fixture = *state;
	for (size_t i = 0; i < route_count; i++) {
		for (int f = 0; f < FORMATS; f++) {
			bool is_read = routes[i].method == METHOD_GET;
			if (!is_read || !(routes[i].formats & 1u << f) || !strcmp(routes[i].path, "/"))
				continue;
			store_fixture_reading(state);
			const char *path = path_of(fixture, &routes[i]);
			bool has_suffix = format_names[f] && !strstr(path, ".json");
			const char *target = arena_printf(&fixture->arena, "%s%s%s%s", path, has_suffix ? "." : "",
				has_suffix ? format_names[f] : "", query_of(&routes[i]));
			struct response response = ask(fixture, target);
			if (response.status != 200)
				fail_msg("%s: %u %s", target, response.status, response.body.data);
			assert_string_equal(response_find(&response, "Content-Type"), format_types[f]);
			assert_string_equal(response_find(&response, "Vary"),
				format_names[f] ? "Accept-Encoding" : "Accept, Accept-Encoding");
			drain(&response);
			assert_true(response.body.length > 0 || strcmp(routes[i].name, "export") != 0);
			if (format_is_json((enum format)f))
				assert_true(is_json(&response.body));
			const char *etag = response_find(&response, "ETag");
			response_deinit(&response);
			bool is_by_chance = !strcmp(routes[i].name, "quote_random");
			assert_int_equal(etag != NULL, route_says(&routes[i], 304) && !is_by_chance);
			if (!etag)
				continue;
			response =
				ask_with(fixture, "GET", target, &(struct request_headers) { .if_none_match = etag });
			assert_int_equal(response.status, 304);
			assert_int_equal(response.body.length, 0);
			assert_string_equal(response_find(&response, "ETag"), etag);
			response_deinit(&response);
		}
	}
}

/* The library knows only where a list starts; each page says where the next one does. */
static void expect_walk(struct store_fixture *fixture, const char *path, const char *query)
{
	char seen[64][40];
	size_t count = 0, total = 0;
	const char *next = arena_printf(&fixture->arena, "%s%s%climit=1", path, query, *query ? '&' : '?');
	while (next) {
		struct response response = ask(fixture, next);
		assert_int_equal(response.status, 200);
		json_t *json = json_loadb(response.body.data, response.body.length, 0, NULL);
		json_t *page = json_object_get(json, "page"), *data = json_object_get(json, "data");
		assert_true(json_is_array(data) && json_is_object(page));
		total = (size_t)json_integer_value(json_object_get(page, "total"));
		const char *path_of_next = json_string_value(json_object_get(page, "next"));
		next = arena_strdup(&fixture->arena, path_of_next);
		const char *link = response_find(&response, "Link");
		assert_int_equal(link != NULL, next != NULL);
		if (next)
			assert_string_equal(link, arena_printf(&fixture->arena, "<%s>; rel=\"next\"", next));
		char *item = json_dumps(json_array_get(data, 0), JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
		if (item) {
			assert_true(count < 64);
			/* Items differ, so that a hash of each is enough to see one twice. */
			uint64_t hash = 5381;
			for (const char *c = item; *c; c++)
				hash = hash * 33 ^ (unsigned char)*c;
			snprintf(seen[count], sizeof(seen[count]), "%llx", (unsigned long long)hash);
			for (size_t i = 0; i < count; i++)
				assert_string_not_equal(seen[i], seen[count]);
			count++;
		}
		free(item);
		json_decref(json);
		response_deinit(&response);
	}
	if (count != total)
		fail_msg("%s: %zu of %zu", path, count, total);
}

static void test_every_list_gives_each_item_once(void **state)
{
	struct store_fixture *fixture = *state;
	size_t lists = 0;
	for (size_t i = 0; i < route_count; i++) {
		if (!(routes[i].params & PARAM_BIT(PARAM_CURSOR)))
			continue;
		store_fixture_reading(state);
		expect_walk(fixture, path_of(fixture, &routes[i]), query_of(&routes[i]));
		lists++;
	}
	assert_true(lists > 15);
}

static void test_a_cursor_belongs_to_one_list(void **state)
{
	struct store_fixture *fixture = store_fixture_reading(state);
	struct response response = ask(fixture, "/v1/quotes?limit=1&form=direct");
	json_t *json = json_loadb(response.body.data, response.body.length, 0, NULL);
	const char *next = json_string_value(json_object_get(json_object_get(json, "page"), "next"));
	const char *cursor = strstr(next, "cursor=");
	static const char *const others[] = { "/v1/quotes?", "/v1/quotes?form=pull&", "/v1/reviews?",
		"/v1/quotes?form=direct&form=pull&", "/v1/characters/james-bond/quotes?form=direct&" };
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		char target[256];
		snprintf(target, sizeof(target), "%s%s", others[i], cursor);
		struct response refused = ask(fixture, target);
		assert_int_equal(refused.status, 400);
		assert_non_null(strstr(refused.body.data, "\"code\":\"invalid-cursor\""));
		response_deinit(&refused);
	}
	/* How long a page is, and how it looks, are no matter of the list. */
	struct response other = ask(fixture, arena_printf(&fixture->arena, "%s&pretty", strstr(next, "/v1")));
	assert_int_equal(other.status, 200);
	response_deinit(&other);
	json_decref(json);
	response_deinit(&response);
}

/* Numbers that no list gave, behind the right binding. */
static void test_a_cursor_that_was_made_up_is_refused(void **state)
{
	struct store_fixture *fixture = store_fixture_reading(state);
	static const char *const lists[] = { "/v1/quotes?limit=1", "/v1/reviews/moonraker-nl/mentions?limit=1",
		"/v1/reviews/moonraker-nl/characters?limit=1", "/v1/characters/james-bond/reviews?limit=1" };
	static const char *const made_up[] = { "x", "-1", "1x", "99999999999999999999", "+1", "", "%201" };
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		struct response response = ask(fixture, lists[i]);
		const char *link = response_find(&response, "Link");
		assert_non_null(link);
		const char *cursor = strstr(link, "cursor=");
		for (size_t m = 0; m < sizeof(made_up) / sizeof(made_up[0]); m++) {
			const char *target = arena_printf(&fixture->arena, "%s&%.*s%s", lists[i],
				(int)strlen("cursor=01234567."), cursor, made_up[m]);
			struct response refused = ask(fixture, target);
			if (refused.status != 400 || !strstr(refused.body.data, "\"code\":\"invalid-cursor\""))
				fail_msg("%s: %u", target, refused.status);
			response_deinit(&refused);
		}
		response_deinit(&response);
	}
}

static const struct {
	const char *method, *target, *accept;
	unsigned status;
	const char *said; /* in the body, or NULL */
} questions[] = {
	{ "GET", "/", NULL, 302, "/v1" },
	{ "HEAD", "/v1", NULL, 200, "reviewd" },
	{ "OPTIONS", "/v1/quotes", NULL, 204, NULL },
	{ "OPTIONS", "*", NULL, 204, NULL },
	{ "OPTIONS", "/nothing", NULL, 404, "not-found" },
	{ "GET", "*", NULL, 400, "invalid-request" },
	{ "GET", "v1", NULL, 400, "invalid-request" },
	{ "GET", "/v1/%zz", NULL, 400, "invalid-request" },
	{ "BREW", "/v1", NULL, 501, "not-implemented" },
	{ "get", "/v1", NULL, 501, "not-implemented" },
	{ "DELETE", "/v1/quotes", NULL, 405, "method-not-allowed" },
	{ "TRACE", "/v1", NULL, 405, "method-not-allowed" },
	{ "POST", "/v1/reviews/note", NULL, 405, "only GET, HEAD, OPTIONS, DELETE, PUT" },
	{ "OPTIONS", "/v1/reviews/note", NULL, 204, NULL },
	{ "GET", "/nothing", NULL, 404, "not-found" },
	{ "GET", "/v1/quotes/", NULL, 308, "/v1/quotes" },
	{ "GET", "/v1/quotes/?limit=1", NULL, 308, "/v1/quotes?limit=1" },
	{ "GET", "/v1/quotes.xml", NULL, 406, "not-acceptable" },
	{ "GET", "/v1.csv", NULL, 406, ".json (application/json), .txt (text/plain)" },
	{ "GET", "/v1/quotes", "image/png", 406, "not-acceptable" },
	{ "GET", "/v1/reviews/moonraker-nl/text.json", NULL, 406, ".txt (text/plain)" },
	{ "GET", "/v1/reviews/moonraker-nl/bundle.txt", NULL, 406, ".json (application/json)" },
	{ "GET", "/v1/quotes?limt=1", NULL, 400, "\"nearest\":[\"limit\"]" },
	{ "GET", "/v1/quotes.txt?limt=1", NULL, 400, "400 Unknown parameter" },
	{ "GET", "/v1/quotes?limit=1&cursor=abc", NULL, 400, "invalid-cursor" },
	{ "GET", "/v1/quotes?language=n+l", NULL, 400, "no language tag" },
	{ "GET", "/v1/quotes?character=jams+bond", NULL, 404, "james-bond" },
	{ "GET", "/v1/quotes?character=smersh", NULL, 404, "there is no character 'smersh'" },
	{ "GET", "/v1/quotes?work=moonraka", NULL, 404, "moonraker" },
	{ "GET", "/v1/quotes?review=nate", NULL, 404, "note" },
	{ "GET", "/v1/characters/007", NULL, 302, "/v1/characters/james-bond" },
	{ "GET", "/v1/characters/Mr%20Bond/quotes.txt?limit=1", NULL, 302,
		"/v1/characters/james-bond/quotes.txt?limit=1" },
	{ "GET", "/v1/characters/smersh", NULL, 404, "see /v1/organisations/smersh" },
	{ "GET", "/v1/characters/jams-bond", NULL, 404, "\"nearest\":[\"james-bond\"" },
	{ "GET", "/v1/people/James+Bond", NULL, 302, "james-bond-ornithologist" },
	{ "GET", "/v1/quotes/moonraker-nl~kart", NULL, 404, "moonraker-nl~kaart" },
	{ "GET", "/v1/quotes/monraker-nl~kaart", NULL, 404, "there is no review 'monraker-nl'" },
	{ "GET", "/v1/quotes/moonraker-nl", NULL, 404, "not-found" },
	{ "GET", "/v1/reviews/notes", NULL, 404, "\"nearest\":[\"note\"]" },
	{ "GET", "/v1/works/moonraker-fim.txt", NULL, 404, "(near: moonraker-film, moonraker)" },
	{ "GET", "/problems/nothing", NULL, 404, "there is no problem 'nothing'" },
};

/* What Allow says of a target: the methods of its path, or of all paths. */
static const char *allowed(const char *target)
{
	if (!strcmp(target, "*"))
		return "GET, HEAD, OPTIONS, DELETE, POST, PUT";
	return strcmp(target, "/v1/reviews/note") ? "GET, HEAD, OPTIONS" : "GET, HEAD, OPTIONS, DELETE, PUT";
}

static void test_every_status_of_a_read(void **state)
{
	for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++) {
		struct store_fixture *fixture = store_fixture_reading(state);
		struct response response = ask_with(fixture, questions[i].method, questions[i].target,
			&(struct request_headers) { .accept = questions[i].accept });
		const char *said = questions[i].said;
		if (response.status != questions[i].status ||
			(said && (!response.body.data || !strstr(response.body.data, said))))
			fail_msg("%s %s: %u %s", questions[i].method, questions[i].target, response.status,
				response.body.data);
		if (response.status == 405 || response.status == 204)
			assert_string_equal(response_find(&response, "Allow"), allowed(questions[i].target));
		if (response.status == 302 || response.status == 308)
			assert_non_null(response_find(&response, "Location"));
		response_deinit(&response);
	}
}

static void test_a_shared_name_gives_the_choices(void **state)
{
	struct store_fixture *fixture = *state;
	store_fixture_put(fixture, "{\"id\":\"r\",\"text\":\"x\",\"agents\":[{\"id\":\"other-m\",\"name\":\"M\","
				   "\"aliases\":[\"Moeder\"]}]}");
	struct response response = ask(fixture, "/v1/characters/%4D");
	/* An id goes before a name. */
	assert_int_equal(response.status, 300);
	assert_non_null(strstr(response.body.data, "\"id\":\"m\""));
	assert_non_null(strstr(response.body.data, "\"aliases\":[\"Moeder\"]"));
	assert_non_null(strstr(response.body.data, "\"total\":2"));
	response_deinit(&response);
	response = ask(fixture, "/v1/characters/m");
	assert_int_equal(response.status, 200);
	response_deinit(&response);
	response = ask(fixture, "/v1/characters/M.txt");
	assert_int_equal(response.status, 300);
	assert_string_equal(response.body.data, "m\tM\nother-m\tM\n");
	response_deinit(&response);
}

static void test_what_was_deleted_is_gone(void **state)
{
	struct store_fixture *fixture = *state;
	store_fixture_damage(fixture, "INSERT INTO change VALUES (0, 'old', 1, 1, '2000-01-01T00:00:00Z'), (1, 'old', "
				      "1, 1, ''), (2, 'old', 1, 1, '')");
	static const char *const targets[] = { "/v1/reviews/old", "/v1/characters/old", "/v1/works/old/quotes",
		"/v1/quotes/old~1", "/v1/reviews/old/bundle" };
	for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
		struct response response = ask(fixture, targets[i]);
		assert_int_equal(response.status, 410);
		response_deinit(&response);
	}
}

static void test_an_etag_changes_with_the_store_and_the_form(void **state)
{
	struct store_fixture *fixture = *state;
	static const char *const targets[] = { "/v1/quotes.json", "/v1/quotes.txt", "/v1/quotes", "/v1/quotes?pretty=1",
		"/v1/reviews" };
	const char *etags[5];
	for (size_t i = 0; i < 5; i++) {
		struct response response = ask(fixture, targets[i]);
		etags[i] = arena_strdup(&fixture->arena, response_find(&response, "ETag"));
		response_deinit(&response);
		for (size_t other = 0; other < i; other++)
			assert_string_not_equal(etags[i], etags[other]);
	}
	store_fixture_put(fixture, "{\"id\":\"r\",\"text\":\"x\"}");
	struct response response = ask(fixture, targets[0]);
	assert_string_not_equal(response_find(&response, "ETag"), etags[0]);
	response_deinit(&response);
}

/* RFC 9110, section 13.1.2. */
static void test_if_none_match_is_a_list(void **state)
{
	struct store_fixture *fixture = store_fixture_reading(state);
	struct response response = ask(fixture, "/v1");
	const char *etag = response_find(&response, "ETag");
	response_deinit(&response);
	const struct {
		const char *list;
		unsigned status;
	} cases[] = {
		{ etag, 304 },
		{ arena_printf(&fixture->arena, "W/%s", etag), 304 },
		{ arena_printf(&fixture->arena, "\"a\", %s", etag), 304 },
		{ arena_printf(&fixture->arena, "\"a,b\",%s ,\"c\"", etag), 304 },
		{ arena_printf(&fixture->arena, " , W/\"x\" ,W/%s", etag), 304 },
		{ "*", 304 },
		{ " *", 304 },
		{ "\"a\"", 200 },
		{ "", 200 },
		{ "\"", 200 },
		{ arena_printf(&fixture->arena, "%.*s", (int)strlen(etag) - 1, etag), 200 },
		{ arena_printf(&fixture->arena, "x%s", etag), 200 },
		{ arena_printf(&fixture->arena, "%sx", etag), 200 },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		response =
			ask_with(fixture, "GET", "/v1", &(struct request_headers) { .if_none_match = cases[i].list });
		if (response.status != cases[i].status)
			fail_msg("If-None-Match: %s", cases[i].list);
		response_deinit(&response);
	}
	/* What is not there has no representation that `*` could fit. */
	response = ask_with(fixture, "GET", "/v1/reviews/none", &(struct request_headers) { .if_none_match = "*" });
	assert_int_equal(response.status, 404);
	response_deinit(&response);
}

static void test_a_part_of_a_text(void **state)
{
	struct store_fixture *fixture = store_fixture_reading(state);
	struct response response = ask(fixture, "/v1/reviews/moonraker-nl/text");
	const char *etag = response_find(&response, "ETag");
	size_t length = response.body.length;
	response_deinit(&response);
	const struct {
		const char *range, *if_range;
		unsigned status;
		size_t length;
	} cases[] = { { "bytes=0-0", NULL, 206, 1 }, { "bytes=-5", etag, 206, 5 },
		{ "bytes=1-", "\"other\"", 200, length }, { "bytes=99999-", NULL, 416, 0 },
		{ "lines=1-2", NULL, 200, length } };
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		response = ask_with(fixture, "GET", "/v1/reviews/moonraker-nl/text",
			&(struct request_headers) { .range = cases[i].range, .if_range = cases[i].if_range });
		assert_int_equal(response.status, cases[i].status);
		if (cases[i].length)
			assert_int_equal(response.body.length, cases[i].length);
		response_deinit(&response);
	}
}

static int end_at_once(void *context)
{
	(void)context;
	return 1;
}

static void expect_fault(struct store_fixture *fixture, const char *target, unsigned status, const char *code)
{
	store_fixture_log();
	struct response response = ask(fixture, target);
	store_fixture_unlog();
	assert_int_equal(response.status, status);
	assert_non_null(strstr(response.body.data, code));
	/* The log ties the answer to the request. */
	char line[256];
	snprintf(line, sizeof(line), "request boot-0-1: GET %s: failed\n", target);
	assert_non_null(strstr(logged, line));
	if (status == 503)
		assert_string_equal(response_find(&response, "Retry-After"), "1");
	response_deinit(&response);
}

static void test_a_question_that_takes_too_long_is_ended(void **state)
{
	struct store_fixture *fixture = *state;
	sqlite3_progress_handler(fixture->reader->handle, 1, end_at_once, NULL);
	expect_fault(fixture, "/v1/quotes", 503, "query-timeout");
	sqlite3_progress_handler(fixture->reader->handle, 0, NULL, NULL);
	struct response response = ask(fixture, "/v1/quotes");
	assert_int_equal(response.status, 200);
	response_deinit(&response);
}

/* A store that somebody broke while it is served: a fault for what is broken, and answers to all else. */
static void test_a_broken_store_is_an_internal_error(void **state)
{
	struct store_fixture *fixture = *state;
	store_fixture_damage(fixture, "UPDATE quote SET spans = '0 5000 0 5000' WHERE quote_id = 1048576");
	expect_fault(fixture, "/v1/quotes/moonraker-nl~kaart", 500, "internal");
	expect_fault(fixture, "/v1/quotes", 500, "internal");
	struct response response = ask(fixture, "/v1/quotes/moonraker-nl~2");
	assert_int_equal(response.status, 200);
	response_deinit(&response);
	store_fixture_damage(fixture, "DELETE FROM store");
	expect_fault(fixture, "/v1", 500, "internal");
	response = ask(fixture, "/livez");
	assert_int_equal(response.status, 200);
	response_deinit(&response);
}

static void test_a_refused_request_closes_the_connection(void **state)
{
	struct store_fixture *fixture = store_fixture_reading(state);
	struct response response = ask(fixture, "/v1/%00");
	assert_int_equal(response.status, 400);
	assert_true(response.close);
	response_deinit(&response);
	response = ask(fixture, "/v1?x=1");
	assert_int_equal(response.status, 400);
	assert_false(response.close);
	response_deinit(&response);
}

static void test_an_answer_by_accept_says_that_it_varies(void **state)
{
	struct store_fixture *fixture = store_fixture_reading(state);
	struct response response =
		ask_with(fixture, "GET", "/v1/quotes", &(struct request_headers) { .accept = "text/plain" });
	assert_string_equal(response_find(&response, "Vary"), "Accept, Accept-Encoding");
	assert_string_equal(response_find(&response, "Content-Type"), "text/plain; charset=utf-8");
	response_deinit(&response);
}

/* No question takes too long, however slow the machine is at the moment. */
static int set_up(void **state)
{
	store_fixture_library(state);
	const struct store_fixture *fixture = *state;
	sqlite3_progress_handler(fixture->reader->handle, 0, NULL, NULL);
	return 0;
}

#define WITH_STORE(test) cmocka_unit_test_setup_teardown(test, set_up, store_fixture_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_route_answers_in_every_format),
		cmocka_unit_test(test_every_list_gives_each_item_once),
		cmocka_unit_test(test_a_cursor_belongs_to_one_list),
		cmocka_unit_test(test_a_cursor_that_was_made_up_is_refused),
		cmocka_unit_test(test_every_status_of_a_read),
		WITH_STORE(test_a_shared_name_gives_the_choices),
		WITH_STORE(test_what_was_deleted_is_gone),
		WITH_STORE(test_an_etag_changes_with_the_store_and_the_form),
		cmocka_unit_test(test_if_none_match_is_a_list),
		cmocka_unit_test(test_a_part_of_a_text),
		WITH_STORE(test_a_question_that_takes_too_long_is_ended),
		WITH_STORE(test_a_broken_store_is_an_internal_error),
		cmocka_unit_test(test_a_refused_request_closes_the_connection),
		cmocka_unit_test(test_an_answer_by_accept_says_that_it_varies),
	};
	return cmocka_run_group_tests_name("request", tests, set_up, store_fixture_remove);
}
