// SPDX-License-Identifier: MIT
/* The numbers of rows that another row lists: schema/migrations/0008_mentions.sql. For the files of db/ only. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/arena.h"

/* As the row holds them; NULL when memory runs out. */
const char *ids_write(const int64_t *ids, size_t count, struct arena *arena);

/*
 * The next id of what a row holds, which moves behind it. False: there is none, and what stands there instead, if
 * anything, is no id.
 */
bool ids_next(const char **ids, int64_t *ret_id);
