// SPDX-License-Identifier: MIT
/* Finds the row of the route table for a path and a method. */
#pragma once

#include <stddef.h>

#include "server/target.h"

struct route;

/*
 * The row whose path fits the segments, the last of which is taken to be `last_length` bytes long: without its suffix.
 * A literal goes before {id}. NULL: there is none. Of several methods it is the row of `method`, or else the first one;
 * *ret_methods has a bit for each the path has. *ret_id is the index of the segment that stands for {id}, or
 * `segment_count` if the path has no such place.
 */
const struct route *router_find(const struct route *table, size_t count, const struct target *target,
	size_t last_length, int method, unsigned *ret_methods, size_t *ret_id);
