// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "db/check.h"
#include "tests/support/store_fixture.h"

static char findings[8192];
static int64_t progress_last, progress_calls;

static void note_finding(const char *what, void *context)
{
	size_t length = strlen(findings);
	assert_string_equal(context, "context");
	snprintf(findings + length, sizeof(findings) - length, "%s\n", what);
}

static void note_progress(int64_t done, int64_t reviews, void *context)
{
	assert_string_equal(context, "context");
	assert_int_equal(reviews, LIBRARY_REVIEWS);
	assert_int_equal(done, ++progress_calls);
	progress_last = done;
}

static struct check_result check(const struct store_fixture *fixture)
{
	static char context[] = "context";
	const struct check_listener listener = { .found = note_finding, .progress = note_progress, .context = context };
	struct check_result result;
	findings[0] = '\0';
	progress_calls = progress_last = 0;
	assert_int_equal(check_store(fixture->reader, &listener, &result), DB_OK);
	return result;
}

static void test_a_sound_store_has_nothing_to_find(void **state)
{
	const struct store_fixture *fixture = *state;
	struct check_result result = check(fixture);
	assert_string_equal(findings, "");
	assert_int_equal(result.problems, 0);
	assert_int_equal(result.reviews, LIBRARY_REVIEWS);
	assert_int_equal(progress_last, LIBRARY_REVIEWS);
	/* Spans: five and two of quotes, four and one of mentions; names with their aliases: four, two, five without.
	 */
	assert_int_equal(result.spans, 5 + 2 + 4 + 1);
	assert_int_equal(result.names, 4 + 2 + 5);
}

