// SPDX-License-Identifier: MIT
/*
 * JSON as a tree in an arena, or for sure that memory ran out.
 *
 * Jansson (2.14) by itself cannot tell: where it has no memory it leaves bytes out of a string and goes on, past the
 * end of that string, or stops the program with an assertion. So from the first call on its allocations go through here
 * (json_set_alloc_funcs): during a parse they come from the arena and the first one that fails ends the parse then and
 * there; all others go to the functions that were set before.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "db/arena.h"

enum json_parse_status { JSON_PARSE_OK, JSON_PARSE_INVALID, JSON_PARSE_NO_MEMORY };

/*
 * Parses what json_guard() let pass; a key that stands twice in an object is an error. The tree is for reading and ends
 * with the arena: json_decref() is not for it. *ret_error is for JSON_PARSE_INVALID.
 */
enum json_parse_status json_parse(
	const char *json, size_t length, struct arena *arena, json_t **ret_document, json_error_t *ret_error);

/* Gives an object of a tree, whose arena that is, a member with a valid string. False: memory ran out. */
bool json_give_string(json_t *object, const char *key, const char *value, struct arena *arena);
