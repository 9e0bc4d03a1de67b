// SPDX-License-Identifier: MIT
/* The names that the parameter `fields` may have: the members of each shape of schema/api. */
#pragma once

struct route;

struct shape_fields {
	const char *shape;
	const char *const *names; /* ends with NULL */
};

/* Ends with a shape that is NULL. Generated. */
extern const struct shape_fields shape_fields[];

/* Of what the route answers, or of the items of its list; none for a route that takes no fields. */
const char *const *fields_of(const struct route *route);
