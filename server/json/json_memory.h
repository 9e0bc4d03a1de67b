// SPDX-License-Identifier: MIT
/*
 * Jansson's memory while it reads. Its lexer (2.14) passes over a failed allocation, and if the next one goes well it
 * works on a string that misses a piece: it then aborts, or takes sound JSON for unsound. So once one has failed, on
 * this thread all others fail as well, until the end.
 */
#pragma once

#include <stdbool.h>

void json_memory_begin(void);

/* True if there was enough since json_memory_begin(). */
bool json_memory_end(void);
