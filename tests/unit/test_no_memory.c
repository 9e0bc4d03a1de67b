// SPDX-License-Identifier: MIT
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

#include "db/bundle_get.h"
#include "db/check.h"
#include "db/connection.h"
#include "db/word_forms.h"
#include "schema_seed.h"
#include "server/json/bundle_read.h"
#include "server/json/bundle_write.h"
#include "tests/support/failing_memory.h"

static enum outcome outcome_of(enum db_status status)
{
	TRIAL_EXPECT(status == DB_OK || status == DB_NO_MEMORY);
	return status == DB_OK ? AS_EVER : NO_MEMORY;
}

/* The bundle as JSON, written while memory is plenty. */
static bool is_written_as(const struct bundle *bundle, const char *expected)
{
	bool was_on = failing_memory_pause();
	struct buffer buffer = { 0 };
	struct out out;
	out_init(&out, &buffer, false);
	bundle_write(&out, bundle);
	bool same = !strcmp(buffer.data, expected);
	buffer_deinit(&buffer);
	failing_memory_resume(was_on);
	return same;
}

struct reading {
	const char *json;
	size_t length;
	enum bundle_read_status status;
	const char *written;            /* where it is good */
	const char *pointers, *reasons; /* of all problems, one a line */
};

static enum outcome run_bundle_read(struct store_fixture *fixture, const void *context)
{
	const struct reading *reading = context;
	struct bundle bundle;
	struct bundle_problems problems = { 0 };
	enum bundle_read_status status =
		bundle_read(reading->json, reading->length, &fixture->arena, &bundle, &problems);
	if (status == BUNDLE_READ_NO_MEMORY)
		return NO_MEMORY;
	TRIAL_EXPECT(status == reading->status);
	if (status == BUNDLE_READ_OK)
		TRIAL_EXPECT(is_written_as(&bundle, reading->written));
	const char *pointers = reading->pointers, *reasons = reading->reasons;
	for (size_t i = 0; i < problems.count; i++) {
		size_t pointer = strlen(problems.items[i].pointer), reason = strlen(problems.items[i].reason);
		TRIAL_EXPECT(!strncmp(pointers, problems.items[i].pointer, pointer) && pointers[pointer] == '\n');
		TRIAL_EXPECT(!strncmp(reasons, problems.items[i].reason, reason) && reasons[reason] == '\n');
		pointers += pointer + 1;
		reasons += reason + 1;
	}
	TRIAL_EXPECT(status == BUNDLE_READ_OK || !*pointers);
	return AS_EVER;
}

static void test_bundle_read_of_good_bundles(void **state)
{
	struct store_fixture *fixture = *state;
	struct buffer seed = { 0 };
	buffer_append(&seed, (const char *)seed_bundle, seed_bundle_length);
	const char *const documents[] = { library[0], library[1], library[2], seed.data,
		"{\"id\":\"r\",\"text\":\"Bond zag Klebbs mes. M zag Bond.\",\"agents\":[\"Bond\",\"Klebb\",\"M\"],"
		"\"quotes\":[{\"exact\":\"Bond\",\"suffix\":\".\"},{\"exact\":\"zag\",\"prefix\":\"M \",\"suffix\":\" "
		"B\"}]}" };
	for (size_t i = 0; i < sizeof(documents) / sizeof(documents[0]); i++) {
		struct buffer written = { 0 };
		struct out out;
		struct bundle bundle = store_fixture_bundle(fixture, documents[i]);
		out_init(&out, &written, false);
		bundle_write(&out, &bundle);
		const struct reading reading = {
			.json = documents[i], .length = strlen(documents[i]), .written = written.data
		};
		sweep(fixture, &(struct trial) {
				       "bundle_read", run_bundle_read, &reading, documents[i] == seed.data ? 7 : 1 });
		buffer_deinit(&written);
	}
	buffer_deinit(&seed);
}

static void test_bundle_read_of_bad_bundles(void **state)
{
	struct store_fixture *fixture = *state;
	static const char *const documents[] = {
		"{\"id\":\"a b\",\"titel\":\"x\",\"text\":\"x\",\"language\":\"n l\",\"rating\":{\"value\":9},"
		"\"agents\":[{\"id\":\"kerim\",\"kind\":\"spy\",\"same_as\":[\"x\"]}],\"work\":{\"title\":\"!\"},"
		"\"quotes\":[{\"exact\":\"y\",\"speakers\":[\"kerin\"]},{\"spans\":[[0,9]]}],\"mentions\":[{\"of\":[]}]"
		"}",
		"[]", "{\"id\":1.00000000000000000000000000000000000000000000000000000000000000000000000}",
		/* From here on it is no JSON. */
		"{\"id\":", "{\"id\":\"a\",\"id\":\"b\"}", "\xff",
		/* Long words, and strings that are not sound: here Jansson takes back what it read. */
		"[trueeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee]",
		"[\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n\"]"
	};
	for (size_t i = 0; i < sizeof(documents) / sizeof(documents[0]); i++) {
		struct bundle bundle;
		struct bundle_problems problems = { 0 };
		struct buffer pointers = { 0 }, reasons = { 0 };
		enum bundle_read_status status = i < 3 ? BUNDLE_READ_INVALID : BUNDLE_READ_NOT_JSON;
		assert_int_equal(
			bundle_read(documents[i], strlen(documents[i]), &fixture->arena, &bundle, &problems), status);
		for (size_t p = 0; p < problems.count; p++) {
			buffer_printf(&pointers, "%s\n", problems.items[p].pointer);
			buffer_printf(&reasons, "%s\n", problems.items[p].reason);
		}
		const struct reading reading = { .json = documents[i],
			.length = strlen(documents[i]),
			.status = status,
			.pointers = pointers.data,
			.reasons = reasons.data };
		sweep(fixture, &(struct trial) { "bundle_read", run_bundle_read, &reading, 1 });
		buffer_deinit(&pointers);
		buffer_deinit(&reasons);
	}
}

