// SPDX-License-Identifier: MIT
#include "db/text/date.h"

#include <string.h>

/* Y and up to twelve digits: far beyond any book, and the days still fit. */
enum { LONG_YEAR_MIN = 5, LONG_YEAR_MAX = 12 };
enum { MONTHS = 12, SEASON_FIRST = 21, SEASON_LAST = 24, SEASON_MONTHS = 3, SPRING_MONTH = 3 };

struct span {
	int64_t from, to;
};

struct cursor {
	const char *at, *end;
};

/* Days from 1970-01-01 to a date of the Gregorian calendar, extended backwards; years start in March here. */
static int64_t days_to(int64_t year, unsigned month, unsigned day)
{
	if (month <= 2)
		year--;
	int64_t era = (year >= 0 ? year : year - 399) / 400;
	int64_t year_of_era = year - era * 400;
	int64_t months_since_march = (month + 9) % MONTHS;
	int64_t day_of_year = (153 * months_since_march + 2) / 5 + day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
	return era * 146097 + day_of_era - 719468;
}

/* The first day of the `count` months that start with `month`, and their last. */
static struct span months_span(int64_t year, unsigned month, unsigned count)
{
	unsigned next = month + count;
	int64_t next_year = year;
	if (next > MONTHS) {
		next -= MONTHS;
		next_year++;
	}
	return (struct span) { .from = days_to(year, month, 1), .to = days_to(next_year, next, 1) - 1 };
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool take(struct cursor *cursor, char c)
{
	if (cursor->at == cursor->end || *cursor->at != c)
		return false;
	cursor->at++;
	return true;
}

static size_t left_of(const struct cursor *cursor)
{
	return (size_t)(cursor->end - cursor->at);
}

static bool take_two_digits(struct cursor *cursor, unsigned *ret_number)
{
	const char *at = cursor->at;
	if (left_of(cursor) < 2 || !is_digit(at[0]) || !is_digit(at[1]))
		return false;
	*ret_number = (unsigned)(at[0] - '0') * 10 + (unsigned)(at[1] - '0');
	cursor->at += 2;
	return true;
}

static bool take_unspecified(struct cursor *cursor)
{
	if (left_of(cursor) < 2 || cursor->at[0] != 'X' || cursor->at[1] != 'X')
		return false;
	cursor->at += 2;
	return true;
}

/* Years, from the lowest to the highest it may be. */
struct years {
	int64_t from, to;
};

static void years_negate(struct years *years)
{
	*years = (struct years) { .from = -years->to, .to = -years->from };
}

static bool take_long_year(struct cursor *cursor, struct years *ret_years)
{
	bool negative = take(cursor, '-');
	int64_t year = 0;
	size_t digits = 0;
	if (cursor->at < cursor->end && *cursor->at == '0')
		return false;
	for (; cursor->at < cursor->end && is_digit(*cursor->at); cursor->at++) {
		if (++digits > LONG_YEAR_MAX)
			return false;
		year = year * 10 + (*cursor->at - '0');
	}
	if (digits < LONG_YEAR_MIN)
		return false;
	*ret_years = (struct years) { .from = year, .to = year };
	if (negative)
		years_negate(ret_years);
	return true;
}

/* Four digits, of which the last or the last two may be X. */
static bool take_year(struct cursor *cursor, struct years *ret_years)
{
	bool negative = take(cursor, '-');
	struct years years = { 0, 0 };
	size_t unspecified = 0;
	if (left_of(cursor) < 4)
		return false;
	for (size_t i = 0; i < 4; i++) {
		char c = *cursor->at++;
		bool unknown = c == 'X' && i >= 2;
		if (unknown)
			unspecified++;
		else if (!is_digit(c) || unspecified)
			return false;
		years.from = years.from * 10 + (unknown ? 0 : c - '0');
		years.to = years.to * 10 + (unknown ? 9 : c - '0');
	}
	if (negative) {
		/* There is a year 0 (1 BC), but not a second one. */
		if (years.to == 0)
			return false;
		years_negate(&years);
	}
	*ret_years = years;
	return true;
}

/* What follows year and month: nothing, or a day. */
static bool take_day(struct cursor *cursor, int64_t year, unsigned month, struct span *ret_span)
{
	struct span span = months_span(year, month, 1);
	unsigned day;
	if (take(cursor, '-') && !take_unspecified(cursor)) {
		if (!take_two_digits(cursor, &day) || day < 1 || day > span.to - span.from + 1)
			return false;
		span.from += day - 1;
		span.to = span.from;
	}
	*ret_span = span;
	return true;
}

static bool take_month(struct cursor *cursor, int64_t year, struct span *ret_span)
{
	unsigned month;
	if (take_unspecified(cursor)) {
		if (take(cursor, '-') && !take_unspecified(cursor))
			return false;
		*ret_span = months_span(year, 1, MONTHS);
		return true;
	}
	if (!take_two_digits(cursor, &month))
		return false;
	if (month >= SEASON_FIRST && month <= SEASON_LAST) {
		unsigned first = SPRING_MONTH + (month - SEASON_FIRST) * SEASON_MONTHS;
		*ret_span = months_span(year, first, SEASON_MONTHS);
		return true;
	}
	return month >= 1 && month <= MONTHS && take_day(cursor, year, month, ret_span);
}

static bool parse_date(const char *date, size_t length, struct span *ret_span)
{
	struct cursor cursor = { .at = date, .end = date + length };
	struct years years;
	struct span span;
	bool is_long = take(&cursor, 'Y');
	if (is_long ? !take_long_year(&cursor, &years) : !take_year(&cursor, &years))
		return false;
	bool is_exact = !is_long && cursor.at[-1] != 'X';
	if (is_exact && take(&cursor, '-')) {
		if (!take_month(&cursor, years.from, &span))
			return false;
	} else {
		span.from = days_to(years.from, 1, 1);
		span.to = days_to(years.to, MONTHS, 31);
	}
	if (!take(&cursor, '?') && !take(&cursor, '~'))
		take(&cursor, '%');
	if (cursor.at != cursor.end)
		return false;
	*ret_span = span;
	return true;
}

/* An end that is open (`..`) or unknown (empty). */
static bool is_open(const char *date, size_t length)
{
	return length == 0 || (length == 2 && memcmp(date, "..", 2) == 0);
}

static bool parse_interval(const char *date, size_t length, size_t slash, struct span *ret_span)
{
	const char *second = date + slash + 1;
	size_t second_length = length - slash - 1;
	bool opens = is_open(date, slash), closes = is_open(second, second_length);
	struct span first = { .from = INT64_MIN, .to = INT64_MIN };
	struct span last = { .from = INT64_MAX, .to = INT64_MAX };
	if (opens && closes)
		return false;
	if (!opens && !parse_date(date, slash, &first))
		return false;
	if (!closes && !parse_date(second, second_length, &last))
		return false;
	if (first.from > last.to)
		return false;
	*ret_span = (struct span) { .from = first.from, .to = last.to };
	return true;
}

bool edtf_parse(const char *date, size_t length, int64_t *ret_from, int64_t *ret_to)
{
	struct span span;
	const char *slash = length ? memchr(date, '/', length) : NULL;
	bool parsed =
		slash ? parse_interval(date, length, (size_t)(slash - date), &span) : parse_date(date, length, &span);
	if (!parsed)
		return false;
	*ret_from = span.from;
	*ret_to = span.to;
	return true;
}
