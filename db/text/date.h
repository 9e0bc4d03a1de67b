// SPDX-License-Identifier: MIT
/*
 * Dates as they are known of books: EDTF (Extended Date/Time Format, Library of
 * Congress, 4 February 2019; ISO 8601-2:2019), levels 0 and 1 for dates.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Accepted: 1957, 1957-04, 1957-04-08, seasons 1956-21 to 1956-24, unspecified digits from the right
 * (195X, 19XX, 1957-XX, 1957-04-XX, 1957-XX-XX), a final ? ~ or %, intervals of two such dates (1956/1957,
 * 1956/.., ../1957, 1956/, /1957), years beyond four digits (Y17000) and years before 0 (-0043).
 * *ret_from and *ret_to are the first and the last day it may mean, as days since 1970-01-01; an open end
 * is INT64_MIN or INT64_MAX. Seasons are the quarters of the calendar year that starts with spring on 1 March:
 * spring March to May, summer June to August, autumn September to November, winter December to February.
 */
bool edtf_parse(const char *date, size_t length, int64_t *ret_from, int64_t *ret_to);
