// SPDX-License-Identifier: MIT
/* What serves and what imports, while memory runs out; the store by itself is in test_no_memory.c. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <stdlib.h>
#include <unistd.h>

#include "db/connection.h"
#include "schema_seed.h"
#include "server/cache.h"
#include "server/documents.h"
#include "server/exports.h"
#include "server/request.h"
#include "server/reviewd.h"
#include "tests/support/failing_memory.h"

/* Lists of quotes put their statements together anew. */
static void forget_assembled(struct db *db)
{
	for (int i = 0; i < ASSEMBLED_MAX; i++) {
		sqlite3_finalize(db->assembled[i].stmt.handle);
		db->assembled[i] = (struct assembled) { 0 };
	}
}

struct asking {
	const char *target;
	struct request_headers headers;
	unsigned long stride; /* 0: 1 */
	struct response expected;
};

static struct response ask(struct store_fixture *fixture, const struct asking *asking)
{
	static struct exports exports;
	exports.path = fixture->path;
	struct request request = { .method = "GET",
		.exports = &exports,
		.raw_target = asking->target,
		.address_bytes_max = TARGET_BYTES_MAX,
		.headers = asking->headers,
		.arena = &fixture->arena,
		.db = fixture->reader,
		.id = "boot-0-1" };
	struct response response = { 0 };
	request_begin(&request, &response);
	if (!response.status && !response.no_memory)
		request_answer(&request, &response);
	return response;
}

/* Either the answer is the one that is always given, to the last byte, or it is known not to be whole. */
static enum outcome run_request(struct store_fixture *fixture, const void *context)
{
	const struct asking *asking = context;
	const struct response *expected = &asking->expected;
	forget_assembled(fixture->reader);
	struct response response = ask(fixture, asking);
	TRIAL_EXPECT(!fixture->reader->in_read && sqlite3_get_autocommit(fixture->reader->handle));
	bool whole = response_is_whole(&response);
	if (whole) {
		TRIAL_EXPECT(response.status == expected->status);
		TRIAL_EXPECT(response.body.length == expected->body.length);
		TRIAL_EXPECT(!response.body.length ||
			     !memcmp(response.body.data, expected->body.data, response.body.length));
		TRIAL_EXPECT(response.header_count == expected->header_count);
		for (size_t i = 0; i < response.header_count; i++)
			TRIAL_EXPECT(!strcmp(response.headers[i].name, expected->headers[i].name));
	}
	response_deinit(&response);
	return whole ? AS_EVER : NO_MEMORY;
}

