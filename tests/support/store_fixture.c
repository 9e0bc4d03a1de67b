// SPDX-License-Identifier: MIT
#include "tests/support/store_fixture.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/agents.h"
#include "db/bundle_get.h"
#include "db/check.h"
#include "db/log.h"
#include "db/reviews.h"
#include "db/works.h"
#include "server/json/bundle_read.h"
#include "server/json/bundle_write.h"

#define MOONRAKER                                                                                                      \
	"{\"id\":\"moonraker\",\"kind\":\"novel\",\"title\":\"Moonraker\",\"language\":\"en\",\"published\":\"1955\"," \
	"\"description\":\"The third one.\",\"contributors\":[{\"role\":\"author\",\"id\":\"ian-fleming\"}],"          \
	"\"relations\":[{\"kind\":\"part_of\",\"to\":\"james-bond-novels\"}],"                                         \
	"\"same_as\":[\"https://example.org/moonraker\"]}"

const char *const library[LIBRARY_REVIEWS] = {
	"{\"id\":\"moonraker-nl\",\"title\":\"Bond speelt bridge\",\"language\":\"nl-BE\",\"reviewer\":\"J. de "
	"Vries\","
	"\"published\":\"1956-21\",\"rating\":{\"value\":4.5,\"best\":10,\"worst\":0},"
	"\"source\":\"https://example.org/1\",\"licence\":\"CC0-1.0\",\"work\":" MOONRAKER ",\"works\":["
	"{\"id\":\"moonraker-film\",\"kind\":\"film\",\"title\":\"Moonraker\",\"contributors\":["
	"{\"role\":\"actor\",\"id\":\"roger-moore\",\"name\":\"Roger Moore\",\"character\":\"james-bond\"},"
	"{\"role\":\"director\",\"id\":\"lewis-gilbert\",\"name\":\"Lewis Gilbert\"}],"
	"\"relations\":[{\"kind\":\"adaptation_of\",\"to\":\"moonraker\"}]}],"
	"\"agents\":[{\"id\":\"james-bond\",\"name\":\"James Bond\",\"aliases\":[\"Bond\",\"007\"],"
	"\"description\":\"He "
	"drives.\",\"same_as\":[\"https://example.org/bond\",\"https://example.org/007\"]},"
	"{\"id\":\"m\",\"name\":\"M\",\"aliases\":[\"De chef\"]},"
	"{\"id\":\"ian-fleming\",\"kind\":\"person\",\"name\":\"Ian Fleming\"},"
	"{\"id\":\"smersh\",\"kind\":\"organisation\",\"name\":\"SMERSH\"}],"
	"\"text\":\"\xc3\x89\xc3\xa9n kaart \xf0\x9d\x84\x9e te veel, zei Bond tegen M. M zweeg.\\r\\n"
	"Fleming schrijft: de\xcc\x81 pot is dood. \xe2\x80\x9cKraait hij?\xe2\x80\x9d SMERSH kraait "
	"ni\xc3\xa9t\"," /* the e has its accent apart */
	"\"quotes\":[{\"id\":\"kaart\",\"form\":\"direct\",\"exact\":\"\xc3\x89\xc3\xa9n kaart "
	"\xf0\x9d\x84\x9e te veel\","
	"\"speakers\":[\"james-bond\"],\"addressees\":[\"m\"],\"about\":[\"m\",\"smersh\"]},"
	"{\"form\":\"reported\",\"exact\":[\"ni\xc3\xa9t\",\"de\xcc\x81 pot is "
	"dood\"],\"speakers\":[\"ian-fleming\",\"m\"],"
	"\"attribution\":\"disputed\",\"work\":\"moonraker-film\",\"spoiler\":true},"
	"{\"form\":\"free-indirect\",\"exact\":\"Kraait hij?\",\"about\":[\"james-bond\"],\"work\":null},"
	"{\"form\":\"pull\",\"exact\":\"SMERSH kraait\",\"about\":[\"smersh\"]}],"
	"\"mentions\":[{\"exact\":\"Bond\",\"of\":[\"james-bond\"]},"
	"{\"exact\":\"M\",\"prefix\":\"tegen \",\"of\":[\"m\",\"james-bond\"]},"
	"{\"exact\":\"Fleming schrijft\",\"of\":[\"moonraker\"],\"kind\":\"work\"},"
	"{\"exact\":\"SMERSH\",\"of\":[\"smersh\"]}]}",

	"{\"id\":\"goldfinger-en\",\"language\":\"en\",\"work\":{\"id\":\"goldfinger\",\"title\":"
	"\"Goldfinger\"},"
	"\"works\":[" MOONRAKER
	"],\"agents\":[{\"id\":\"james-bond\",\"name\":\"James Bond\",\"aliases\":[\"Mr Bond\"]},"
	"{\"id\":\"ian-fleming\",\"kind\":\"person\",\"name\":\"Ian Fleming\"},"
	"{\"id\":\"james-bond-ornithologist\",\"kind\":\"person\",\"name\":\"James Bond\"}],"
	"\"text\":\"No, Mr Bond, I expect you to die. James Bond wrote about birds.\","
	"\"quotes\":[{\"form\":\"indirect\",\"exact\":\"I expect you to die\",\"addressees\":[\"james-bond\"],"
	"\"attribution\":\"inferred\"},"
	"{\"form\":\"direct\",\"exact\":\"birds\",\"speakers\":[\"james-bond-ornithologist\",\"james-bond\"],"
	"\"work\":\"moonraker\"}],"
	"\"mentions\":[{\"exact\":\"James Bond\",\"of\":[\"james-bond-ornithologist\"]}]}",

	"{\"id\":\"note\",\"text\":\"x\"}",
};

