// SPDX-License-Identifier: MIT
/* Decimal numbers, for where there are so many of them that printf() would be slow. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { DECIMAL_BYTES = 20 /* of the longest */ };

/* Writes the digits in front of `end`, where there is room, and gives the first of them. */
static inline char *decimal_before(char *end, uint64_t number)
{
	do {
		*--end = (char)('0' + number % 10);
	} while (number /= 10);
	return end;
}

/* Reads digits and moves behind them. False, and nothing is moved: there are none, or the number is above `max`. */
static inline bool decimal_read(const char **at, uint64_t max, uint64_t *ret_number)
{
	uint64_t number = 0;
	const char *digit = *at;
	for (; *digit >= '0' && *digit <= '9'; digit++) {
		uint64_t value = (uint64_t)(*digit - '0');
		if (number > (max - value) / 10)
			return false;
		number = number * 10 + value;
	}
	if (digit == *at)
		return false;
	*at = digit;
	*ret_number = number;
	return true;
}
