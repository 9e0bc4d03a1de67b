// SPDX-License-Identifier: MIT
#include "db/spans.h"

#include <stdint.h>

#include "db/numbers.h"

enum { NUMBERS = 4 };

const char *spans_write(const struct span *spans, size_t count, struct arena *arena)
{
	uint64_t *numbers = arena_reserve(arena, count * NUMBERS * sizeof(*numbers));
	if (!numbers)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		numbers[NUMBERS * i] = spans[i].start;
		numbers[NUMBERS * i + 1] = spans[i].end;
		numbers[NUMBERS * i + 2] = spans[i].byte_start;
		numbers[NUMBERS * i + 3] = spans[i].byte_end;
	}
	return numbers_write(numbers, count * NUMBERS, arena);
}

bool spans_next(const char **spans, struct span *ret_span)
{
	uint64_t numbers[NUMBERS];
	if (!numbers_next(spans, UINT32_MAX, NUMBERS, numbers))
		return false;
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
