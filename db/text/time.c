// SPDX-License-Identifier: MIT
#include "db/text/time.h"

#include <string.h>
#include <time.h>

#include "db/text/date.h"

/* Of the years 0000 to 9999. */
static const int64_t first_second = -62167219200, last_second = 253402300799;

enum { DAY_BYTES = 10, CLOCK_BYTES = 8, DAY_SECONDS = 24 * 60 * 60 };

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Two digits below `end`. */
static bool take_pair(const char **at, const char *last, int end, int *ret_number)
{
	if (last - *at < 2 || !is_digit((*at)[0]) || !is_digit((*at)[1]))
		return false;
	*ret_number = ((*at)[0] - '0') * 10 + ((*at)[1] - '0');
	*at += 2;
	return *ret_number < end;
}

static bool take(const char **at, const char *last, char c)
{
	if (*at == last || **at != c)
		return false;
	(*at)++;
	return true;
}

static bool parse_day(const char *day, int64_t *ret_days)
{
	int64_t last;
	/* Of EDTF only the plain days; a year of four digits, a month and a day are all that fits this mask. */
	for (int i = 0; i < DAY_BYTES; i++) {
		if (i == 4 || i == 7 ? day[i] != '-' : !is_digit(day[i]))
			return false;
	}
	return edtf_parse(day, DAY_BYTES, ret_days, &last);
}

/* `02:10:00`, then a fraction. */
static bool parse_clock(const char **at, const char *last, int64_t *ret_seconds)
{
	int hour, minute, second;
	bool rounds = false;
	if (!take_pair(at, last, 24, &hour) || !take(at, last, ':') || !take_pair(at, last, 60, &minute) ||
		!take(at, last, ':') || !take_pair(at, last, 61, &second))
		return false;
	if (take(at, last, '.')) {
		if (*at == last || !is_digit(**at))
			return false;
		for (; *at < last && is_digit(**at); (*at)++)
			rounds |= **at != '0';
	}
	*ret_seconds = hour * 60 * 60 + minute * 60 + second + (rounds ? 1 : 0);
	return true;
}

/* `Z`, or how far the clock is ahead of UTC. */
static bool parse_offset(const char **at, const char *last, int64_t *ret_seconds)
{
	int hour, minute;
	*ret_seconds = 0;
	if (take(at, last, 'Z') || take(at, last, 'z'))
		return *at == last;
	bool behind = take(at, last, '-');
	if (!behind && !take(at, last, '+') && !take(at, last, ' '))
		return false;
	if (!take_pair(at, last, 24, &hour) || !take(at, last, ':') || !take_pair(at, last, 60, &minute))
		return false;
	*ret_seconds = (hour * 60 * 60 + minute * 60) * (behind ? -1 : 1);
	return *at == last;
}

bool time_parse(const char *time, size_t length, int64_t *ret_seconds)
{
	const char *at = time + DAY_BYTES, *last = time + length;
	int64_t days, clock = 0, offset = 0;
	if (length < DAY_BYTES || !parse_day(time, &days))
		return false;
	if (length > DAY_BYTES) {
		if (!take(&at, last, 'T') && !take(&at, last, 't') && !take(&at, last, ' '))
			return false;
		if (!parse_clock(&at, last, &clock) || !parse_offset(&at, last, &offset))
			return false;
	}
	int64_t seconds = days * DAY_SECONDS + clock - offset;
	*ret_seconds = seconds < first_second ? first_second : seconds > last_second ? last_second : seconds;
	return true;
}

bool time_parse_day(const char *day, size_t length)
{
	int64_t days;
	return length == DAY_BYTES && parse_day(day, &days);
}

/* So many digits, the last of them in front of `end`. */
static void write_number(char *end, int digits, int number)
{
	for (; digits > 0; digits--, number /= 10)
		*--end = (char)('0' + number % 10);
}

void time_format(int64_t seconds, char ret_time[TIME_BYTES])
{
	static const char shape[TIME_BYTES] = "0000-00-00T00:00:00Z";
	time_t moment = (time_t)seconds;
	struct tm utc;
	gmtime_r(&moment, &utc);
	memcpy(ret_time, shape, TIME_BYTES);
	write_number(ret_time + 4, 4, utc.tm_year + 1900);
	write_number(ret_time + 7, 2, utc.tm_mon + 1);
	write_number(ret_time + 10, 2, utc.tm_mday);
	write_number(ret_time + 13, 2, utc.tm_hour);
	write_number(ret_time + 16, 2, utc.tm_min);
	write_number(ret_time + 19, 2, utc.tm_sec);
}
