// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdbool.h>

#include "server/range.h"

struct range_case {
	const char *range;
	size_t length;
	enum range outcome;
	size_t first, last;
};

static const struct range_case cases[] = {
	/* RFC 9110, section 14.1.2: of 10,000 bytes the first 500, the second 500, the last 500, all but the first
	   9,500. */
	{ "bytes=0-499", 10000, RANGE_PART, 0, 499 },
	{ "bytes=500-999", 10000, RANGE_PART, 500, 999 },
	{ "bytes=-500", 10000, RANGE_PART, 9500, 9999 },
	{ "bytes=9500-", 10000, RANGE_PART, 9500, 9999 },
	{ "bytes=0-0", 10, RANGE_PART, 0, 0 },
	{ "bytes=9-9", 10, RANGE_PART, 9, 9 },
	{ "bytes=0-", 10, RANGE_PART, 0, 9 },
	{ "bytes=-1", 10, RANGE_PART, 9, 9 },
	{ "BYTES=1-2", 10, RANGE_PART, 1, 2 },
	{ "bytes= \t1-2 \t", 10, RANGE_PART, 1, 2 },
	{ "bytes=0001-0002", 10, RANGE_PART, 1, 2 },
	/* An end behind the end is the end. */
	{ "bytes=5-10", 10, RANGE_PART, 5, 9 },
	{ "bytes=0-99999999999999999999999999", 10, RANGE_PART, 0, 9 },
	{ "bytes=-10", 10, RANGE_PART, 0, 9 },
	{ "bytes=-11", 10, RANGE_PART, 0, 9 },
	{ "bytes=-99999999999999999999999999", 10, RANGE_PART, 0, 9 },
	/* Nothing of it is there. */
	{ "bytes=10-", 10, RANGE_BEHIND, 0, 0 },
	{ "bytes=10-20", 10, RANGE_BEHIND, 0, 0 },
	{ "bytes=99999999999999999999999999-", 10, RANGE_BEHIND, 0, 0 },
	{ "bytes=18446744073709551615-18446744073709551616", 10, RANGE_BEHIND, 0, 0 },
	{ "bytes=-0", 10, RANGE_BEHIND, 0, 0 },
	{ "bytes=0-", 0, RANGE_BEHIND, 0, 0 },
	{ "bytes=-5", 0, RANGE_BEHIND, 0, 0 },
	/* Not understood, or malformed: the whole. */
	{ "bytes=2-1", 10, RANGE_NONE, 0, 0 },
	{ "bytes=20-10", 10, RANGE_NONE, 0, 0 },
	{ "bytes=0-1,3-4", 10, RANGE_NONE, 0, 0 },
	{ "bytes=0-1,", 10, RANGE_NONE, 0, 0 },
	{ "bytes=", 10, RANGE_NONE, 0, 0 },
	{ "bytes=-", 10, RANGE_NONE, 0, 0 },
	{ "bytes=--1", 10, RANGE_NONE, 0, 0 },
	{ "bytes=5", 10, RANGE_NONE, 0, 0 },
	{ "bytes=1-2-3", 10, RANGE_NONE, 0, 0 },
	{ "bytes=1 -2", 10, RANGE_NONE, 0, 0 },
	{ "bytes=a-b", 10, RANGE_NONE, 0, 0 },
	{ "bytes=+1-2", 10, RANGE_NONE, 0, 0 },
	{ "bytes=0x1-2", 10, RANGE_NONE, 0, 0 },
	{ "bytes 0-1", 10, RANGE_NONE, 0, 0 },
	{ "bytes =0-1", 10, RANGE_NONE, 0, 0 },
	{ "byte=0-1", 10, RANGE_NONE, 0, 0 },
	{ "items=0-1", 10, RANGE_NONE, 0, 0 },
	{ "0-1", 10, RANGE_NONE, 0, 0 },
	{ "", 10, RANGE_NONE, 0, 0 },
};

static void test_every_case(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct range_case *wanted = &cases[i];
		size_t first = 77, last = 77;
		if (range_parse(wanted->range, wanted->length, &first, &last) != wanted->outcome)
			fail_msg("%s of %zu", wanted->range, wanted->length);
		bool part = wanted->outcome == RANGE_PART;
		assert_int_equal(first, part ? wanted->first : 77);
		assert_int_equal(last, part ? wanted->last : 77);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_every_case) };
	return cmocka_run_group_tests_name("range", tests, NULL, NULL);
}
