// SPDX-License-Identifier: MIT
#include "db/spans.h"

#include <stdint.h>

#include "db/text/decimal.h"

enum { NUMBERS = 4, NUMBER_BYTES = DECIMAL_BYTES + 1 /* and what stands in front of it */ };

const char *spans_write(const struct span *spans, size_t count, struct arena *arena)
{
	size_t size = count * NUMBERS * NUMBER_BYTES + 1;
	char *text = arena_reserve(arena, size);
	if (!text)
		return NULL;
	char *at = text + size;
	*--at = '\0';
	for (size_t i = count; i > 0; i--) {
		const struct span *span = &spans[i - 1];
		const uint32_t numbers[NUMBERS] = { span->start, span->end, span->byte_start, span->byte_end };
		for (size_t n = NUMBERS; n > 0; n--) {
			at = decimal_before(at, numbers[n - 1]);
			if (i > 1 || n > 1)
				*--at = ' ';
		}
	}
	return at;
}

bool spans_next(const char **spans, struct span *ret_span)
{
	uint64_t numbers[NUMBERS];
	const char *at = *spans;
	for (size_t n = 0; n < NUMBERS; n++) {
		if ((n && *at++ != ' ') || !decimal_read(&at, UINT32_MAX, &numbers[n]))
			return false;
	}
	if (*at == ' ' && at[1])
		at++;
	else if (*at)
		return false;
	*spans = at;
	*ret_span = (struct span) {
		.start = (uint32_t)numbers[0],
		.end = (uint32_t)numbers[1],
		.byte_start = (uint32_t)numbers[2],
		.byte_end = (uint32_t)numbers[3],
	};
	return true;
}

bool spans_only(const char *span, struct span *ret_span)
{
	return spans_next(&span, ret_span) && !*span;
}