/* Two bundles for the store; `arena` is not the fixture's, which is emptied between the trials. */
struct putting_trial {
	struct arena arena;
	struct bundle bundles[2];
	const char *written[2];
	size_t stored; /* which of them is in the store */
};

/* In the place of the first review of the library, with something new of everything. */
static const char changed[] =
	"{\"id\":\"moonraker-nl\",\"text\":\"y z\",\"work\":{\"id\":\"moonraker\",\"title\":\"New\",\"contributors\":["
	"{\"role\":\"author\",\"id\":\"x\",\"name\":\"X\"}],\"relations\":[{\"kind\":\"part_of\",\"to\":\"s\"}]},"
	"\"works\":[{\"title\":\"V\"}],\"agents\":[{\"id\":\"m\",\"name\":\"Em\",\"aliases\":[\"Emm\"],"
	"\"same_as\":[\"http://m\"]}],\"quotes\":[{\"exact\":[\"z\",\"y\"],\"speakers\":[\"m\"]}],"
	"\"mentions\":[{\"exact\":\"y\",\"of\":[\"m\"]}]}";

static void keep_bundle(struct putting_trial *trial, size_t index, const char *json)
{
	struct bundle_problems problems;
	assert_int_equal(
		bundle_read(json, strlen(json), &trial->arena, &trial->bundles[index], &problems), BUNDLE_READ_OK);
}

static enum outcome run_bundle_put(struct store_fixture *fixture, const void *context)
{
	const struct putting_trial *trial = context;
	struct bundle_put_result result;
	enum db_status status = db_begin_write(fixture->writer);
	if (status == DB_OK)
		status = db_savepoint(fixture->writer);
	if (status == DB_OK)
		status = bundle_put(fixture->writer, &trial->bundles[0], &fixture->arena, &result);
	if (status == DB_OK)
		status = db_savepoint_release(fixture->writer);
	db_rollback(fixture->writer);
	return outcome_of(status);
}

static void test_bundle_put(void **state)
{
	struct store_fixture *fixture = *state;
	static const char *const documents[] = { changed,
		"{\"id\":\"new\",\"text\":\"y\",\"agents\":[{\"id\":\"n\",\"name\":\"N\",\"aliases\":[\"En\"]}],"
		"\"work\":\"W\","
		"\"quotes\":[{\"exact\":\"y\",\"about\":[\"n\"]}],\"mentions\":[{\"exact\":\"y\",\"of\":[\"n\"]}]}" };
	for (size_t i = 0; i < sizeof(documents) / sizeof(documents[0]); i++) {
		struct putting_trial trial = { 0 };
		keep_bundle(&trial, 0, documents[i]);
		word_forms_forget(fixture->writer);
		sweep(fixture, &(struct trial) { "bundle_put", run_bundle_put, &trial, 1 });
		store_fixture_prove(fixture);
		arena_deinit(&trial.arena);
	}
}

/* Whether a review is in the store as the bundle says. */
static bool is_stored(struct store_fixture *fixture, const char *slug, const char *written)
{
	bool was_on = failing_memory_pause();
	bool same = !strcmp(store_fixture_export(fixture, slug), written);
	failing_memory_resume(was_on);
	return same;
}

/* The one that is not there in the place of the one that is; then the store has the one or the other, whole. */
static enum outcome run_commit(struct store_fixture *fixture, const void *context)
{
	/* The trial is the caller's, who does not promise to leave it alone. */
	struct putting_trial *trial = *(struct putting_trial *const *)context;
	size_t other = 1 - trial->stored;
	struct bundle_put_result result;
	enum db_status status = db_begin_write(fixture->writer);
	if (status == DB_OK)
		status = bundle_put(fixture->writer, &trial->bundles[other], &fixture->arena, &result);
	if (status == DB_OK)
		status = db_commit(fixture->writer);
	if (status == DB_OK)
		trial->stored = other;
	else
		db_rollback(fixture->writer);
	/* What a connection remembers over commits is no leak. */
	word_forms_forget(fixture->writer);
	TRIAL_EXPECT(is_stored(fixture, trial->bundles[0].slug, trial->written[trial->stored]));
	return outcome_of(status);
}

