// SPDX-License-Identifier: MIT
#include "server/fields.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "server/routes.h"

const char *const *fields_of(const struct route *route)
{
	static const char *const none[] = { NULL };
	if (!(route->params & PARAM_BIT(PARAM_FIELDS)))
		return none;
	for (const struct shape_fields *fields = shape_fields; fields->shape; fields++) {
		if (!strcmp(fields->shape, route->item))
			return fields->names;
	}
	assert(!"a route takes fields of a shape that there is");
	return none;
}
