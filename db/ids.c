// SPDX-License-Identifier: MIT
#include "db/ids.h"

#include "db/text/decimal.h"

const char *ids_write(const int64_t *ids, size_t count, struct arena *arena)
{
	size_t size = count * (DECIMAL_BYTES + 1) + 1;
	char *text = arena_reserve(arena, size);
	if (!text)
		return NULL;
	char *at = text + size;
	*--at = '\0';
	for (size_t i = count; i > 0; i--) {
		at = decimal_before(at, (uint64_t)ids[i - 1]);
		if (i > 1)
			*--at = ' ';
	}
	return at;
}

bool ids_next(const char **ids, int64_t *ret_id)
{
	uint64_t id;
	const char *at = *ids;
	if (!decimal_read(&at, INT64_MAX, &id))
		return false;
	if (*at == ' ' && at[1])
		at++;
	else if (*at)
		return false;
	*ids = at;
	*ret_id = (int64_t)id;
	return true;
}
