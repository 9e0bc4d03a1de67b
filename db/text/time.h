// SPDX-License-Identifier: MIT
/* Moments as programs write them: RFC 3339, to the second, in UTC. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* `2026-11-25T02:10:00Z` and its NUL. */
enum { TIME_BYTES = 21 };

/*
 * Seconds since 1970-01-01T00:00:00Z. Accepted: `2026-11-25T02:10:00Z`, with a fraction of a second, which is rounded
 * up, with `t`, `z`, a space for the T, an offset (`+01:00`; in an address the plus may have become a space), and a
 * day alone, which is its first second. A leap second is the second after it. What an offset moves out of the years
 * 0000 to 9999 is their end.
 */
bool time_parse(const char *time, size_t length, int64_t *ret_seconds);

/* A day alone, `2026-11-25`. */
bool time_parse_day(const char *day, size_t length);

/* As the store writes times. `seconds` lies in the years 0000 to 9999. */
void time_format(int64_t seconds, char ret_time[TIME_BYTES]);