static const struct asking askings[] = {
	{ .target = "/v1" },
	{ .target = "/v1/characters/james-bond/quotes?limit=1" },
	{ .target = "/v1/"
		    "quotes.txt?character=bond&character=m&work=moonraker&language=nl&form=direct&about=m" },
	{ .target = "/v1/quotes?limit=1&pretty&review=moonraker-nl&review=goldfinger-en" },
	{ .target = "/v1/quotes/moonraker-nl~2" },
	{ .target = "/v1/quotes/moonraker-nl~kart" },
	{ .target = "/v1/quotes?chracter=x" },
	{ .target = "/v1/quotes?nothing=x" },
	{ .target = "/v1/quotes?form=x" },
	{ .target = "/v1/quotes?limit=x" },
	{ .target = "/v1/quotes?character=jams" },
	{ .target = "/v1/quotes?language=n%20l" },
	{ .target = "/v1/quotes?limit=1&cursor=x" },
	{ .target = "/v1/quotes?work=%zz" },
	{ .target = "/v1/%zz" },
	{ .target = "/v1/nothing" },
	{ .target = "/v1/quotes.csv?limit=2" },
	{ .target = "/v1/works.ndjson?limit=2" },
	{ .target = "/v1/quotes.csv?limit=1&fields=id,work.kind&include=work" },
	{ .target = "/v1/quotes?limit=1&sort=-length&fields=id&reviewer=x" },
	{ .target = "/v1/quotes?limit=2&sort=random&seed=7&q=bond&speaker=m" },
	{ .target = "/v1/quotes/daily?date=2026-11-25&fields=id" },
	{ .target = "/v1/quotes/moonraker-nl~2/context?chars=3&offsets=utf16" },
	{ .target = "/v1/export", .stride = 97 },
	{ .target = "/v1/facets.txt?by=form&by=speaker" },
	{ .target = "/v1/changes?limit=2&since=1" },
	{ .target = "/v1/quotes.xml" },
	{ .target = "/v1/works?limit=200", .headers = { .accept_encoding = "gzip" } },
	{ .target = "/.well-known/api-catalog" },
	{ .target = "/readyz" },
	{ .target = "/", .headers = { .accept = "text/html" } },
	{ .target = "/docs", .headers = { .accept_encoding = "gzip" }, .stride = 61 },
	{ .target = "/openapi.json?pretty", .stride = 61 },
	{ .target = "/v1/quotes/" },
	{ .target = "/v1/reviews?include=text&limit=1" },
	{ .target = "/v1/reviews/moonraker-nl.txt" },
	{ .target = "/v1/reviews/moonraker-nl/text", .headers = { .range = "bytes=1-5" } },
	{ .target = "/v1/reviews/moonraker-nl/text", .headers = { .range = "bytes=5000-" } },
	{ .target = "/v1/reviews/moonraker-nl/bundle" },
	{ .target = "/v1/reviews/moonraker-nl/mentions?limit=2" },
	{ .target = "/v1/reviews/moonraker-nl/characters?limit=1" },
	{ .target = "/v1/reviews/nte" },
	{ .target = "/v1/works?limit=2" },
	{ .target = "/v1/works/moonraker-film.txt" },
	{ .target = "/v1/works/moonraker/characters?limit=1" },
	{ .target = "/v1/people?limit=2" },
	{ .target = "/v1/people/James%20Bond" },
	{ .target = "/v1/characters/smersh" },
	{ .target = "/v1/characters/james-bond/reviews?limit=1" },
	{ .target = "/v1/characters/james-bond/mentions.txt?limit=1" },
	{ .target = "/v1/organisations/smersh" },
	{ .target = "/problems/gone" },
	{ .target = "/livez", .headers = { .accept = "text/plain, */*;q=0.1" } },
};

static void test_request_answer(void **state)
{
	struct store_fixture *fixture = *state;
	/* Not on a machine that stands still for a moment. */
	sqlite3_progress_handler(fixture->reader->handle, 0, NULL, NULL);
	for (size_t i = 0; i < sizeof(askings) / sizeof(askings[0]); i++) {
		struct asking asking = askings[i];
		asking.expected = ask(fixture, &asking);
		assert_true(response_is_whole(&asking.expected));
		sweep(fixture,
			&(struct trial) { asking.target, run_request, &asking, asking.stride ? asking.stride : 1 });
		response_deinit(&asking.expected);
	}
}

struct document_file {
	const char *path;
	size_t documents, bytes;
};

static enum outcome run_documents(struct store_fixture *fixture, const void *context)
{
	const struct document_file *expected = context;
	struct documents documents;
	enum documents_status status;
	const char *json;
	size_t length, count = 0, bytes = 0;
	uint64_t line;
	struct input input;
	enum input_status ended = input_open(&input, expected->path, -1);
	(void)fixture;
	TRIAL_EXPECT(ended == INPUT_OK || ended == INPUT_NO_MEMORY);
	if (ended != INPUT_OK)
		return NO_MEMORY;
	documents_init(&documents, &input);
	while ((status = documents_next(&documents, &json, &length, &line, &ended)) == DOCUMENTS_OK) {
		count++;
		bytes += length;
	}
	documents_deinit(&documents);
	input_close(&input);
	TRIAL_EXPECT(status == DOCUMENTS_END || status == DOCUMENTS_NO_MEMORY ||
		     (status == DOCUMENTS_INPUT && ended == INPUT_NO_MEMORY));
	if (status == DOCUMENTS_END)
		TRIAL_EXPECT(count == expected->documents && bytes == expected->bytes);
	return status == DOCUMENTS_END ? AS_EVER : NO_MEMORY;
}

static void test_documents(void **state)
{
	static const struct {
		const char *content;
		size_t documents, bytes;
	} files[] = { { "{}\n{}\n\n{}\n", 4, 9 }, { "{\n1\n2\n3\n4\n5\n6\n7\n8\n9\n}\n", 1, 22 } };
	for (size_t i = 0; i < 2; i++) {
		/* Behind them a line that is longer than the first guess at one. */
		enum { LONG = 1000 };
		char path[] = "/tmp/documents-XXXXXX";
		int fd = mkstemp(path);
		assert_true(fd >= 0);
		dprintf(fd, "%s%*s\n", files[i].content, LONG, "{}");
		close(fd);
		const struct document_file file = { path, files[i].documents, files[i].bytes + LONG + 1 };
		sweep(*state, &(struct trial) { "documents", run_documents, &file, 1 });
		unlink(path);
	}
}

