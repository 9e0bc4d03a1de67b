// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server/documents.h"

struct expected {
	const char *json;
	uint64_t line;
};

/* A file of that content in a folder of its own, open as an input; the file is gone when it is closed. */
static struct input input_of(const char *content, size_t length)
{
	char path[] = "/tmp/documents-XXXXXX";
	struct input input;
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, content, length), length);
	close(fd);
	assert_int_equal(input_open(&input, path, -1), INPUT_OK);
	unlink(path);
	return input;
}

static void expect_documents(const char *content, const struct expected *expected, size_t count)
{
	struct documents documents;
	const char *json;
	size_t length;
	uint64_t line;
	enum input_status ended;
	struct input input = input_of(content, strlen(content));
	documents_init(&documents, &input);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(documents_next(&documents, &json, &length, &line, &ended), DOCUMENTS_OK);
		assert_int_equal(length, strlen(expected[i].json));
		assert_memory_equal(json, expected[i].json, length);
		assert_int_equal(line, expected[i].line);
	}
	assert_int_equal(documents_next(&documents, &json, &length, &line, &ended), DOCUMENTS_END);
	assert_int_equal(documents_next(&documents, &json, &length, &line, &ended), DOCUMENTS_END);
	documents_deinit(&documents);
	input_close(&input);
}

#define DOCUMENTS(...)                             \
	(const struct expected[]) { __VA_ARGS__ }, \
		sizeof((const struct expected[]) { __VA_ARGS__ }) / sizeof(struct expected)

static void test_a_file_of_nothing_has_no_document(void **state)
{
	(void)state;
	static const char *const contents[] = { "", "\n", " \t\r\n\n  \n", "   " };
	for (size_t i = 0; i < sizeof(contents) / sizeof(contents[0]); i++)
		expect_documents(contents[i], NULL, 0);
}

static void test_ndjson_has_one_document_on_each_line(void **state)
{
	(void)state;
	expect_documents("{\"a\":1}\n{\"b\":2}\n", DOCUMENTS({ "{\"a\":1}\n", 1 }, { "{\"b\":2}\n", 2 }));
	expect_documents("{}\n", DOCUMENTS({ "{}\n", 1 }));
	/* The last line may end with the file. */
	expect_documents("{\"a\":1}\n{\"b\":2}", DOCUMENTS({ "{\"a\":1}\n", 1 }, { "{\"b\":2}", 2 }));
	expect_documents("{}", DOCUMENTS({ "{}", 1 }));
}

static void test_lines_may_end_with_cr_lf(void **state)
{
	(void)state;
	expect_documents("{\"a\":1}\r\n{\"b\":2}\r\n", DOCUMENTS({ "{\"a\":1}\r\n", 1 }, { "{\"b\":2}\r\n", 2 }));
	expect_documents("{\r\n\"a\":1\r\n}\r\n", DOCUMENTS({ "{\r\n\"a\":1\r\n}\r\n", 1 }));
}

static void test_blank_lines_are_passed_over_and_counted(void **state)
{
	(void)state;
	expect_documents("\n\r\n{\"a\":1}\n \t\n{\"b\":2}\n\n\n{\"c\":3}",
		DOCUMENTS({ "{\"a\":1}\n", 3 }, { "{\"b\":2}\n", 5 }, { "{\"c\":3}", 8 }));
	expect_documents("\n\n{\n\n}\n", DOCUMENTS({ "{\n\n}\n", 3 }));
}

static void test_one_document_over_many_lines(void **state)
{
	(void)state;
	expect_documents("{\n  \"a\": [\n    1\n  ]\n}\n", DOCUMENTS({ "{\n  \"a\": [\n    1\n  ]\n}\n", 1 }));
	expect_documents("{\n\"a\":1\n}", DOCUMENTS({ "{\n\"a\":1\n}", 1 }));
	expect_documents("[\n1]", DOCUMENTS({ "[\n1]", 1 }));
	/* A bracket in a string opens nothing; a quotation mark behind a backslash ends no string. */
	expect_documents(
		"{\"a\":\"{[\\\"\"}\n{\"b\":2}\n", DOCUMENTS({ "{\"a\":\"{[\\\"\"}\n", 1 }, { "{\"b\":2}\n", 2 }));
	expect_documents("{\"a\":\"}]\\\\\",\n\"b\":2}\n", DOCUMENTS({ "{\"a\":\"}]\\\\\",\n\"b\":2}\n", 1 }));
}

/* A bad line costs that line alone. */
static void test_a_bad_line_among_others(void **state)
{
	(void)state;
	expect_documents("{\"a\":\n{\"b\":2}\n{\"c\":3}\n",
		DOCUMENTS({ "{\"a\":\n", 1 }, { "{\"b\":2}\n", 2 }, { "{\"c\":3}\n", 3 }));
	expect_documents("{\"a\":1}\n{\"b\":\n{\"c\":3}\n",
		DOCUMENTS({ "{\"a\":1}\n", 1 }, { "{\"b\":\n", 2 }, { "{\"c\":3}\n", 3 }));
	expect_documents("oops\n{\"b\":2}\n", DOCUMENTS({ "oops\n", 1 }, { "{\"b\":2}\n", 2 }));
	expect_documents("{\"a\":1}}}\n{\"b\":2}\n", DOCUMENTS({ "{\"a\":1}}}\n", 1 }, { "{\"b\":2}\n", 2 }));
}