char logged[4096];

static void log_keep(const char *line)
{
	size_t length = strlen(logged);
	snprintf(logged + length, sizeof(logged) - length, "%s\n", line);
}

void store_fixture_log(void)
{
	logged[0] = '\0';
	log_set_sink(log_keep);
}

void store_fixture_unlog(void)
{
	log_set_sink(NULL);
}

int store_fixture_empty(void **state)
{
	struct db_error error;
	struct store_fixture *fixture = calloc(1, sizeof(*fixture));
	assert_non_null(fixture);
	/* In memory where that can be had: hundreds of commits would wait for the disk, which is none of their matter.
	 */
	snprintf(fixture->folder, sizeof(fixture->folder), "%s/reviewd-test-XXXXXX",
		access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	assert_non_null(mkdtemp(fixture->folder));
	snprintf(fixture->path, sizeof(fixture->path), "%s/store.db", fixture->folder);
	assert_int_equal(db_open(fixture->path, DB_WRITE, &fixture->writer, &error), DB_OK);
	assert_int_equal(db_open(fixture->path, DB_READ, &fixture->reader, &error), DB_OK);
	*state = fixture;
	return 0;
}

int store_fixture_library(void **state)
{
	store_fixture_empty(state);
	for (size_t i = 0; i < LIBRARY_REVIEWS; i++)
		store_fixture_put(*state, library[i]);
	return 0;
}

int store_fixture_remove(void **state)
{
	struct store_fixture *fixture = *state;
	db_close(fixture->reader);
	db_close(fixture->writer);
	arena_deinit(&fixture->arena);
	DIR *folder = opendir(fixture->folder);
	assert_non_null(folder);
	for (const struct dirent *entry; (entry = readdir(folder));)
		unlinkat(dirfd(folder), entry->d_name, 0);
	closedir(folder);
	assert_int_equal(rmdir(fixture->folder), 0);
	free(fixture);
	return 0;
}

struct store_fixture *store_fixture_reading(void **state)
{
	struct store_fixture *fixture = *state;
	arena_clear(&fixture->arena);
	return fixture;
}

struct bundle store_fixture_bundle(struct store_fixture *fixture, const char *json)
{
	struct bundle bundle;
	struct bundle_problems problems = { 0 };
	if (bundle_read(json, strlen(json), &fixture->arena, &bundle, &problems) != BUNDLE_READ_OK)
		fail_msg("%s: %s", problems.items[0].pointer, problems.items[0].reason);
	return bundle;
}

struct bundle_put_result store_fixture_put_bundle(struct store_fixture *fixture, const struct bundle *bundle)
{
	struct bundle_put_result result = { 0 };
	assert_int_equal(db_begin_write(fixture->writer), DB_OK);
	assert_int_equal(bundle_put(fixture->writer, bundle, &fixture->arena, &result), DB_OK);
	assert_int_equal(db_commit(fixture->writer), DB_OK);
	return result;
}

struct bundle_put_result store_fixture_put(struct store_fixture *fixture, const char *json)
{
	struct bundle bundle = store_fixture_bundle(fixture, json);
	return store_fixture_put_bundle(fixture, &bundle);
}

const char *store_fixture_export(struct store_fixture *fixture, const char *slug)
{
	struct bundle bundle;
	struct buffer buffer = { 0 };
	struct out out;
	assert_int_equal(db_begin_read(fixture->reader, 0), DB_OK);
	assert_int_equal(bundle_get(fixture->reader, slug, &fixture->arena, &bundle), DB_OK);
	db_end_read(fixture->reader);
	out_init(&out, &buffer, false);
	bundle_write(&out, &bundle);
	const char *json = arena_strdup(&fixture->arena, buffer.data);
	buffer_deinit(&buffer);
	assert_non_null(json);
	return json;
}

void store_fixture_damage(struct store_fixture *fixture, const char *sql)
{
	sqlite3 *handle;
	assert_int_equal(sqlite3_open(fixture->path, &handle), SQLITE_OK);
	assert_int_equal(sqlite3_exec(handle, "PRAGMA ignore_check_constraints = ON", NULL, NULL, NULL), SQLITE_OK);
	if (sqlite3_exec(handle, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(handle));
	assert_int_equal(sqlite3_close(handle), SQLITE_OK);
}

int64_t store_fixture_root(struct store_fixture *fixture, const char *name)
{
	sqlite3 *handle;
	sqlite3_stmt *stmt;
	assert_int_equal(sqlite3_open(fixture->path, &handle), SQLITE_OK);
	assert_int_equal(
		sqlite3_prepare_v2(handle, "SELECT rootpage FROM sqlite_schema WHERE name = ?1", -1, &stmt, NULL),
		SQLITE_OK);
	assert_int_equal(sqlite3_bind_text(stmt, 1, name, -1, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	int64_t root = sqlite3_column_int64(stmt, 0);
	assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
	assert_int_equal(sqlite3_close(handle), SQLITE_OK);
	return root;
}

int64_t store_fixture_review_id(struct store_fixture *fixture, const char *slug)
{
	struct review review;
	assert_int_equal(review_get(fixture->reader, slug, &fixture->arena, &review), DB_OK);
	return review.review_id;
}

int64_t store_fixture_agent_id(struct store_fixture *fixture, const char *slug)
{
	struct agent agent;
	assert_int_equal(agent_get(fixture->reader, slug, &fixture->arena, &agent), DB_OK);
	return agent.ref.agent_id;
}

int64_t store_fixture_work_id(struct store_fixture *fixture, const char *slug)
{
	struct work work;
	assert_int_equal(work_get(fixture->reader, slug, &fixture->arena, &work), DB_OK);
	return work.ref.work_id;
}

static void fail_found(const char *what, void *context)
{
	(void)context;
	fail_msg("%s", what);
}

void store_fixture_prove(struct store_fixture *fixture)
{
	struct check_result result;
	const struct check_listener listener = { .found = fail_found };
	assert_int_equal(check_store(fixture->reader, &listener, &result), DB_OK);
	assert_int_equal(result.problems, 0);
}
