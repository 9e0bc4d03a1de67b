// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "db/text/date.h"

enum { DAY_1957 = -4748 }; /* 1957-01-01 */

static void check_date(const char *date, int64_t from, int64_t to)
{
	int64_t found_from = 1, found_to = 1;
	if (!edtf_parse(date, strlen(date), &found_from, &found_to))
		fail_msg("%s is refused", date);
	if (found_from != from || found_to != to)
		fail_msg("%s: %lld to %lld", date, (long long)found_from, (long long)found_to);
}

static void check_same(const char *date, const char *first, const char *last)
{
	int64_t from, to, unused;
	assert_true(edtf_parse(first, strlen(first), &from, &unused));
	assert_true(edtf_parse(last, strlen(last), &unused, &to));
	check_date(date, from, to);
}

static void check_refused(const char *const *dates, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		int64_t from = 1, to = 2;
		if (edtf_parse(dates[i], strlen(dates[i]), &from, &to))
			fail_msg("%s is accepted", dates[i]);
		assert_int_equal(from, 1);
		assert_int_equal(to, 2);
	}
}

static void test_date_of_a_year_month_or_day_is_its_first_and_last_day(void **state)
{
	(void)state;
	check_date("1970-01-01", 0, 0);
	check_date("1969-12-31", -1, -1);
	check_date("1957", DAY_1957, DAY_1957 + 364);
	check_date("1957-04", DAY_1957 + 90, DAY_1957 + 119);
	check_date("1957-04-08", DAY_1957 + 97, DAY_1957 + 97);
	check_date("2000-02-29", 11016, 11016);
	check_date("2000-02", 10988, 11016);
	check_date("9999-12-31", 2932896, 2932896);
}

