// SPDX-License-Identifier: MIT
/*
 * Numbers in a column of text, one space between any two: spans (schema/migrations/0006_spans.sql) and the numbers of
 * other rows (0008_mentions.sql). For the files of db/ only.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/arena.h"

/* As the column holds them; NULL when memory runs out. */
const char *numbers_write(const uint64_t *numbers, size_t count, struct arena *arena);

/*
 * The next `count` numbers of what a column holds, which moves behind them. False: there are not so many, and what
 * stands there instead, if anything, is no number up to `max`, or not set apart as it should be.
 */
bool numbers_next(const char **text, uint64_t max, size_t count, uint64_t *ret_numbers);