static void test_a_nul_byte_is_passed_on(void **state)
{
	(void)state;
	struct documents documents;
	const char *json;
	size_t length;
	uint64_t line;
	enum input_status ended;
	struct input input = input_of("{\"a\0\"}\n{}\n", 10);
	documents_init(&documents, &input);
	assert_int_equal(documents_next(&documents, &json, &length, &line, &ended), DOCUMENTS_OK);
	assert_int_equal(length, 7);
	assert_memory_equal(json, "{\"a\0\"}\n", 7);
	assert_int_equal(documents_next(&documents, &json, &length, &line, &ended), DOCUMENTS_OK);
	assert_int_equal(line, 2);
	documents_deinit(&documents);
	input_close(&input);
}

static void test_a_document_of_many_long_lines(void **state)
{
	(void)state;
	enum { LINES = 300, WIDTH = 3000, ALL = LINES * (WIDTH + 1) };
	char *content = malloc(ALL + 1);
	assert_non_null(content);
	for (size_t i = 0; i < LINES; i++) {
		memset(content + i * (WIDTH + 1), 'a' + (int)(i % 26), WIDTH);
		content[i * (WIDTH + 1) + WIDTH] = '\n';
	}
	content[ALL] = '\0';
	content[0] = '{';
	expect_documents(content, (const struct expected[]) { { content, 1 } }, 1);
	free(content);
}

static void test_a_document_that_is_too_long_is_passed_over(void **state)
{
	(void)state;
	struct documents documents;
	const char *json;
	size_t length;
	uint64_t line;
	enum input_status ended;
	const char content[] = "{\"a\":1}\n{\"b\":\"a line of more than thirty bytes\"}\n{\"c\":3}\n";
	struct input input = input_of(content, strlen(content));
	documents_init(&documents, &input);
	documents.max = 30;
	assert_int_equal(documents_next(&documents, &json, &length, &line, &ended), DOCUMENTS_OK);
	assert_int_equal(documents_next(&documents, &json, &length, &line, &ended), DOCUMENTS_TOO_LONG);
	assert_int_equal(line, 2);
	assert_int_equal(documents_next(&documents, &json, &length, &line, &ended), DOCUMENTS_OK);
	assert_int_equal(line, 3);
	assert_memory_equal(json, "{\"c\":3}", 7);
	assert_int_equal(documents_next(&documents, &json, &length, &line, &ended), DOCUMENTS_END);
	documents_deinit(&documents);
	input_close(&input);
}

static void test_a_file_that_cannot_be_read_says_so(void **state)
{
	(void)state;
	struct documents documents;
	const char *json;
	size_t length;
	uint64_t line;
	/* A folder can be opened, but not read. */
	enum input_status ended = INPUT_OK;
	struct input input;
	assert_int_equal(input_open(&input, "/tmp", -1), INPUT_OK);
	documents_init(&documents, &input);
	assert_int_equal(documents_next(&documents, &json, &length, &line, &ended), DOCUMENTS_INPUT);
	assert_int_equal(ended, INPUT_UNREADABLE);
	assert_int_equal(errno, EISDIR);
	documents_deinit(&documents);
	input_close(&input);
}

static void test_a_reader_may_stop_before_the_end(void **state)
{
	(void)state;
	struct documents documents;
	const char *json;
	size_t length;
	uint64_t line;
	enum input_status ended;
	struct input input = input_of("{\n{\n{\n", 6);
	documents_init(&documents, &input);
	documents_deinit(&documents);
	documents_init(&documents, &input);
	assert_int_equal(documents_next(&documents, &json, &length, &line, &ended), DOCUMENTS_OK);
	documents_deinit(&documents);
	input_close(&input);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_file_of_nothing_has_no_document),
		cmocka_unit_test(test_ndjson_has_one_document_on_each_line),
		cmocka_unit_test(test_lines_may_end_with_cr_lf),
		cmocka_unit_test(test_blank_lines_are_passed_over_and_counted),
		cmocka_unit_test(test_one_document_over_many_lines),
		cmocka_unit_test(test_a_bad_line_among_others),
		cmocka_unit_test(test_a_nul_byte_is_passed_on),
		cmocka_unit_test(test_a_document_of_many_long_lines),
		cmocka_unit_test(test_a_document_that_is_too_long_is_passed_over),
		cmocka_unit_test(test_a_file_that_cannot_be_read_says_so),
		cmocka_unit_test(test_a_reader_may_stop_before_the_end),
	};
	return cmocka_run_group_tests_name("documents", tests, NULL, NULL);
}
