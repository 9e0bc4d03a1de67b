// SPDX-License-Identifier: MIT
/*
 * Takes one long string out of a JSON document, so that the parser, which looks at every byte several times, never sees
 * most of the document.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "db/arena.h"

struct json_lifted {
	char *string; /* without its escapes, NUL-terminated, in the arena */
	size_t length;
	char *rest; /* the document with an empty string in its place; the caller frees it */
	size_t rest_length;
};

/*
 * Looks for the first string with this key, which has no escapes, in the outermost object. `json` has passed
 * json_guard(), but need not be JSON: a parser has to read the rest. False when there is no such string, when it is not
 * sound (a bad escape, U+0000), and when memory runs out: parsing the whole document then tells what is wrong.
 */
bool json_lift(const char *json, size_t length, const char *key, struct arena *arena, struct json_lifted *ret_lifted);