/* What somebody's hand, or a bug, could do to a store, and the one line that tells. */
static const struct damage {
	const char *sql, *finding;
} damages[] = {
	{ "UPDATE review_text SET text = 'y' WHERE review_id = 3", "review note: the text differs from its SHA-256\n" },
	{ "UPDATE review_text SET text = 'xx' WHERE review_id = 3",
		"review note: the text differs from its SHA-256\n"
		"review note: the length of the text differs from what is noted\n" },
	{ "UPDATE review SET text_bytes = 2 WHERE review_id = 3",
		"review note: the length of the text differs from what is noted\n" },
	{ "UPDATE review SET text_codepoints = 2 WHERE review_id = 3",
		"review note: the length of the text differs from what is noted\n" },
	{ "UPDATE review SET text_sha256 = replace(text_sha256, '1', '2') WHERE review_id = 3",
		"review note: the text differs from its SHA-256\n" },
	{ "UPDATE review_text SET text = CAST(x'ff' AS TEXT) WHERE review_id = 3",
		"review note: the text is no longer valid UTF-8 at byte 0\n" },
	{ "DELETE FROM review_text WHERE review_id = 3", "review note: the text is missing\n" },
	{ "UPDATE quote SET spans = '13 32 14 33' WHERE quote_id = 2097152",
		"review goldfinger-en: quote 1: span [13,32) does not fit the text\n" },
	{ "UPDATE quote SET spans = '57 4000 57 4000' WHERE quote_id = 2097153",
		"review goldfinger-en: quote 2: span [57,4000) does not fit the text\n" },
	{ "UPDATE mention SET span = replace(span, '98 104 ', '98 105 ') WHERE mention_id = 1048579",
		"review moonraker-nl: mention 4: span [98,105) does not fit the text\n" },
	{ "UPDATE agent_name SET key = 'SMERSH' WHERE name = 'SMERSH'",
		"agent smersh: the key of the name 'SMERSH' is wrong\n" },
	{ "UPDATE agent SET name = 'Smersh' WHERE slug = 'smersh'", "agent smersh: its name is not among its names\n" },
	{ "DELETE FROM agent_name WHERE name = 'SMERSH'", "agent smersh: its name is not among its names\n" },
	{ "UPDATE quote SET spans = '' WHERE quote_id = 1048576", "quote moonraker-nl~kaart: it has no span\n" },
	{ "UPDATE quote SET spans = spans || ' ' WHERE quote_id = 1048576",
		"quote moonraker-nl~kaart: its spans are no numbers\n" },
	{ "UPDATE quote SET spans = spans || ' 1 2 3' WHERE quote_id = 1048576",
		"quote moonraker-nl~kaart: its spans are no numbers\n" },
	{ "UPDATE quote SET spans = replace(spans, ' ', '  ') WHERE quote_id = 1048576",
		"quote moonraker-nl~kaart: its spans are no numbers\n" },
	{ "UPDATE quote SET spans = '-1 2 1 2' WHERE quote_id = 1048576",
		"quote moonraker-nl~kaart: its spans are no numbers\n" },
	{ "UPDATE quote SET spans = '0 4294967296 0 1' WHERE quote_id = 1048576",
		"quote moonraker-nl~kaart: its spans are no numbers\n" },
	{ "UPDATE mention SET span = span || ' ' || span WHERE mention_id = 1048579",
		"review moonraker-nl: mention 4: its span is no four numbers\n" },
	{ "UPDATE mention SET span = '98' WHERE mention_id = 1048579",
		"review moonraker-nl: mention 4: its span is no four numbers\n" },
	{ "UPDATE mention SET agents = agents || ',' WHERE mention_id = 2097152",
		"review goldfinger-en: mention 1: whom it names is told by no numbers\n" },
	{ "DELETE FROM quote_length WHERE quote_id = 1048576",
		"quote moonraker-nl~kaart: its place by length is another, or one too many\n" },
	{ "UPDATE quote_length SET codepoints = codepoints + 1 WHERE quote_id = 1048576",
		"quote moonraker-nl~kaart: its place by length is another, or one too many\n"
		"quote number 1048576: its place by length is another, or one too many\n" },
	{ "INSERT INTO quote_length SELECT codepoints + 1, quote_id FROM quote WHERE quote_id = 1048576",
		"quote number 1048576: its place by length is another, or one too many\n" },
	{ "DELETE FROM mention_agent WHERE mention_id = 2097152",
		"review goldfinger-en: other agents lead to its mentions than these name\n" },
	{ "INSERT INTO mention_agent SELECT agent_id, 2097152 FROM agent WHERE slug = 'm'",
		"review goldfinger-en: other agents lead to its mentions than these name\n" },
	{ "UPDATE mention_agent SET agent_id = (SELECT agent_id FROM agent WHERE slug = 'm') WHERE mention_id = "
	  "2097152",
		"review goldfinger-en: other agents lead to its mentions than these name\n" },
	{ "INSERT INTO mention VALUES (104857600, 1, '0 1 0 1', ''); UPDATE store SET mentions = mentions + 1",
		"review number 100: there is none, but mentions in it\n" },
	{ "UPDATE mention SET agents = '' WHERE mention_id = 2097152",
		"review goldfinger-en: a mention names nobody, or agents and a work\n" },
	{ "UPDATE mention SET work_id = 1 WHERE mention_id = 2097152",
		"review goldfinger-en: a mention names nobody, or agents and a work\n" },
	{ "UPDATE store SET quotes = 7", "store: there are 6 quotes, but 7 are noted\n" },
	{ "UPDATE store SET organisations = 0, mentions = 0", "store: there are 1 organisations, but 0 are noted\n"
							      "store: there are 5 mentions, but 0 are noted\n" },
	{ "UPDATE agent SET kind = 2 WHERE slug = 'm'", "store: there are 1 characters, but 2 are noted\n"
							"store: there are 2 organisations, but 1 are noted\n" },
	{ "DELETE FROM agent WHERE slug = 'smersh'",
		"table review_agent: rows that refer to what table agent does not have: 1\n" },
	{ "UPDATE quote SET work_id = 99 WHERE quote_id = 1048576",
		"table quote: rows that refer to what table work does not have: 1\n" },
};

static void test_every_damage_is_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(damages) / sizeof(damages[0]); i++) {
		void *own;
		store_fixture_library(&own);
		store_fixture_damage(own, damages[i].sql);
		struct check_result result = check(own);
		if (!strstr(findings, damages[i].finding))
			fail_msg("%s: found only\n%s", damages[i].sql, findings);
		int64_t lines = 0;
		for (const char *c = findings; (c = strchr(c, '\n')); c++)
			lines++;
		assert_int_equal(result.problems, lines);
		assert_true(lines > 0);
		store_fixture_remove(&own);
	}
}