/* What a status of the public header says. */
static enum outcome outcome_for_people(enum reviewd_status status, const struct reviewd_error *error)
{
	TRIAL_EXPECT(status == REVIEWD_OK || status == REVIEWD_INTERNAL);
	TRIAL_EXPECT(status == REVIEWD_OK || strstr(error->message, "memory"));
	return status == REVIEWD_OK ? AS_EVER : NO_MEMORY;
}

static enum outcome run_import(struct store_fixture *fixture, const void *context)
{
	const char *const file = context;
	const struct reviewd_import_options options = { .db = fixture->path, .files = &file, .file_count = 1 };
	const struct reviewd_import_listener listener = { 0 };
	struct reviewd_import_result result = { 0 };
	struct reviewd_error error;
	enum reviewd_status status = reviewd_import(&options, &listener, &result, &error);
	TRIAL_EXPECT(result.refused == 0);
	TRIAL_EXPECT(status != REVIEWD_OK || result.unchanged == LIBRARY_REVIEWS);
	return outcome_for_people(status, &error);
}

static enum outcome run_export(struct store_fixture *fixture, const void *context)
{
	struct reviewd_error error;
	FILE *file = *(FILE *const *)context;
	rewind(file);
	enum reviewd_status status = reviewd_export(fixture->path, NULL, file, &error);
	TRIAL_EXPECT(status != REVIEWD_OK || ftell(file) > 3000);
	return outcome_for_people(status, &error);
}

static void test_import_and_export(void **state)
{
	struct store_fixture *fixture = *state;
	char path[64];
	snprintf(path, sizeof(path), "%s/library.ndjson", fixture->folder);
	FILE *file = fopen(path, "w+");
	assert_non_null(file);
	for (size_t i = 0; i < LIBRARY_REVIEWS; i++)
		fprintf(file, "%s\n", library[i]);
	fflush(file);
	db_close(fixture->writer);
	fixture->writer = NULL;
	sweep(fixture, &(struct trial) { "import", run_import, path, 601 });
	sweep(fixture, &(struct trial) { "export", run_export, &file, 601 });
	fclose(file);
	store_fixture_prove(fixture);
}

static void free_cached(struct cached *cached)
{
	free(cached->etag);
}

/* What finds no memory is not kept, and what was kept stays or is gone. */
static enum outcome run_cache(struct store_fixture *fixture, const void *context)
{
	enum outcome outcome = AS_EVER;
	struct cache *cache = cache_new(1024 * 1024, free_cached);
	(void)fixture;
	(void)context;
	if (!cache)
		return NO_MEMORY;
	/* More than there are places at first. */
	for (int i = 0; i < 600; i++) {
		char key[16];
		size_t length = (size_t)snprintf(key, sizeof(key), "/%d", i);
		struct cached cached = { .etag = strdup(key) };
		const struct cached *found = NULL;
		if (!cached.etag || !cache_put(cache, 1, key, length, &cached)) {
			free(cached.etag);
			outcome = NO_MEMORY;
		} else {
			found = cache_find(cache, 1, key, length);
			TRIAL_EXPECT(found && !strcmp(found->etag, key));
		}
	}
	TRIAL_EXPECT(outcome == NO_MEMORY || cache_counts(cache).entries == 600);
	cache_free(cache);
	return outcome;
}

static void test_cache(void **state)
{
	sweep(*state, &(struct trial) { "cache", run_cache, NULL, 7 });
}

#define WITH_STORE(test) cmocka_unit_test_setup_teardown(test, store_fixture_library, store_fixture_remove)

int main(void)
{
	failing_memory_begin();
	const struct CMUnitTest tests[] = {
		WITH_STORE(test_request_answer),
		WITH_STORE(test_documents),
		WITH_STORE(test_import_and_export),
		WITH_STORE(test_cache),
	};
	return cmocka_run_group_tests_name("no_memory_service", tests, NULL, NULL);
}
