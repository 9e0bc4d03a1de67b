// SPDX-License-Identifier: MIT
#include "server/router.h"

#include <stdbool.h>
#include <string.h>

#include "server/routes.h"

/* Whether the path of a row fits; *ret_id as in router_find(). */
static bool path_fits(const char *path, const struct target *target, size_t last_length, size_t *ret_id)
{
	size_t count = target->segment_count;
	*ret_id = count;
	for (size_t i = 0; i < count; i++) {
		if (*path++ != '/')
			return false;
		size_t size = strcspn(path, "/");
		size_t length = i + 1 == count ? last_length : strlen(target->segments[i]);
		if (path[0] == '{') {
			if (!length)
				return false;
			*ret_id = i;
		} else if (size != length || memcmp(path, target->segments[i], length) != 0) {
			return false;
		}
		path += size;
	}
	return !*path || (!count && !strcmp(path, "/"));
}

const struct route *router_find(const struct route *table, size_t count, const struct target *target,
	size_t last_length, int method, unsigned *ret_methods, size_t *ret_id)
{
	const struct route *found = NULL;
	*ret_methods = 0;
	*ret_id = target->segment_count;
	if (target->too_many)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		size_t id;
		if (!path_fits(table[i].path, target, last_length, &id))
			continue;
		if (found && strcmp(found->path, table[i].path) != 0) {
			if (id != target->segment_count)
				continue;
			found = NULL;
			*ret_methods = 0;
		}
		if (!found || (int)table[i].method == method)
			found = &table[i];
		*ret_methods |= 1u << table[i].method;
		*ret_id = id;
	}
	return found;
}
