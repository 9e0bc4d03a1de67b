// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "db/text/word_set.h"

static bool adds(struct word_set *set, const char *word)
{
	uint32_t start;
	bool added;
	assert_true(word_set_add(set, word, strlen(word), &start, &added));
	return added;
}

static void test_word_set_knows_each_word_once(void **state)
{
	(void)state;
	struct word_set set = { .count = 0 };
	assert_true(adds(&set, "boek"));
	assert_true(adds(&set, "boeken"));
	assert_true(adds(&set, "boe"));
	assert_false(adds(&set, "boek"));
	assert_true(adds(&set, ""));
	assert_false(adds(&set, ""));
	assert_int_equal(set.count, 4);
	assert_memory_equal(set.words.data, "boek\0boeken\0boe\0\0", 17);
	word_set_deinit(&set);
	assert_true(adds(&set, "boek"));
	word_set_deinit(&set);
}

static void test_word_set_grows(void **state)
{
	(void)state;
	enum { WORDS = 10000 };
	struct word_set set = { .count = 0 };
	char word[16];
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < WORDS; i++) {
			snprintf(word, sizeof(word), "w%d", i);
			assert_int_equal(adds(&set, word), round == 0);
		}
	}
	assert_int_equal(set.count, WORDS);
	assert_true(set.count <= set.slot_count / 2);
	word_set_deinit(&set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_word_set_knows_each_word_once),
		cmocka_unit_test(test_word_set_grows),
	};
	return cmocka_run_group_tests_name("word_set", tests, NULL, NULL);
}
