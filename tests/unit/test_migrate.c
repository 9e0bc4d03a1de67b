// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "db/connection.h"
#include "db/fts.h"
#include "db/functions.h"
#include "db/store.h"
#include "tests/support/store_fixture.h"

/* One number, or the rows of one column with a line end behind each. */
static const char *ask(const char *path, const char *sql)
{
	static char answer[65536];
	sqlite3 *handle;
	sqlite3_stmt *stmt;
	size_t length = 0;
	assert_int_equal(sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	if (sqlite3_prepare_v2(handle, sql, -1, &stmt, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(handle));
	answer[0] = '\0';
	while (sqlite3_step(stmt) == SQLITE_ROW)
		length += (size_t)snprintf(
			answer + length, sizeof(answer) - length, "%s\n", (const char *)sqlite3_column_text(stmt, 0));
	assert_true(length < sizeof(answer));
	sqlite3_finalize(stmt);
	sqlite3_close(handle);
	return answer;
}

static void close_store(struct store_fixture *fixture)
{
	db_close(fixture->reader);
	db_close(fixture->writer);
	fixture->reader = fixture->writer = NULL;
}

/* A file as a reviewd made it that knew the first `version` migrations. */
static void make_store(struct store_fixture *fixture, int version)
{
	char marks[128];
	static struct db db;
	unlink(fixture->path);
	assert_int_equal(sqlite3_open(fixture->path, &db.handle), SQLITE_OK);
	/* The index of words is made with a tokenizer of our own. */
	assert_int_equal(fts_register(&db), SQLITE_OK);
	assert_int_equal(functions_add(db.handle), SQLITE_OK);
	sqlite3 *handle = db.handle;
	for (int i = 0; i < version; i++)
		assert_int_equal(sqlite3_exec(handle, schema_migrations[i], NULL, NULL, NULL), SQLITE_OK);
	snprintf(marks, sizeof(marks), "PRAGMA application_id = 0x52565744; PRAGMA user_version = %d", version);
	assert_int_equal(sqlite3_exec(handle, marks, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_exec(handle, schema_statements[STMT_STORE_CREATE].sql, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(handle), SQLITE_OK);
}

/* All of it, and the rows that are there from the first day on. */
static const char schema[] =
	"SELECT * FROM (SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_schema "
	"WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name) "
	"UNION ALL SELECT * FROM (SELECT 'search ' || k || ' ' || v FROM search_config ORDER BY k) "
	"UNION ALL SELECT 'trial ' || only_row || ' ' || count FROM trial";

static void test_a_fresh_store_says_what_it_is(void **state)
{
	const struct store_fixture *fixture = *state;
	char version[16];
	snprintf(version, sizeof(version), "%d\n", SCHEMA_VERSION);
	assert_string_equal(ask(fixture->path, "PRAGMA user_version"), version);
	assert_string_equal(
		ask(fixture->path, "SELECT printf('%X', application_id) FROM pragma_application_id"), "52565744\n");
	assert_string_equal(ask(fixture->path, "SELECT count(*) FROM store"), "1\n");
	assert_string_equal(ask(fixture->path, "SELECT revision FROM store"), "0\n");
	assert_string_equal(ask(fixture->path, "PRAGMA journal_mode"), "wal\n");
}

static void test_every_table_is_strict(void **state)
{
	const struct store_fixture *fixture = *state;
	assert_string_equal(
		ask(fixture->path, "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' "
				   "AND NOT strict AND name NOT LIKE 'sqlite_%'"),
		"");
	assert_string_not_equal(
		ask(fixture->path, "SELECT name FROM pragma_table_list WHERE name = 'review' AND strict"), "");
}

static void test_two_stores_differ(void **state)
{
	struct store_fixture *fixture = *state;
	struct store_info first, second;
	struct db_error error;
	assert_int_equal(store_get(fixture->reader, &fixture->arena, &first), DB_OK);
	close_store(fixture);
	unlink(fixture->path);
	assert_int_equal(db_open(fixture->path, DB_WRITE, &fixture->writer, &error), DB_OK);
	assert_int_equal(store_get(fixture->writer, &fixture->arena, &second), DB_OK);
	assert_string_not_equal(first.uuid, second.uuid);
}

static void test_every_older_store_is_brought_up(void **state)
{
	struct store_fixture *fixture = *state;
	struct db_error error;
	static char fresh[65536];
	snprintf(fresh, sizeof(fresh), "%s", ask(fixture->path, schema));
	close_store(fixture);
	for (int version = 1; version <= SCHEMA_VERSION; version++) {
		make_store(fixture, version);
		if (version < SCHEMA_VERSION)
			assert_int_equal(db_open(fixture->path, DB_READ, &fixture->reader, &error), DB_DENIED);
		assert_int_equal(db_open(fixture->path, DB_WRITE, &fixture->writer, &error), DB_OK);
		assert_false(db_is_new(fixture->writer));
		assert_int_equal(db_open(fixture->path, DB_READ, &fixture->reader, &error), DB_OK);
		assert_string_equal(ask(fixture->path, schema), fresh);
		store_fixture_put(fixture, library[0]);
		store_fixture_prove(fixture);
		close_store(fixture);
	}
}

/* As mentions stood before the eighth migration. */
static const char mentions_apart[] =
	"ALTER TABLE mention RENAME TO now; ALTER TABLE mention_agent RENAME TO now_agent; DROP INDEX mention_work; "
	"CREATE TABLE mention (mention_id INTEGER PRIMARY KEY, review_id INTEGER NOT NULL, work_id INTEGER, "
	"start_codepoint INTEGER NOT NULL, end_codepoint INTEGER NOT NULL, start_byte INTEGER NOT NULL, "
	"end_byte INTEGER NOT NULL) STRICT; "
	"INSERT INTO mention SELECT mention_id, mention_id >> 20, work_id, json_extract(numbers, '$[0]'), "
	"json_extract(numbers, '$[1]'), json_extract(numbers, '$[2]'), json_extract(numbers, '$[3]') "
	"FROM (SELECT *, '[' || replace(span, ' ', ',') || ']' AS numbers FROM now); "
	"CREATE TABLE mention_agent (mention_id INTEGER NOT NULL REFERENCES mention, position INTEGER NOT NULL, "
	"agent_id INTEGER NOT NULL, PRIMARY KEY (mention_id, position)) STRICT, WITHOUT ROWID; "
	"INSERT INTO mention_agent SELECT mention_id, key, value "
	"FROM now, json_each('[' || replace(agents, ' ', ',') || ']'); "
	"DROP TABLE now; DROP TABLE now_agent; CREATE INDEX mention_work ON mention (work_id, mention_id) "
	"WHERE work_id IS NOT NULL; CREATE UNIQUE INDEX mention_agent_agent ON mention_agent (agent_id, mention_id)";

/* As the spans of quotes stood before the sixth migration. */
static const char spans_apart[] =
	"CREATE TABLE quote_span (quote_id INTEGER NOT NULL REFERENCES quote, position INTEGER NOT NULL, "
	"start_codepoint INTEGER NOT NULL, end_codepoint INTEGER NOT NULL, start_byte INTEGER NOT NULL, "
	"end_byte INTEGER NOT NULL, PRIMARY KEY (quote_id, position)) STRICT, WITHOUT ROWID; "
	"WITH RECURSIVE numbers AS (SELECT quote_id, -1 AS place, spans || ' ' AS rest, '' AS number FROM quote UNION "
	"ALL "
	"SELECT quote_id, place + 1, substr(rest, instr(rest, ' ') + 1), substr(rest, 1, instr(rest, ' ') - 1) FROM "
	"numbers "
	"WHERE rest <> '') "
	"INSERT INTO quote_span SELECT quote_id, place / 4, max(CASE place % 4 WHEN 0 THEN CAST(number AS INTEGER) "
	"END), "
	"max(CASE place % 4 WHEN 1 THEN CAST(number AS INTEGER) END), max(CASE place % 4 WHEN 2 THEN CAST(number AS "
	"INTEGER) END), "
	"max(CASE place % 4 WHEN 3 THEN CAST(number AS INTEGER) END) FROM numbers WHERE place >= 0 GROUP BY quote_id, "
	"place / 4";

/* Takes away what the fourth migration and those behind it bring, as if it had never been there; the keys of names are
 * those of another program. */
static void take_back_lists(const char *path)
{
	static const char *const statements[] = { mentions_apart, spans_apart, "ALTER TABLE quote DROP COLUMN spans",
		"DROP INDEX agent_kind_name", "DROP INDEX work_title", "DROP INDEX work_published",
		"DROP INDEX work_contributor_agent", "DROP INDEX review_title", "DROP INDEX review_reviewer",
		"DROP INDEX review_language", "DROP INDEX review_published", "DROP INDEX review_updated",
		"DROP TABLE quote_length", "DROP TABLE agent_role", "ALTER TABLE quote DROP COLUMN speaker_id",
		"DROP TABLE review_trait", "DROP TABLE review_place", "ALTER TABLE agent DROP COLUMN name_key",
		"ALTER TABLE work DROP COLUMN title_key", "ALTER TABLE review DROP COLUMN title_key",
		"ALTER TABLE review DROP COLUMN reviewer_key", "ALTER TABLE review DROP COLUMN quotes",
		"ALTER TABLE quote DROP COLUMN codepoints", "ALTER TABLE quote DROP COLUMN shuffle_key",
		"UPDATE agent_name SET key = 'another ' || position", "PRAGMA user_version = 3" };
	static struct db db;
	char *error = NULL;
	assert_int_equal(sqlite3_open(path, &db.handle), SQLITE_OK);
	assert_int_equal(fts_register(&db), SQLITE_OK);
	for (size_t i = 0; i < sizeof(statements) / sizeof(statements[0]); i++) {
		if (sqlite3_exec(db.handle, statements[i], NULL, NULL, &error) != SQLITE_OK)
			fail_msg("%s: %s", statements[i], error);
	}
	assert_int_equal(sqlite3_close(db.handle), SQLITE_OK);
}

/* What lists are made by is the same as if the reviews had come behind the migration. */
static void test_what_an_older_store_holds_is_brought_up(void **state)
{
	static const char what[] =
		"SELECT 'agent ' || slug || ' ' || name_key FROM agent UNION ALL "
		"SELECT 'name ' || agent_id || ' ' || position || ' ' || key FROM agent_name UNION ALL "
		"SELECT 'work ' || slug || ' ' || ifnull(title_key, '-') FROM work UNION ALL "
		"SELECT 'review ' || slug || ' ' || ifnull(title_key, '-') || ' ' || ifnull(reviewer_key, '-') || ' ' "
		"|| quotes "
		"FROM review UNION ALL "
		"SELECT 'quote ' || quote_id || ' ' || codepoints || ' ' || shuffle_key || ' ' || spans || ' ' || "
		"ifnull(speaker_id, '-') FROM quote UNION ALL "
		"SELECT 'role ' || agent_id || ' ' || role || ' ' || quotes FROM agent_role UNION ALL "
		"SELECT 'mention ' || mention_id || ' ' || ifnull(work_id, '-') || ' ' || span || ' ' || agents FROM "
		"mention UNION ALL "
		"SELECT 'length ' || codepoints || ' ' || quote_id FROM quote_length UNION ALL "
		"SELECT 'named ' || agent_id || ' ' || mention_id FROM mention_agent UNION ALL "
		"SELECT 'trait ' || review_id || ' ' || form || ' ' || attribution || ' ' || spoiler || ' ' || quotes "
		"FROM review_trait UNION ALL "
		"SELECT 'places ' || first || ' ' || review_id || ' ' || places FROM review_place ORDER BY 1";
	struct store_fixture *fixture = *state;
	struct db_error error;
	static char before[65536];
	for (size_t i = 0; i < 3; i++)
		store_fixture_put(fixture, library[i]);
	snprintf(before, sizeof(before), "%s", ask(fixture->path, what));
	assert_non_null(strstr(before, "review moonraker-nl bond-speelt-bridge"));
	assert_non_null(strstr(before, "trait 1 "));
	assert_non_null(strstr(before, "role 1 "));
	assert_non_null(strstr(before, "mention 1048576 "));
	assert_non_null(strstr(before, "named 1 "));
	assert_non_null(strstr(before, "length "));
	close_store(fixture);
	take_back_lists(fixture->path);
	assert_int_equal(db_open(fixture->path, DB_READ, &fixture->reader, &error), DB_DENIED);
	assert_int_equal(db_open(fixture->path, DB_WRITE, &fixture->writer, &error), DB_OK);
	assert_int_equal(db_open(fixture->path, DB_READ, &fixture->reader, &error), DB_OK);
	assert_string_equal(ask(fixture->path, what), before);
	store_fixture_prove(fixture);
}

/* The revision and the content stay what they are when a store is opened again. */
static void test_a_store_of_this_version_is_left_alone(void **state)
{
	struct store_fixture *fixture = *state;
	struct db_error error;
	static char before[65536];
	store_fixture_put(fixture, library[0]);
	snprintf(before, sizeof(before), "%s", ask(fixture->path, schema));
	close_store(fixture);
	assert_int_equal(db_open(fixture->path, DB_WRITE, &fixture->writer, &error), DB_OK);
	assert_int_equal(db_open(fixture->path, DB_READ, &fixture->reader, &error), DB_OK);
	assert_string_equal(ask(fixture->path, schema), before);
	assert_string_equal(ask(fixture->path, "SELECT revision FROM store"), "1\n");
	store_fixture_prove(fixture);
}

#define WITH_STORE(test) cmocka_unit_test_setup_teardown(test, store_fixture_empty, store_fixture_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_STORE(test_a_fresh_store_says_what_it_is),
		WITH_STORE(test_every_table_is_strict),
		WITH_STORE(test_two_stores_differ),
		WITH_STORE(test_every_older_store_is_brought_up),
		WITH_STORE(test_what_an_older_store_holds_is_brought_up),
		WITH_STORE(test_a_store_of_this_version_is_left_alone),
	};
	return cmocka_run_group_tests_name("migrate", tests, NULL, NULL);
}
