// SPDX-License-Identifier: MIT
/* Finds the row of the route table for a path. */
#pragma once

#include <stddef.h>

#include "server/target.h"

struct route;

/*
 * The row whose path fits the segments, the last of which is taken to be `last_length` bytes long: without its suffix.
 * NULL: there is none. *ret_id is the index of the segment that stands for {id}, or `segment_count` if the path
 * has no such place. A literal goes before {id}.
 */
const struct route *router_find(
	const struct route *table, size_t count, const struct target *target, size_t last_length, size_t *ret_id);
