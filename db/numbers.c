// SPDX-License-Identifier: MIT
#include "db/numbers.h"

#include "db/text/decimal.h"

const char *numbers_write(const uint64_t *numbers, size_t count, struct arena *arena)
{
	size_t size = count * (DECIMAL_BYTES + 1) + 1;
	char *text = arena_reserve(arena, size);
	if (!text)
		return NULL;
	char *at = text + size;
	*--at = '\0';
	for (size_t i = count; i > 0; i--) {
		at = decimal_before(at, numbers[i - 1]);
		if (i > 1)
			*--at = ' ';
	}
	return at;
}

bool numbers_next(const char **text, uint64_t max, size_t count, uint64_t *ret_numbers)
{
	const char *at = *text;
	for (size_t n = 0; n < count; n++) {
		if ((n && *at++ != ' ') || !decimal_read(&at, max, &ret_numbers[n]))
			return false;
	}
	if (*at == ' ' && at[1])
		at++;
	else if (*at)
		return false;
	*text = at;
	return true;
}
