// SPDX-License-Identifier: MIT
#include "server/fields.h"

#include <stddef.h>
#include <stdlib.h>
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
	/* A row of the table names a shape that there is not. */
	abort();
}
