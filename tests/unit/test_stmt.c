// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sqlite3.h>
#include <string.h>

#include "db/connection.h"
#include "db/stmt.h"
#include "db/store.h"
#include "tests/support/store_fixture.h"

static void test_every_statement_is_prepared(void **state)
{
	const struct store_fixture *fixture = *state;
	struct db *const connections[] = { fixture->writer, fixture->reader };
	for (size_t c = 0; c < 2; c++) {
		for (int i = 0; i < STATEMENT_COUNT; i++) {
			const struct stmt *stmt = &connections[c]->statements[i];
			assert_string_equal(stmt->name, schema_statements[i].name);
			assert_int_equal(stmt->args, schema_statements[i].args);
			assert_false(stmt->leased);
			if (connections[c]->mode == DB_READ && !stmt->handle)
				continue;
			assert_string_equal(sqlite3_sql(stmt->handle), schema_statements[i].sql);
			assert_int_equal(sqlite3_bind_parameter_count(stmt->handle), schema_statements[i].args);
			assert_int_equal(sqlite3_column_count(stmt->handle), schema_statements[i].columns);
		}
	}
}

/* By what SQLite itself says of the writer's statements, so that none can be forgotten. */
static void test_a_reader_holds_no_statement_that_writes(void **state)
{
	const struct store_fixture *fixture = *state;
	unsigned writing = 0;
	for (int i = 0; i < STATEMENT_COUNT; i++) {
		bool reads = sqlite3_stmt_readonly(fixture->writer->statements[i].handle);
		assert_int_equal(fixture->reader->statements[i].handle != NULL, reads);
		writing += !reads;
	}
	assert_true(writing > 10);
}

static void test_a_reader_cannot_run_what_writes(void **state)
{
	const struct store_fixture *fixture = *state;
	store_fixture_log();
	struct stmt *stmt = db_stmt(fixture->reader, STMT_REVIEW_AGENTS_DELETE);
	stmt_bind_int(stmt, ARG_REVIEW_AGENTS_DELETE_REVIEW_ID, 1);
	assert_int_equal(stmt_run(stmt), DB_FAULT);
	store_fixture_unlog();
	assert_string_equal(logged, "store: review_agents_delete: this connection only reads\n");
}

static void test_a_forgotten_argument_is_a_fault(void **state)
{
	const struct store_fixture *fixture = *state;
	store_fixture_log();
	struct stmt *stmt = db_stmt(fixture->reader, STMT_CHANGE_LIST);
	stmt_bind_int(stmt, ARG_CHANGE_LIST_AFTER_REVISION, 1000);
	stmt_bind_int(stmt, ARG_CHANGE_LIST_AFTER_NOUN, 0);
	stmt_bind_int(stmt, ARG_CHANGE_LIST_LIMIT, 1);
	assert_int_equal(stmt_step(stmt), DB_FAULT);
	assert_string_equal(logged, "store: change_list: an argument is not bound\n");
	/* NULL is a value like others. */
	stmt_bind_null(stmt, ARG_CHANGE_LIST_AFTER_SLUG);
	assert_int_equal(stmt_step(stmt), DB_NOT_FOUND);
	stmt_release(stmt);

	/* A release forgets what was bound. */
	stmt = db_stmt(fixture->reader, STMT_CHANGE_LIST);
	stmt_bind_int(stmt, ARG_CHANGE_LIST_AFTER_REVISION, 1000);
	stmt_bind_text(stmt, ARG_CHANGE_LIST_AFTER_SLUG, "");
	assert_int_equal(stmt_step(stmt), DB_FAULT);
	stmt_release(stmt);

	/* A number of an argument that is not there binds nothing. */
	stmt = db_stmt(fixture->reader, STMT_AGENT_GET);
	stmt_bind_text(stmt, 2, "smersh");
	assert_int_equal(stmt_step(stmt), DB_FAULT);
	stmt_release(stmt);
	store_fixture_unlog();
}

static void test_rows_come_one_by_one(void **state)
{
	struct store_fixture *fixture = store_fixture_reading(state);
	struct stmt *stmt = db_stmt(fixture->reader, STMT_REVIEW_NEAR_AFTER);
	stmt_bind_text_n(stmt, ARG_REVIEW_NEAR_AFTER_SLUG, "moonraker-nl and more", strlen("moonraker-nl"));
	assert_int_equal(stmt_step(stmt), DB_OK);
	assert_string_equal(stmt_text(stmt, COL_REVIEW_NEAR_AFTER_SLUG, NULL), "moonraker-nl");
	assert_int_equal(stmt_step(stmt), DB_OK);
	assert_string_equal(stmt_text(stmt, COL_REVIEW_NEAR_AFTER_SLUG, NULL), "note");
	assert_int_equal(stmt_step(stmt), DB_NOT_FOUND);
	stmt_release(stmt);
	stmt_release(stmt);
	stmt_release(NULL);
}

