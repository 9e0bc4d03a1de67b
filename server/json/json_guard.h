// SPDX-License-Identifier: MIT
/* What is refused of JSON from outside before a parser builds anything from it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "db/arena.h"

enum { JSON_MAX_DEPTH = 32 };

/*
 * True when no NUL byte is in it, it is valid UTF-8, and objects and arrays are nested at most JSON_MAX_DEPTH deep.
 * False otherwise, with *ret_reason a sentence in the arena that names the byte (from 0), or NULL when memory ran out.
 */
bool json_guard(const char *json, size_t length, struct arena *arena, const char **ret_reason);

/* Offset of the quotation mark that ends the string which starts at `start`, behind the other one; `length` when none
 * does. */
size_t json_string_end(const char *json, size_t length, size_t start);
