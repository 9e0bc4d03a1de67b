// SPDX-License-Identifier: MIT
#include "server/router.h"

#include <stdbool.h>
#include <string.h>

#include "server/routes.h"

/* How much of the path up to its next slash stands at the beginning of the segment. */
static size_t common(const char *path, const char *segment)
{
	size_t at = 0;
	while (path[at] && path[at] != '/' && path[at] == segment[at])
		at++;
	return at;
}

/* Whether the path of a row fits; *ret_id as in router_find(). Most do not, and soon. */
static bool path_fits(const char *path, const struct target *target, size_t last_length, size_t *ret_id)
{
	size_t count = target->segment_count;
	*ret_id = count;
	for (size_t i = 0; i < count; i++) {
		const char *segment = target->segments[i];
		bool last = i + 1 == count;
		if (*path++ != '/')
			return false;
		if (path[0] == '{') {
			if (last ? !last_length : !*segment)
				return false;
			*ret_id = i;
			path += strcspn(path, "/");
			continue;
		}
		size_t length = common(path, segment);
		if ((path[length] && path[length] != '/') || (last ? length != last_length : segment[length]))
			return false;
		path += length;
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