static void test_date_counts_days_without_a_gap_over_eight_centuries(void **state)
{
	(void)state;
	static const int MONTH_DAYS[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int64_t expected = -719528; /* 0000-01-01 */
	for (int year = 0; year < 801; year++) {
		bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
		for (int month = 1; month <= 12; month++) {
			int days = MONTH_DAYS[month - 1] + (month == 2 && leap);
			char date[16];
			date[0] = (char)('0' + year / 1000);
			date[1] = (char)('0' + year / 100 % 10);
			date[2] = (char)('0' + year / 10 % 10);
			date[3] = (char)('0' + year % 10);
			date[4] = '-';
			date[5] = (char)('0' + month / 10);
			date[6] = (char)('0' + month % 10);
			date[7] = '\0';
			check_date(date, expected, expected + days - 1);
			expected += days;
		}
	}
}

static void test_date_of_a_season_is_three_months(void **state)
{
	(void)state;
	check_same("1956-21", "1956-03-01", "1956-05-31");
	check_same("1956-22", "1956-06-01", "1956-08-31");
	check_same("1956-23", "1956-09-01", "1956-11-30");
	check_same("1956-24", "1956-12-01", "1957-02-28");
	check_same("1955-24", "1955-12-01", "1956-02-29");
}

static void test_date_with_unspecified_digits_spans_all_it_may_be(void **state)
{
	(void)state;
	check_same("195X", "1950-01-01", "1959-12-31");
	check_same("19XX", "1900-01-01", "1999-12-31");
	check_same("1957-XX", "1957-01-01", "1957-12-31");
	check_same("1957-04-XX", "1957-04-01", "1957-04-30");
	check_same("1957-XX-XX", "1957-01-01", "1957-12-31");
}

static void test_date_may_be_marked_as_uncertain(void **state)
{
	(void)state;
	check_same("1957?", "1957", "1957");
	check_same("1957-04~", "1957-04", "1957-04");
	check_same("1957-04-08%", "1957-04-08", "1957-04-08");
	check_same("195X?", "1950", "1959");
	check_same("1956?/1957~", "1956", "1957");
}

static void test_date_interval_runs_from_the_first_to_the_last_day(void **state)
{
	(void)state;
	check_same("1956/1957", "1956-01-01", "1957-12-31");
	check_same("1956-03-02/1957-04", "1956-03-02", "1957-04-30");
	check_same("1957/1957", "1957", "1957");
	check_same("1956-24/1957-21", "1956-12", "1957-05");
	check_date("1957/..", DAY_1957, INT64_MAX);
	check_date("1957/", DAY_1957, INT64_MAX);
	check_date("../1957", INT64_MIN, DAY_1957 + 364);
	check_date("/1957", INT64_MIN, DAY_1957 + 364);
}

static void test_date_may_be_very_long_ago_or_far_ahead(void **state)
{
	(void)state;
	check_date("0000-01-01", -719528, -719528);
	check_date("-0001-12-31", -719529, -719529);
	check_date("-0043-03-15", -735160, -735160);
	check_same("-004X", "-0049", "-0040");
	check_same("-00XX", "-0099", "0000");
	check_date("Y10000", 2932897, 2933262);
	check_same("Y17000/Y17001", "Y17000", "Y17001");
	check_same("Y-17001/-9999", "Y-17001", "-9999");
	check_same("Y999999999999", "Y999999999999", "Y999999999999");
}

static void test_date_refuses_days_that_never_were(void **state)
{
	(void)state;
	static const char *const DATES[] = { "1957-00", "1957-13", "1957-20", "1957-25", "1957-04-31", "1957-04-00",
		"1957-02-29", "1900-02-29", "1957-04-99", "-0000", "1957/1956", "1957-05/1957-04" };
	check_refused(DATES, sizeof(DATES) / sizeof(DATES[0]));
}

static void test_date_refuses_what_is_not_of_level_0_or_1(void **state)
{
	(void)state;
	static const char *const DATES[] = { "", " ", "-", "/", "..", "../..", "/..", "../", "57", "957", "19570",
		"1957-", "1957-4", "1957-04-", "1957-04-8", "1957-04-081", "195704", "1957 ", " 1957", "1957??",
		"?1957", "1957-?04", "1XXX", "XXXX", "19X7", "X957", "195X-04", "1957-XX-08", "1957-1X", "1957-04-0X",
		"1957-XX-", "1957-21-01", "Y1957", "Y01957", "Y17000-01", "Y", "Y-", "Y9999999999999", "y17000",
		"+1957", "--1957", "1956/1957/1958", "1957-04-08T10:00:00", "195x", "1957–1958", "1957/...", "1957/.",
		"[1957]", "1957E3", "Y17E7", "1957S2" };
	check_refused(DATES, sizeof(DATES) / sizeof(DATES[0]));
}

static void test_date_is_read_by_its_length(void **state)
{
	(void)state;
	int64_t from, to;
	assert_true(edtf_parse("1957-04", 4, &from, &to));
	assert_int_equal(from, DAY_1957);
	assert_int_equal(to, DAY_1957 + 364);
	assert_false(edtf_parse("1957\0", 5, &from, &to));
	assert_false(edtf_parse(NULL, 0, &from, &to));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_date_of_a_year_month_or_day_is_its_first_and_last_day),
		cmocka_unit_test(test_date_counts_days_without_a_gap_over_eight_centuries),
		cmocka_unit_test(test_date_of_a_season_is_three_months),
		cmocka_unit_test(test_date_with_unspecified_digits_spans_all_it_may_be),
		cmocka_unit_test(test_date_may_be_marked_as_uncertain),
		cmocka_unit_test(test_date_interval_runs_from_the_first_to_the_last_day),
		cmocka_unit_test(test_date_may_be_very_long_ago_or_far_ahead),
		cmocka_unit_test(test_date_refuses_days_that_never_were),
		cmocka_unit_test(test_date_refuses_what_is_not_of_level_0_or_1),
		cmocka_unit_test(test_date_is_read_by_its_length),
	};
	return cmocka_run_group_tests_name("date", tests, NULL, NULL);
}