static void test_what_was_committed_is_there_and_nothing_else(void **state)
{
	struct store_fixture *fixture = *state;
	struct putting_trial trial = { .stored = 1 };
	struct putting_trial *context = &trial;
	static const char *const documents[] = { "{\"id\":\"r\",\"text\":\"x\",\"quotes\":[{\"exact\":\"x\"}]}",
		"{\"id\":\"r\",\"text\":\"y\",\"mentions\":[]}" };
	for (size_t i = 0; i < 2; i++) {
		keep_bundle(&trial, i, documents[i]);
		store_fixture_put_bundle(fixture, &trial.bundles[i]);
		trial.written[i] = arena_strdup(&trial.arena, store_fixture_export(fixture, "r"));
	}
	word_forms_forget(fixture->writer);
	sweep(fixture, &(struct trial) { "commit", run_commit, &context, 1 });
	store_fixture_prove(fixture);
	arena_deinit(&trial.arena);
}

static enum outcome run_bundle_get(struct store_fixture *fixture, const void *context)
{
	struct bundle bundle;
	struct buffer buffer = { 0 };
	struct out out;
	enum db_status status = db_begin_read(fixture->reader, 0);
	if (status == DB_OK)
		status = bundle_get(fixture->reader, "moonraker-nl", &fixture->arena, &bundle);
	db_end_read(fixture->reader);
	if (status != DB_OK)
		return outcome_of(status);
	out_init(&out, &buffer, false);
	bundle_write(&out, &bundle);
	bool failed = buffer.failed;
	TRIAL_EXPECT(failed || !strcmp(buffer.data, context));
	buffer_deinit(&buffer);
	return failed ? NO_MEMORY : AS_EVER;
}

static void test_bundle_get_and_bundle_write(void **state)
{
	struct store_fixture *fixture = *state;
	struct arena arena = { 0 };
	const char *expected = arena_strdup(&arena, store_fixture_export(fixture, "moonraker-nl"));
	sweep(fixture, &(struct trial) { "bundle_get", run_bundle_get, expected, 1 });
	arena_deinit(&arena);
}

static enum outcome run_db_open(struct store_fixture *fixture, const void *context)
{
	struct db_error error;
	struct db *db = NULL;
	const char *path = arena_printf(&fixture->arena, "%s/%s", fixture->folder, (const char *)context);
	if (!path)
		return NO_MEMORY;
	for (enum db_mode mode = DB_READ; mode <= DB_WRITE; mode++) {
		enum db_status status = db_open(path, mode, &db, &error);
		if (status != DB_OK)
			return outcome_of(status);
		db_close(db);
	}
	return AS_EVER;
}

static enum outcome run_db_make(struct store_fixture *fixture, const void *context)
{
	char path[64];
	struct db_error error;
	struct db *db;
	snprintf(path, sizeof(path), "%s/%s", fixture->folder, (const char *)context);
	unlink(path);
	enum db_status status = db_open(path, DB_WRITE, &db, &error);
	if (status == DB_OK) {
		TRIAL_EXPECT(db_is_new(db));
		db_close(db);
	}
	return outcome_of(status);
}

static void test_db_open(void **state)
{
	struct store_fixture *fixture = *state;
	/* The lock of the writer, for the trials. */
	db_close(fixture->writer);
	fixture->writer = NULL;
	/* Thousands of calls, and milliseconds for each trial: a sample of them, the same each time. */
	sweep(fixture, &(struct trial) { "db_open", run_db_open, "store.db", 601 });
	sweep(fixture, &(struct trial) { "db_open of a new store", run_db_make, "made.db", 601 });
}

static void count_finding(const char *what, void *context)
{
	(void)what;
	++*(unsigned *)context;
}

/* A sound store is never said to be damaged. */
static enum outcome run_check(struct store_fixture *fixture, const void *context)
{
	unsigned findings = 0;
	const struct check_listener listener = { .found = count_finding, .context = &findings };
	struct check_result result;
	enum db_status status = check_store(fixture->reader, &listener, &result);
	(void)context;
	TRIAL_EXPECT(findings == 0 && result.problems == 0);
	return outcome_of(status);
}

static void test_check_store(void **state)
{
	/* What the connection keeps once it has it, such as the stemmers, is no leak. */
	assert_int_equal(run_check(*state, NULL), AS_EVER);
	sweep(*state, &(struct trial) { "check_store", run_check, NULL, 1 });
}

#define WITH_STORE(test) cmocka_unit_test_setup_teardown(test, store_fixture_library, store_fixture_remove)

int main(void)
{
	failing_memory_begin();
	const struct CMUnitTest tests[] = {
		WITH_STORE(test_bundle_read_of_good_bundles),
		WITH_STORE(test_bundle_read_of_bad_bundles),
		WITH_STORE(test_bundle_put),
		WITH_STORE(test_what_was_committed_is_there_and_nothing_else),
		WITH_STORE(test_bundle_get_and_bundle_write),
		WITH_STORE(test_db_open),
		WITH_STORE(test_check_store),
	};
	return cmocka_run_group_tests_name("no_memory", tests, NULL, NULL);
}
