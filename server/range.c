// SPDX-License-Identifier: MIT
#include "server/range.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

/* Reads digits; what is too large for the type is larger than any content. False where there are none. */
static bool read_position(const char **c, size_t *ret_position)
{
	size_t position = 0;
	const char *start = *c;
	for (; **c >= '0' && **c <= '9'; ++*c)
		position = position > SIZE_MAX / 10 - 1 ? SIZE_MAX - 10 : position * 10 + (size_t)(**c - '0');
	*ret_position = position;
	return *c != start;
}

enum range range_parse(const char *range, size_t length, size_t *ret_first, size_t *ret_last)
{
	size_t first, last = SIZE_MAX;
	if (strncasecmp(range, "bytes=", 6) != 0)
		return RANGE_NONE;
	const char *c = range + 6;
	c += strspn(c, " \t");
	bool has_first = read_position(&c, &first);
	if (*c++ != '-')
		return RANGE_NONE;
	bool has_last = read_position(&c, &last);
	c += strspn(c, " \t");
	if (*c || (!has_first && !has_last) || (has_first && has_last && last < first))
		return RANGE_NONE;
	if (!has_first) {
		/* The last bytes. */
		first = last < length ? length - last : 0;
		if (!last)
			return RANGE_BEHIND;
		last = SIZE_MAX;
	} else if (!has_last) {
		last = SIZE_MAX;
	}
	if (first >= length)
		return RANGE_BEHIND;
	*ret_first = first;
	*ret_last = last < length ? last : length - 1;
	return RANGE_PART;
}
