// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "server/json/json_parse.h"

/* What the rest of a program does with Jansson goes on as it did, through the functions it chose. */
static long blocks;

static void *allocate_counted(size_t size)
{
	blocks++;
	return malloc(size);
}

static void free_counted(void *block)
{
	blocks -= block != NULL;
	free(block);
}

static void test_a_document_is_a_tree_in_the_arena(void **state)
{
	(void)state;
	static const char json[] = "{\"a\":[1,-2.5,\"\xc3\xa9\\u00e9\\n\",true,null,{}],\"b\":\"\"}";
	struct arena arena = { 0 };
	json_error_t error;
	json_t *document;
	assert_int_equal(json_parse(json, strlen(json), &arena, &document, &error), JSON_PARSE_OK);
	const json_t *list = json_object_get(document, "a");
	assert_int_equal(json_array_size(list), 6);
	assert_int_equal(json_integer_value(json_array_get(list, 0)), 1);
	assert_true(json_real_value(json_array_get(list, 1)) == -2.5);
	assert_string_equal(json_string_value(json_array_get(list, 2)), "\xc3\xa9\xc3\xa9\n");
	assert_true(json_is_true(json_array_get(list, 3)));
	assert_true(json_is_null(json_array_get(list, 4)));
	assert_int_equal(json_object_size(json_array_get(list, 5)), 0);
	assert_int_equal(json_string_length(json_object_get(document, "b")), 0);
	arena_deinit(&arena);
}

/* Tables and strings grow several times while they are read. */
static void test_a_large_document(void **state)
{
	(void)state;
	enum { ITEMS = 20000, ITEM_BYTES = 32 };
	char *json = malloc(ITEMS * ITEM_BYTES + 100000), *end = json;
	assert_non_null(json);
	end = stpcpy(end, "{\"long\":\"");
	memset(end, 'x', 70000);
	end = stpcpy(end + 70000, "\"");
	struct arena arena = { 0 };
	for (int i = 0; i < ITEMS; i++)
		end = stpcpy(end, arena_printf(&arena, ",\"key%d\":[%d]", i, i));
	stpcpy(end, "}");
	arena_deinit(&arena);
	json_error_t error;
	json_t *document;
	assert_int_equal(json_parse(json, strlen(json), &arena, &document, &error), JSON_PARSE_OK);
	free(json);
	assert_int_equal(json_object_size(document), ITEMS + 1);
	assert_int_equal(json_string_length(json_object_get(document, "long")), 70000);
	assert_int_equal(json_integer_value(json_array_get(json_object_get(document, "key19999"), 0)), 19999);
	arena_deinit(&arena);
}

static void test_what_is_no_json_is_told_with_its_place(void **state)
{
	(void)state;
	static const char *const bad[] = { "", "{", "{\"a\":1}x", "[1,]", "{\"a\":1,\"a\":2}", "nul", "\"\x01\"",
		"[1e999]" };
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct arena arena = { 0 };
		json_error_t error = { 0 };
		json_t *document = NULL;
		assert_int_equal(json_parse(bad[i], strlen(bad[i]), &arena, &document, &error), JSON_PARSE_INVALID);
		assert_null(document);
		assert_true(error.line > 0 && *error.text);
		arena_deinit(&arena);
	}
}

static void test_others_use_jansson_as_before(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	json_error_t error;
	json_t *ours;
	long before = blocks;
	json_t *theirs = json_pack("{s:[i,s]}", "a", 1, "b");
	assert_non_null(theirs);
	long theirs_alone = blocks;
	assert_true(theirs_alone > before);
	assert_int_equal(json_parse("[1,2,3]", 7, &arena, &ours, &error), JSON_PARSE_OK);
	assert_int_equal(blocks, theirs_alone);
	json_t *copy = json_deep_copy(theirs);
	json_decref(theirs);
	assert_int_equal(blocks, theirs_alone);
	json_decref(copy);
	assert_int_equal(blocks, before);
	arena_deinit(&arena);
}

int main(void)
{
	json_set_alloc_funcs(allocate_counted, free_counted);
	/* Made before the first parse, freed after it. */
	json_t *early = json_pack("[s]", "early");
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_document_is_a_tree_in_the_arena),
		cmocka_unit_test(test_a_large_document),
		cmocka_unit_test(test_what_is_no_json_is_told_with_its_place),
		cmocka_unit_test(test_others_use_jansson_as_before),
	};
	int failed = cmocka_run_group_tests_name("json_parse", tests, NULL, NULL);
	json_decref(early);
	return failed || blocks;
}
