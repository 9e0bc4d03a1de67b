// SPDX-License-Identifier: MIT
#include "db/spans.h"

#include <stdint.h>

enum { NUMBERS = 4, NUMBER_BYTES = 11 /* of the longest, and what follows it */ };

/* Some for each quote, which printf() would be slow for. */
static char *write_number(char *at, uint32_t number)
{
	char digits[NUMBER_BYTES];
	size_t count = 0;
	do
		digits[count++] = (char)('0' + number % 10);
	while (number /= 10);
	while (count)
		*at++ = digits[--count];
	return at;
}

const char *spans_write(const struct span *spans, size_t count, struct arena *arena)
{
	char *text = arena_reserve(arena, count * NUMBERS * NUMBER_BYTES + 1), *at = text;
	for (size_t i = 0; text && i < count; i++) {
		const uint32_t numbers[NUMBERS] = { spans[i].start, spans[i].end, spans[i].byte_start,
			spans[i].byte_end };
		for (size_t n = 0; n < NUMBERS; n++) {
			if (at != text)
				*at++ = ' ';
			at = write_number(at, numbers[n]);
		}
	}
	if (text)
		*at = '\0';
	return text;
}

static bool read_number(const char **at, uint32_t *ret_number)
{
	uint64_t number = 0;
	const char *digit = *at;
	for (; *digit >= '0' && *digit <= '9' && number <= UINT32_MAX; digit++)
		number = number * 10 + (uint64_t)(*digit - '0');
	if (digit == *at || number > UINT32_MAX)
		return false;
	*at = digit;
	*ret_number = (uint32_t)number;
	return true;
}

bool spans_next(const char **spans, struct span *ret_span)
{
	uint32_t numbers[NUMBERS];
	const char *at = *spans;
	for (size_t n = 0; n < NUMBERS; n++) {
		if ((n && *at++ != ' ') || !read_number(&at, &numbers[n]))
			return false;
	}
	if (*at == ' ' && at[1])
		at++;
	else if (*at)
		return false;
	*spans = at;
	*ret_span = (struct span) {
		.start = numbers[0],
		.end = numbers[1],
		.byte_start = numbers[2],
		.byte_end = numbers[3],
	};
	return true;
}
