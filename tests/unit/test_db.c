// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/connection.h"
#include "db/files.h"
#include "db/store.h"
#include "tests/support/store_fixture.h"

static const char endless[] = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c";

static const char *beside(const struct store_fixture *fixture, const char *name)
{
	static char path[PATH_MAX];
	snprintf(path, sizeof(path), "%s/%s", fixture->folder, name);
	return path;
}

static void expect_refused(const char *path, enum db_mode mode, enum db_status status, const char *message)
{
	struct db *db = NULL;
	struct db_error error = { "untouched" };
	store_fixture_log();
	assert_int_equal(db_open(path, mode, &db, &error), status);
	store_fixture_unlog();
	assert_null(db);
	if (!strstr(error.message, message))
		fail_msg("'%s' is not in '%s'", message, error.message);
	assert_true(!*path || !strstr(error.message, path));
}

static void close_both(struct store_fixture *fixture)
{
	db_close(fixture->reader);
	db_close(fixture->writer);
	fixture->reader = fixture->writer = NULL;
}

static void write_file(const char *path, const char *bytes, size_t length)
{
	FILE *file = fopen(path, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
}

static size_t read_file(const char *path, char *bytes, size_t size)
{
	FILE *file = fopen(path, "rb");
	assert_non_null(file);
	size_t length = fread(bytes, 1, size, file);
	assert_true(length < size);
	fclose(file);
	return length;
}

static int64_t count_reviews(struct store_fixture *fixture, struct db *db)
{
	struct store_info info;
	assert_int_equal(store_get(db, &fixture->arena, &info), DB_OK);
	return info.reviews;
}

static void test_a_writer_makes_the_store_and_says_so(void **state)
{
	struct store_fixture *fixture = *state;
	struct db_error error;
	struct store_info info, again;
	assert_true(db_is_new(fixture->writer));
	assert_false(db_is_new(fixture->reader));
	assert_int_equal(store_get(fixture->reader, &fixture->arena, &info), DB_OK);
	assert_int_equal(info.revision, 0);
	assert_int_equal(strlen(info.uuid), 32);
	store_fixture_put(fixture, library[2]);
	close_both(fixture);
	/* The last writer leaves one file that can be copied. */
	assert_int_equal(access(beside(fixture, "store.db-wal"), F_OK), -1);
	assert_int_equal(db_open(fixture->path, DB_WRITE, &fixture->writer, &error), DB_OK);
	assert_false(db_is_new(fixture->writer));
	assert_int_equal(store_get(fixture->writer, &fixture->arena, &again), DB_OK);
	assert_string_equal(again.uuid, info.uuid);
	db_close(NULL);
}

static void test_a_reader_makes_nothing(void **state)
{
	const struct store_fixture *fixture = *state;
	expect_refused(beside(fixture, "none.db"), DB_READ, DB_NOT_FOUND, "No such file");
	assert_int_equal(access(beside(fixture, "none.db"), F_OK), -1);
	expect_refused(beside(fixture, "none/none.db"), DB_READ, DB_NOT_FOUND, "No such file");
	expect_refused(beside(fixture, "none/none.db"), DB_WRITE, DB_NOT_FOUND, "No such file");
	expect_refused("", DB_WRITE, DB_NOT_FOUND, "No such file");
}

static void test_there_is_one_writer(void **state)
{
	struct store_fixture *fixture = *state;
	struct db_error error;
	expect_refused(fixture->path, DB_WRITE, DB_BUSY, "another program is writing");
	/* By another name of the same file, too. */
	assert_int_equal(symlink("store.db", beside(fixture, "link.db")), 0);
	expect_refused(beside(fixture, "link.db"), DB_WRITE, DB_BUSY, "another program is writing");
	db_close(fixture->writer);
	assert_int_equal(db_open(beside(fixture, "link.db"), DB_WRITE, &fixture->writer, &error), DB_OK);
	assert_false(db_is_new(fixture->writer));
	expect_refused(fixture->path, DB_WRITE, DB_BUSY, "another program is writing");
}

static void test_a_lock_that_is_a_link_is_not_followed(void **state)
{
	struct store_fixture *fixture = *state;
	close_both(fixture);
	assert_int_equal(unlink(beside(fixture, "store.db-lock")), 0);
	assert_int_equal(symlink("elsewhere", beside(fixture, "store.db-lock")), 0);
	expect_refused(fixture->path, DB_WRITE, DB_DENIED, "lock file");
	assert_int_equal(access(beside(fixture, "elsewhere"), F_OK), -1);
}

static void test_a_path_is_a_path_and_nothing_else(void **state)
{
	struct store_fixture *fixture = *state;
	static const char *const paths[] = { ":memory:", "file:x.db?mode=memory", "x?mode=ro" };
	struct db_error error;
	char here[PATH_MAX], longest[PATH_MAX];
	assert_non_null(getcwd(here, sizeof(here)));
	assert_int_equal(chdir(fixture->folder), 0);
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		struct db *db;
		assert_int_equal(db_open(paths[i], DB_WRITE, &db, &error), DB_OK);
		db_close(db);
		assert_int_equal(access(paths[i], F_OK), 0);
	}
	memset(longest, 'x', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	expect_refused(longest, DB_WRITE, DB_NOT_FOUND, "File name too long");
	assert_int_equal(chdir(here), 0);
}

static void test_a_folder_is_no_store(void **state)
{
	const struct store_fixture *fixture = *state;
	assert_int_equal(mkdir(beside(fixture, "folder"), 0777), 0);
	expect_refused(beside(fixture, "folder"), DB_READ, DB_CORRUPT, "a folder");
	expect_refused(beside(fixture, "folder"), DB_WRITE, DB_CORRUPT, "a folder");
	assert_int_equal(access(beside(fixture, "folder-lock"), F_OK), -1);
	assert_int_equal(rmdir(beside(fixture, "folder")), 0);
	expect_refused("/dev/null", DB_READ, DB_CORRUPT, "a device");
}

static void expect_foreign(const struct store_fixture *fixture, const char *bytes, size_t length)
{
	static char after[100000];
	const char *path = beside(fixture, "foreign");
	write_file(path, bytes, length);
	expect_refused(path, DB_READ, DB_CORRUPT, length > 100 ? "no reviewd store" : "not a database");
	expect_refused(path, DB_WRITE, DB_CORRUPT, length > 100 ? "no reviewd store" : "not a database");
	assert_int_equal(read_file(path, after, sizeof(after)), length);
	assert_memory_equal(after, bytes, length);
}

/* Somebody's file is left as it was, however much it may look like ours. */
static void test_what_is_no_store_is_refused_and_untouched(void **state)
{
	struct store_fixture *fixture = *state;
	static char bytes[100000];
	static const char *const schemas[] = { "CREATE TABLE a (b)", "CREATE TABLE a (b); PRAGMA user_version = 1",
		"CREATE TABLE store (uuid); PRAGMA application_id = 0x52565744" };
	expect_foreign(fixture, "a letter to somebody\n", strlen("a letter to somebody\n"));
	for (size_t i = 0; i < sizeof(schemas) / sizeof(schemas[0]); i++) {
		sqlite3 *handle;
		const char *path = beside(fixture, "made");
		unlink(path);
		assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
		assert_int_equal(sqlite3_exec(handle, schemas[i], NULL, NULL, NULL), SQLITE_OK);
		assert_int_equal(sqlite3_close(handle), SQLITE_OK);
		size_t length = read_file(path, bytes, sizeof(bytes));
		expect_foreign(fixture, bytes, length);
	}
}

static void test_an_empty_file_is_for_a_writer_to_fill(void **state)
{
	struct store_fixture *fixture = *state;
	struct db_error error;
	struct db *db;
	write_file(beside(fixture, "empty.db"), "", 0);
	expect_refused(beside(fixture, "empty.db"), DB_READ, DB_CORRUPT, "no reviewd store");
	assert_int_equal(db_open(beside(fixture, "empty.db"), DB_WRITE, &db, &error), DB_OK);
	assert_true(db_is_new(db));
	db_close(db);
}

static void test_a_newer_store_is_refused_and_untouched(void **state)
{
	struct store_fixture *fixture = *state;
	static char before[1000000], after[1000000];
	char newer[64];
	close_both(fixture);
	snprintf(newer, sizeof(newer), "PRAGMA user_version = %d", db_schema_version() + 1);
	store_fixture_damage(fixture, newer);
	size_t length = read_file(fixture->path, before, sizeof(before));
	expect_refused(fixture->path, DB_READ, DB_NEWER, "a newer reviewd");
	expect_refused(fixture->path, DB_WRITE, DB_NEWER, "a newer reviewd");
	assert_int_equal(read_file(fixture->path, after, sizeof(after)), length);
	assert_memory_equal(before, after, length);
}

static void test_a_damaged_store_is_refused(void **state)
{
	struct store_fixture *fixture = *state;
	close_both(fixture);
	assert_int_equal(truncate(fixture->path, 3 * 4096), 0);
	struct db *db = NULL;
	struct db_error error;
	assert_int_equal(db_open(fixture->path, DB_READ, &db, &error), DB_CORRUPT);
	assert_true(*error.message);
}

static void test_a_reader_cannot_write(void **state)
{
	struct store_fixture *fixture = *state;
	struct bundle_put_result result;
	struct bundle bundle = store_fixture_bundle(fixture, library[2]);
	store_fixture_log();
	assert_int_equal(db_begin_write(fixture->reader), DB_FAULT);
	assert_int_equal(bundle_put(fixture->reader, &bundle, &fixture->arena, &result), DB_FAULT);
	store_fixture_unlog();
	/* Not by SQL of its own either: the authorizer, query_only and the way the file is opened forbid it. */
	static const char *const statements[] = { "INSERT INTO change VALUES (0, 'x', 1, 0, '')", "DELETE FROM review",
		"CREATE TABLE a (b)", "UPDATE sqlite_master SET sql = ''", "PRAGMA query_only = OFF",
		"ATTACH ':memory:' AS a", "SELECT load_extension('x')", "SELECT fts3_tokenizer('simple')" };
	for (size_t i = 0; i < sizeof(statements) / sizeof(statements[0]); i++)
		assert_int_not_equal(sqlite3_exec(fixture->reader->handle, statements[i], NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_db_readonly(fixture->reader->handle, "main"), 1);
}

static void test_a_writer_changes_no_schema_and_no_setting(void **state)
{
	const struct store_fixture *fixture = *state;
	static const char *const statements[] = { "CREATE TABLE a (b)", "DROP TABLE change", "PRAGMA synchronous = OFF",
		"PRAGMA writable_schema = ON", "ATTACH ':memory:' AS a", "VACUUM" };
	for (size_t i = 0; i < sizeof(statements) / sizeof(statements[0]); i++)
		assert_int_not_equal(sqlite3_exec(fixture->writer->handle, statements[i], NULL, NULL, NULL), SQLITE_OK);
}

static void test_the_settings_are_those_promised(void **state)
{
	const struct store_fixture *fixture = *state;
	static const struct {
		const char *pragma;
		int value;
	} settings[] = { { "PRAGMA synchronous", 2 }, { "PRAGMA foreign_keys", 1 }, { "PRAGMA cell_size_check", 1 },
		{ "PRAGMA trusted_schema", 0 }, { "PRAGMA busy_timeout", 2000 } };
	sqlite3_set_authorizer(fixture->writer->handle, NULL, NULL);
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		sqlite3_stmt *stmt;
		assert_int_equal(
			sqlite3_prepare_v2(fixture->writer->handle, settings[i].pragma, -1, &stmt, NULL), SQLITE_OK);
		assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
		assert_int_equal(sqlite3_column_int(stmt, 0), settings[i].value);
		sqlite3_finalize(stmt);
	}
	sqlite3_stmt *stmt;
	assert_int_equal(
		sqlite3_prepare_v2(fixture->writer->handle, "PRAGMA journal_mode", -1, &stmt, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	assert_string_equal((const char *)sqlite3_column_text(stmt, 0), "wal");
	sqlite3_finalize(stmt);
}

static void test_a_snapshot_does_not_see_a_later_commit(void **state)
{
	struct store_fixture *fixture = *state;
	assert_int_equal(db_begin_read(fixture->reader, 0), DB_OK);
	assert_int_equal(count_reviews(fixture, fixture->reader), 0);
	store_fixture_put(fixture, library[2]);
	assert_int_equal(count_reviews(fixture, fixture->writer), 1);
	assert_int_equal(count_reviews(fixture, fixture->reader), 0);
	db_end_read(fixture->reader);
	assert_int_equal(count_reviews(fixture, fixture->reader), 1);
	/* Twice is once. */
	db_end_read(fixture->reader);
	assert_int_equal(db_begin_read(fixture->reader, 0), DB_OK);
	db_end_read(fixture->reader);
}

static void test_every_commit_has_a_generation_of_its_own(void **state)
{
	struct store_fixture *fixture = *state;
	uint64_t first = db_generation(fixture->reader);
	assert_true(first != 0);
	assert_int_equal(db_begin_read(fixture->reader, 0), DB_OK);
	assert_int_equal(count_reviews(fixture, fixture->reader), 0);
	db_end_read(fixture->reader);
	assert_true(db_generation(fixture->reader) == first);
	assert_int_equal(db_begin_write(fixture->writer), DB_OK);
	db_rollback(fixture->writer);
	assert_true(db_generation(fixture->reader) == first);
	store_fixture_put(fixture, library[2]);
	uint64_t second = db_generation(fixture->reader);
	assert_true(second != first);
	store_fixture_put(fixture, library[0]);
	assert_true(db_generation(fixture->reader) != second && db_generation(fixture->reader) != first);
	/* A connection that writes has none. */
	assert_true(db_generation(fixture->writer) == 0);
}

static void test_a_snapshot_lingers_until_the_next_commit(void **state)
{
	struct store_fixture *fixture = *state;
	db_linger(fixture->reader);
	for (int64_t reviews = 0; reviews < 3; reviews++) {
		for (int again = 0; again < 3; again++) {
			assert_int_equal(db_begin_read(fixture->reader, 0), DB_OK);
			assert_int_equal(count_reviews(fixture, fixture->reader), reviews);
			db_end_read(fixture->reader);
			assert_false(sqlite3_get_autocommit(fixture->reader->handle));
		}
		store_fixture_put(fixture, library[reviews]);
	}
	assert_int_equal(db_checkpoint(fixture->writer, true), DB_OK);
	assert_true(db_file_sizes(fixture->writer).wal > 0);
	db_let_go(fixture->reader);
	assert_true(sqlite3_get_autocommit(fixture->reader->handle));
	assert_int_equal(db_checkpoint(fixture->writer, true), DB_OK);
	assert_int_equal(db_file_sizes(fixture->writer).wal, 0);
	/* Twice is once. */
	db_let_go(fixture->reader);
	assert_int_equal(db_begin_read(fixture->reader, 0), DB_OK);
	assert_int_equal(count_reviews(fixture, fixture->reader), 3);
	db_end_read(fixture->reader);
	db_let_go(fixture->reader);
}

static void test_what_is_not_committed_is_not_there(void **state)
{
	struct store_fixture *fixture = *state;
	struct bundle bundle = store_fixture_bundle(fixture, library[2]);
	struct bundle_put_result result;
	struct db_error error;
	assert_int_equal(db_begin_write(fixture->writer), DB_OK);
	assert_int_equal(bundle_put(fixture->writer, &bundle, &fixture->arena, &result), DB_OK);
	assert_int_equal(count_reviews(fixture, fixture->writer), 1);
	assert_int_equal(count_reviews(fixture, fixture->reader), 0);
	db_rollback(fixture->writer);
	assert_int_equal(count_reviews(fixture, fixture->writer), 0);
	/* A rollback without a write is nothing. */
	db_rollback(fixture->writer);

	/* A writer that goes away in the middle of a write leaves nothing of it. */
	assert_int_equal(db_begin_write(fixture->writer), DB_OK);
	assert_int_equal(bundle_put(fixture->writer, &bundle, &fixture->arena, &result), DB_OK);
	db_close(fixture->writer);
	assert_int_equal(db_open(fixture->path, DB_WRITE, &fixture->writer, &error), DB_OK);
	assert_int_equal(count_reviews(fixture, fixture->writer), 0);
	store_fixture_prove(fixture);
}

static void test_a_savepoint_is_taken_back_alone(void **state)
{
	struct store_fixture *fixture = *state;
	const int64_t revisions[LIBRARY_REVIEWS] = { 1, 2, 2 };
	struct bundle_put_result result;
	assert_int_equal(db_begin_write(fixture->writer), DB_OK);
	for (size_t i = 0; i < LIBRARY_REVIEWS; i++) {
		struct bundle bundle = store_fixture_bundle(fixture, library[i]);
		assert_int_equal(db_savepoint(fixture->writer), DB_OK);
		assert_int_equal(bundle_put(fixture->writer, &bundle, &fixture->arena, &result), DB_OK);
		assert_int_equal(result.revision, revisions[i]);
		if (i == 1)
			db_savepoint_rollback(fixture->writer);
		else
			assert_int_equal(db_savepoint_release(fixture->writer), DB_OK);
	}
	assert_int_equal(db_commit(fixture->writer), DB_OK);
	assert_int_equal(count_reviews(fixture, fixture->reader), 2);
	store_fixture_prove(fixture);
	/* Outside a write there is nothing to take back. */
	db_savepoint_rollback(fixture->writer);
}

static void test_what_is_taken_back_raises_no_revision(void **state)
{
	struct store_fixture *fixture = *state;
	struct bundle kept = store_fixture_bundle(fixture, library[0]),
		      taken_back = store_fixture_bundle(fixture, library[1]);
	struct bundle_put_result result;
	struct store_info info;
	assert_int_equal(db_begin_write(fixture->writer), DB_OK);
	assert_int_equal(bundle_put(fixture->writer, &kept, &fixture->arena, &result), DB_OK);
	assert_int_equal(db_savepoint(fixture->writer), DB_OK);
	assert_int_equal(bundle_put(fixture->writer, &taken_back, &fixture->arena, &result), DB_OK);
	db_savepoint_rollback(fixture->writer);
	assert_int_equal(db_commit(fixture->writer), DB_OK);
	assert_int_equal(db_begin_read(fixture->reader, 0), DB_OK);
	assert_int_equal(store_get(fixture->reader, &fixture->arena, &info), DB_OK);
	db_end_read(fixture->reader);
	assert_int_equal(info.revision, 1);
}

static struct bundle crowd(struct store_fixture *fixture, const char *said)
{
	struct buffer json = { 0 };
	buffer_printf(&json, "{\"id\":\"crowd\",\"text\":\"They say %s.\",\"agents\":[", said);
	for (int i = 0; i < 2 * DUE_MAX; i++)
		buffer_printf(&json, "%s{\"id\":\"a%d\",\"name\":\"%s %d\"}", i ? "," : "", i, said, i);
	buffer_append_string(&json, "]}");
	assert_false(json.failed);
	struct bundle bundle = store_fixture_bundle(fixture, json.data);
	buffer_deinit(&json);
	return bundle;
}

static void test_the_index_has_what_a_long_write_noted(void **state)
{
	struct store_fixture *fixture = *state;
	struct bundle bundles[] = { crowd(fixture, "yes"), store_fixture_bundle(fixture, library[0]),
		crowd(fixture, "no"), store_fixture_bundle(fixture, library[1]), crowd(fixture, "maybe") };
	struct bundle_put_result result;
	struct db_error error;
	for (int later = 0; later < 2; later++) {
		assert_int_equal(db_begin_write(fixture->writer), DB_OK);
		for (size_t i = 0; i < sizeof(bundles) / sizeof(bundles[0]); i++) {
			bool taken_back = i == 2 && !later;
			if (taken_back)
				assert_int_equal(db_savepoint(fixture->writer), DB_OK);
			assert_int_equal(bundle_put(fixture->writer, &bundles[i], &fixture->arena, &result), DB_OK);
			if (taken_back)
				db_savepoint_rollback(fixture->writer);
		}
		assert_int_equal(db_commit(fixture->writer), DB_OK);
		/* The second time another connection finds what is due. */
		db_close(fixture->writer);
		assert_int_equal(db_open(fixture->path, DB_WRITE, &fixture->writer, &error), DB_OK);
		assert_int_equal(db_catch_up(fixture->writer), DB_OK);
		store_fixture_prove(fixture);
		db_index_later(fixture->writer);
	}
}

static void test_a_query_ends_when_its_time_is_over(void **state)
{
	struct store_fixture *fixture = *state;
	assert_int_equal(db_begin_read(fixture->reader, 1), DB_OK);
	int code = sqlite3_exec(fixture->reader->handle, endless, NULL, NULL, NULL);
	assert_int_equal(db_status_from(fixture->reader, code, "endless"), DB_TIMEOUT);
	db_end_read(fixture->reader);

	/* The time is that of one read; the next one has its own. */
	assert_int_equal(db_begin_read(fixture->reader, 0), DB_OK);
	assert_int_equal(count_reviews(fixture, fixture->reader), 0);
	db_end_read(fixture->reader);
	assert_int_equal(db_begin_read(fixture->reader, 60000), DB_OK);
	assert_int_equal(count_reviews(fixture, fixture->reader), 0);
	db_end_read(fixture->reader);
}

static void test_somebody_who_ignores_the_lock_makes_it_busy(void **state)
{
	struct store_fixture *fixture = *state;
	sqlite3 *other;
	assert_int_equal(sqlite3_open(fixture->path, &other), SQLITE_OK);
	assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_busy_timeout(fixture->writer->handle, 1);
	assert_int_equal(db_begin_write(fixture->writer), DB_BUSY);
	assert_int_equal(sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(db_begin_write(fixture->writer), DB_OK);
	db_rollback(fixture->writer);
	assert_int_equal(sqlite3_close(other), SQLITE_OK);
}

static void test_a_full_disk_takes_nothing_back(void **state)
{
	struct store_fixture *fixture = *state;
	store_fixture_put(fixture, library[2]);
	size_t length = 200000;
	char *text = arena_alloc(&fixture->arena, length + 1);
	memset(text, 'x', length);
	struct bundle bundle = store_fixture_bundle(fixture, library[0]);
	bundle.text = text;
	bundle.text_bytes = length;
	/* As many pages as there are, and no more. */
	sqlite3_set_authorizer(fixture->writer->handle, NULL, NULL);
	assert_int_equal(
		sqlite3_exec(fixture->writer->handle, "PRAGMA max_page_count = 1", NULL, NULL, NULL), SQLITE_OK);
	struct bundle_put_result result;
	store_fixture_log();
	assert_int_equal(db_begin_write(fixture->writer), DB_OK);
	assert_int_equal(bundle_put(fixture->writer, &bundle, &fixture->arena, &result), DB_FULL);
	db_rollback(fixture->writer);
	store_fixture_unlog();
	assert_non_null(strstr(logged, "database or disk is full"));
	assert_int_equal(count_reviews(fixture, fixture->reader), 1);
	store_fixture_prove(fixture);

	assert_int_equal(
		sqlite3_exec(fixture->writer->handle, "PRAGMA max_page_count = 100000", NULL, NULL, NULL), SQLITE_OK);
	store_fixture_put(fixture, library[0]);
	assert_int_equal(count_reviews(fixture, fixture->reader), 2);
}

/* A rollback may itself lack the memory it needs. */
static void test_what_could_not_be_ended_is_ended_by_the_next(void **state)
{
	struct store_fixture *fixture = *state;
	assert_int_equal(sqlite3_exec(fixture->writer->handle, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_exec(fixture->writer->handle, "DELETE FROM store", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_exec(fixture->reader->handle, "BEGIN", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(count_reviews(fixture, fixture->reader), 0);
	store_fixture_put(fixture, library[2]);
	assert_int_equal(db_begin_read(fixture->reader, 0), DB_OK);
	assert_int_equal(count_reviews(fixture, fixture->reader), 1);
	db_end_read(fixture->reader);
	store_fixture_prove(fixture);
}

static void test_what_sqlite_says_has_one_meaning(void **state)
{
	const struct store_fixture *fixture = *state;
	static const struct {
		int code;
		enum db_status status;
		bool told;
	} cases[] = { { SQLITE_OK, DB_OK, false }, { SQLITE_ROW, DB_OK, false }, { SQLITE_DONE, DB_OK, false },
		{ SQLITE_BUSY_SNAPSHOT, DB_BUSY, false }, { SQLITE_LOCKED, DB_BUSY, false },
		{ SQLITE_INTERRUPT, DB_TIMEOUT, false }, { SQLITE_NOMEM, DB_NO_MEMORY, true },
		{ SQLITE_IOERR_NOMEM, DB_NO_MEMORY, true }, { SQLITE_FULL, DB_FULL, true },
		{ SQLITE_READONLY_DBMOVED, DB_DENIED, true }, { SQLITE_PERM, DB_DENIED, true },
		{ SQLITE_AUTH, DB_DENIED, true }, { SQLITE_CORRUPT_INDEX, DB_CORRUPT, true },
		{ SQLITE_NOTADB, DB_CORRUPT, true }, { SQLITE_IOERR_FSYNC, DB_IO, true },
		{ SQLITE_CONSTRAINT_FOREIGNKEY, DB_FAULT, true }, { SQLITE_MISUSE, DB_FAULT, true } };
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		store_fixture_log();
		assert_int_equal(db_status_from(fixture->reader, cases[i].code, "testing"), cases[i].status);
		store_fixture_unlog();
		assert_int_equal(strstr(logged, "store: testing: ") != NULL, cases[i].told);
	}
}

static void test_versions_are_told(void **state)
{
	(void)state;
	assert_string_equal(db_library_version(), sqlite3_libversion());
	assert_int_equal(db_schema_version(), SCHEMA_VERSION);
}

#define WITH_STORE(test) cmocka_unit_test_setup_teardown(test, store_fixture_empty, store_fixture_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_STORE(test_a_writer_makes_the_store_and_says_so),
		WITH_STORE(test_a_reader_makes_nothing),
		WITH_STORE(test_there_is_one_writer),
		WITH_STORE(test_a_lock_that_is_a_link_is_not_followed),
		WITH_STORE(test_a_path_is_a_path_and_nothing_else),
		WITH_STORE(test_a_folder_is_no_store),
		WITH_STORE(test_what_is_no_store_is_refused_and_untouched),
		WITH_STORE(test_an_empty_file_is_for_a_writer_to_fill),
		WITH_STORE(test_a_newer_store_is_refused_and_untouched),
		WITH_STORE(test_a_damaged_store_is_refused),
		WITH_STORE(test_a_reader_cannot_write),
		WITH_STORE(test_a_writer_changes_no_schema_and_no_setting),
		WITH_STORE(test_the_settings_are_those_promised),
		WITH_STORE(test_a_snapshot_does_not_see_a_later_commit),
		WITH_STORE(test_every_commit_has_a_generation_of_its_own),
		WITH_STORE(test_a_snapshot_lingers_until_the_next_commit),
		WITH_STORE(test_what_is_not_committed_is_not_there),
		WITH_STORE(test_a_savepoint_is_taken_back_alone),
		WITH_STORE(test_what_is_taken_back_raises_no_revision),
		WITH_STORE(test_the_index_has_what_a_long_write_noted),
		WITH_STORE(test_a_query_ends_when_its_time_is_over),
		WITH_STORE(test_somebody_who_ignores_the_lock_makes_it_busy),
		WITH_STORE(test_a_full_disk_takes_nothing_back),
		WITH_STORE(test_what_could_not_be_ended_is_ended_by_the_next),
		WITH_STORE(test_what_sqlite_says_has_one_meaning),
		cmocka_unit_test(test_versions_are_told),
	};
	return cmocka_run_group_tests_name("db", tests, NULL, NULL);
}
