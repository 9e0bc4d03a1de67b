// SPDX-License-Identifier: MIT
/* Decimal numbers, for where there are so many of them that printf() would be slow. */
#pragma once

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
