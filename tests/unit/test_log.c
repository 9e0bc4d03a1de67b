// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "db/log.h"

static char last[2048];
static unsigned lines;

static void keep(const char *line)
{
	assert_true(strlen(line) < sizeof(last));
	memcpy(last, line, strlen(line) + 1);
	lines++;
}

static void test_a_line_goes_to_the_sink_once(void **state)
{
	(void)state;
	log_set_sink(keep);
	lines = 0;
	log_line("store: %s (%d)", "disk I/O error", 10);
	log_set_sink(NULL);
	assert_string_equal(last, "store: disk I/O error (10)");
	assert_int_equal(lines, 1);
}

static void test_no_second_line_can_be_forged(void **state)
{
	(void)state;
	char controls[34], expected[34];
	for (int i = 0; i < 31; i++)
		controls[i] = (char)(i + 1);
	controls[31] = 0x7f;
	controls[32] = '~';
	controls[33] = '\0';
	memset(expected, '?', 32);
	expected[32] = '~';
	expected[33] = '\0';
	log_set_sink(keep);
	log_line("%s", controls);
	assert_string_equal(last, expected);
	log_line("één 𝄞 %%");
	assert_string_equal(last, "één 𝄞 %");
	log_set_sink(NULL);
}

static void test_a_long_line_is_cut(void **state)
{
	(void)state;
	log_set_sink(keep);
	log_line("%*s", 1000, "x");
	assert_int_equal(strlen(last), 1000);
	log_line("%*s", 100000, "x");
	assert_in_range(strlen(last), 1000, 1024);
	log_set_sink(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_line_goes_to_the_sink_once),
		cmocka_unit_test(test_no_second_line_can_be_forged),
		cmocka_unit_test(test_a_long_line_is_cut),
	};
	return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
