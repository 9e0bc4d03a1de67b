// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "db/text/time.h"

static void check_time(const char *time, const char *expected)
{
	int64_t seconds;
	char written[TIME_BYTES];
	if (!time_parse(time, strlen(time), &seconds))
		fail_msg("%s is refused", time);
	time_format(seconds, written);
	if (strcmp(written, expected) != 0)
		fail_msg("%s: %s", time, written);
}

static void test_time_of_utc_is_written_as_it_is(void **state)
{
	(void)state;
	check_time("1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z");
	check_time("2026-11-25T02:10:33Z", "2026-11-25T02:10:33Z");
	check_time("2024-02-29T23:59:59Z", "2024-02-29T23:59:59Z");
	check_time("0000-01-01T00:00:00Z", "0000-01-01T00:00:00Z");
	check_time("0999-12-31T00:00:00Z", "0999-12-31T00:00:00Z");
	check_time("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z");
	check_time("2026-11-25t02:10:33z", "2026-11-25T02:10:33Z");
	check_time("2026-11-25 02:10:33Z", "2026-11-25T02:10:33Z");
}

static void test_time_of_a_day_is_its_first_second(void **state)
{
	(void)state;
	check_time("2026-11-25", "2026-11-25T00:00:00Z");
	check_time("1969-12-31", "1969-12-31T00:00:00Z");
}

static void test_time_of_another_clock_is_moved_to_utc(void **state)
{
	(void)state;
	check_time("2026-11-25T02:10:00+01:00", "2026-11-25T01:10:00Z");
	check_time("2026-11-25T02:10:00 01:00", "2026-11-25T01:10:00Z");
	check_time("2026-11-25T00:10:00+01:30", "2026-11-24T22:40:00Z");
	check_time("2026-12-31T23:30:00-04:30", "2027-01-01T04:00:00Z");
	check_time("2026-11-25T02:10:00+00:00", "2026-11-25T02:10:00Z");
	check_time("2026-11-25T02:10:00-00:00", "2026-11-25T02:10:00Z");
}

static void test_time_between_two_seconds_is_the_later_one(void **state)
{
	(void)state;
	check_time("2026-11-25T02:10:00.5Z", "2026-11-25T02:10:01Z");
	check_time("2026-11-25T23:59:59.000001Z", "2026-11-26T00:00:00Z");
	check_time("2026-11-25T02:10:00.000Z", "2026-11-25T02:10:00Z");
	check_time("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z");
}

static void test_time_outside_of_the_calendar_is_its_end(void **state)
{
	(void)state;
	check_time("0000-01-01T00:00:00+01:00", "0000-01-01T00:00:00Z");
	check_time("9999-12-31T23:59:59-01:00", "9999-12-31T23:59:59Z");
	check_time("9999-12-31T23:59:59.5Z", "9999-12-31T23:59:59Z");
}

static void test_time_refuses_what_is_none(void **state)
{
	(void)state;
	static const char *const TIMES[] = { "", "2026", "2026-11", "2026-11-2", "2026-11-31", "2026-02-29",
		"2026-13-01", "2026-1-01", "2026/11/25", "20261125", "-026-11-25", "+2026-11-25", "195X-01-01",
		"2026-11-XX", "2026-11-25?", "2026-11-25T", "2026-11-25Z", "2026-11-25T02", "2026-11-25T02:10",
		"2026-11-25T02:10Z", "2026-11-25T02:10:00", "2026-11-25T24:00:00Z", "2026-11-25T02:60:00Z",
		"2026-11-25T02:10:61Z", "2026-11-25T2:10:00Z", "2026-11-25T02:10:00.Z", "2026-11-25T02:10:00,5Z",
		"2026-11-25T02:10:00ZZ", "2026-11-25T02:10:00+1:00", "2026-11-25T02:10:00+0100",
		"2026-11-25T02:10:00+24:00", "2026-11-25T02:10:00+01:60", "2026-11-25T02:10:00+01:00Z",
		"2026-11-25T02:10:00 Z", " 2026-11-25", "2026-11-25 ", "2026-11-25_02:10:00Z" };
	for (size_t i = 0; i < sizeof(TIMES) / sizeof(TIMES[0]); i++) {
		int64_t seconds = 1;
		if (time_parse(TIMES[i], strlen(TIMES[i]), &seconds))
			fail_msg("%s is accepted", TIMES[i]);
		assert_int_equal(seconds, 1);
	}
	int64_t seconds;
	assert_true(time_parse("2026-11-25T02:10:00Z", 10, &seconds));
	assert_false(time_parse("2026-11-25T02:10:00Z", 19, &seconds));
}

static void test_time_of_a_day_alone_is_told_from_others(void **state)
{
	(void)state;
	assert_true(time_parse_day("2026-11-25", 10));
	assert_false(time_parse_day("2026-11-25T00:00:00Z", 20));
	assert_false(time_parse_day("2026-02-30", 10));
	assert_false(time_parse_day("2026-11", 7));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_time_of_utc_is_written_as_it_is),
		cmocka_unit_test(test_time_of_a_day_is_its_first_second),
		cmocka_unit_test(test_time_of_another_clock_is_moved_to_utc),
		cmocka_unit_test(test_time_between_two_seconds_is_the_later_one),
		cmocka_unit_test(test_time_outside_of_the_calendar_is_its_end),
		cmocka_unit_test(test_time_refuses_what_is_none),
		cmocka_unit_test(test_time_of_a_day_alone_is_told_from_others),
	};
	return cmocka_run_group_tests_name("time", tests, NULL, NULL);
}