static void test_columns_of_every_kind(void **state)
{
	struct store_fixture *fixture = store_fixture_reading(state);
	STMT_LEASE struct stmt *stmt = db_stmt(fixture->reader, STMT_REVIEW_GET);
	stmt_bind_text(stmt, ARG_REVIEW_GET_SLUG, "moonraker-nl");
	assert_int_equal(stmt_step(stmt), DB_OK);
	size_t length = 0;
	assert_true(stmt_real(stmt, COL_REVIEW_GET_RATING_VALUE) == 4.5);
	assert_int_equal(stmt_int(stmt, COL_REVIEW_GET_REVISION), 1);
	assert_string_equal(stmt_text(stmt, COL_REVIEW_GET_SLUG, &length), "moonraker-nl");
	assert_int_equal(length, strlen("moonraker-nl"));
	const char *copy = stmt_copy(stmt, COL_REVIEW_GET_LANGUAGE, &fixture->arena);
	stmt_release(stmt);
	assert_string_equal(copy, "nl-BE");
	assert_int_equal(stmt_row_status(stmt), DB_OK);
}

static void test_null_columns_are_null_and_no_fault(void **state)
{
	struct store_fixture *fixture = store_fixture_reading(state);
	STMT_LEASE struct stmt *stmt = db_stmt(fixture->reader, STMT_REVIEW_GET);
	stmt_bind_text(stmt, ARG_REVIEW_GET_SLUG, "note");
	assert_int_equal(stmt_step(stmt), DB_OK);
	assert_true(stmt_is_null(stmt, COL_REVIEW_GET_TITLE));
	assert_false(stmt_is_null(stmt, COL_REVIEW_GET_SLUG));
	assert_null(stmt_text(stmt, COL_REVIEW_GET_TITLE, NULL));
	assert_null(stmt_copy(stmt, COL_REVIEW_GET_TITLE, &fixture->arena));
	assert_int_equal(stmt_int(stmt, COL_REVIEW_GET_WORK_ID), 0);
	assert_int_equal(stmt_row_status(stmt), DB_OK);
}

static void test_counting_and_running_release_the_statement(void **state)
{
	const struct store_fixture *fixture = *state;
	for (int round = 0; round < 2; round++) {
		int64_t total = -1;
		struct stmt *stmt = db_stmt(fixture->reader, STMT_QUOTE_COUNT_BY_REVIEW);
		stmt_bind_int(stmt, ARG_QUOTE_COUNT_BY_REVIEW_REVIEW_ID, 1);
		assert_int_equal(stmt_count(stmt, &total), DB_OK);
		assert_int_equal(total, 4);
		assert_false(stmt->leased);
	}
	assert_int_equal(stmt_run(db_stmt(fixture->reader, STMT_BEGIN_READ)), DB_OK);
	assert_int_equal(stmt_run(db_stmt(fixture->reader, STMT_COMMIT)), DB_OK);
}

/* What the schema forbids is a fault, and the log says which statement tried. */
static void test_a_broken_rule_of_the_schema_is_a_fault(void **state)
{
	const struct store_fixture *fixture = *state;
	store_fixture_log();
	assert_int_equal(db_begin_write(fixture->writer), DB_OK);
	struct stmt *stmt = db_stmt(fixture->writer, STMT_REVIEW_FURTHER_WORK_INSERT);
	stmt_bind_int(stmt, ARG_REVIEW_FURTHER_WORK_INSERT_REVIEW_ID, 1);
	stmt_bind_int(stmt, ARG_REVIEW_FURTHER_WORK_INSERT_POSITION, 900);
	stmt_bind_int(stmt, ARG_REVIEW_FURTHER_WORK_INSERT_WORK_ID, 12345);
	assert_int_equal(stmt_run(stmt), DB_FAULT);
	db_rollback(fixture->writer);
	store_fixture_unlog();
	assert_non_null(strstr(logged, "store: review_further_work_insert: FOREIGN KEY constraint failed"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_statement_is_prepared),
		cmocka_unit_test(test_a_reader_holds_no_statement_that_writes),
		cmocka_unit_test(test_a_reader_cannot_run_what_writes),
		cmocka_unit_test(test_a_forgotten_argument_is_a_fault),
		cmocka_unit_test(test_rows_come_one_by_one),
		cmocka_unit_test(test_columns_of_every_kind),
		cmocka_unit_test(test_null_columns_are_null_and_no_fault),
		cmocka_unit_test(test_counting_and_running_release_the_statement),
		cmocka_unit_test(test_a_broken_rule_of_the_schema_is_a_fault),
	};
	return cmocka_run_group_tests_name("stmt", tests, store_fixture_library, store_fixture_remove);
}