/* Bytes of the file that changed on the disk, page by page. */
static void test_a_damaged_file_never_passes_for_whole(void **state)
{
	(void)state;
	enum { PAGE = 4096 };
	size_t pages = 1;
	for (size_t page = 1; page < pages; page++) {
		void *own;
		struct db_error error;
		struct check_result result;
		const struct check_listener listener = { .found = note_finding, .context = (char[]) { "context" } };
		store_fixture_library(&own);
		struct store_fixture *fixture = own;
		db_close(fixture->reader);
		db_close(fixture->writer);
		fixture->reader = fixture->writer = NULL;
		int file = open(fixture->path, O_RDWR);
		pages = (size_t)lseek(file, 0, SEEK_END) / PAGE;
		static char noise[PAGE];
		memset(noise, 0xa5, sizeof(noise));
		assert_int_equal(pwrite(file, noise, PAGE, (off_t)(page * PAGE)), PAGE);
		close(file);
		store_fixture_log();
		findings[0] = '\0';
		result.problems = 0;
		enum db_status status = db_open(fixture->path, DB_READ, &fixture->reader, &error);
		if (status == DB_OK)
			status = check_store(fixture->reader, &listener, &result);
		store_fixture_unlog();
		if (status == DB_OK)
			assert_true(result.problems > 0);
		else
			assert_int_equal(status, DB_CORRUPT);
		store_fixture_remove(&own);
	}
}

static void test_a_quick_check_passes_a_sound_store(void **state)
{
	const struct store_fixture *fixture = *state;
	struct db_error error = { "untouched" };
	assert_int_equal(check_quick(fixture->reader, 0, &error), DB_OK);
	assert_int_equal(check_quick(fixture->reader, INT64_MAX, &error), DB_OK);
	assert_string_equal(error.message, "untouched");
}

static void test_a_quick_check_tells_what_is_broken(void **state)
{
	struct store_fixture *fixture = *state;
	struct db_error error = { "" };
	/* An index that lacks a row of its table is nothing a reader would notice. */
	store_fixture_damage(fixture, "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = "
				      "(SELECT rootpage FROM sqlite_schema WHERE name = 'work') WHERE name = 'agent'");
	db_close(fixture->reader);
	fixture->reader = NULL;
	assert_int_equal(db_open(fixture->path, DB_READ, &fixture->reader, &error), DB_OK);
	store_fixture_log();
	assert_int_equal(check_quick(fixture->reader, INT64_MAX, &error), DB_CORRUPT);
	store_fixture_unlog();
	assert_non_null(strstr(error.message, "it is damaged: "));
}

/* However large the file is: each root is looked at, whatever table or index it is of. */
static void test_a_quick_check_finds_every_broken_root(void **state)
{
	(void)state;
	enum { PAGE = 4096 };
	static const char *const roots[] = { "agent", "agent_name_key", "change", "mention", "mention_agent", "quote",
		"quote_agent_agent", "quote_length", "review", "review_text", "search_data", "search_idx", "suggestion",
		"sqlite_autoindex_review_1", "word_form", "work", "work_contributor" };
	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++) {
		void *own;
		struct db_error error = { "" };
		store_fixture_library(&own);
		struct store_fixture *fixture = own;
		int64_t page = store_fixture_root(own, roots[i]);
		db_close(fixture->reader);
		db_close(fixture->writer);
		fixture->reader = fixture->writer = NULL;
		int file = open(fixture->path, O_RDWR);
		static char noise[PAGE];
		memset(noise, 0xa5, sizeof(noise));
		assert_int_equal(pwrite(file, noise, PAGE, (off_t)((page - 1) * PAGE)), PAGE);
		close(file);
		store_fixture_log();
		enum db_status status = db_open(fixture->path, DB_READ, &fixture->reader, &error);
		if (status == DB_OK)
			status = check_quick(fixture->reader, 0, &error);
		store_fixture_unlog();
		if (status != DB_CORRUPT)
			fail_msg("%s: %d", roots[i], (int)status);
		assert_true(*error.message);
		store_fixture_remove(&own);
	}
}

#define WITH_STORE(test) cmocka_unit_test_setup_teardown(test, store_fixture_library, store_fixture_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_STORE(test_a_sound_store_has_nothing_to_find),
		cmocka_unit_test(test_every_damage_is_found),
		cmocka_unit_test(test_a_damaged_file_never_passes_for_whole),
		WITH_STORE(test_a_quick_check_passes_a_sound_store),
		WITH_STORE(test_a_quick_check_tells_what_is_broken),
		cmocka_unit_test(test_a_quick_check_finds_every_broken_root),
	};
	return cmocka_run_group_tests_name("check", tests, NULL, NULL);
}
