// SPDX-License-Identifier: MIT
/* The spans of a quote or mention as its row holds them: schema/migrations/0006_spans.sql. For the files of db/ only.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "db/arena.h"
#include "db/bundle.h"

/* As the row holds them; NULL when memory runs out. */
const char *spans_write(const struct span *spans, size_t count, struct arena *arena);

/*
 * The next span of what a row holds, which moves behind it. False: there is none, and what stands there instead, if
 * anything, is no span. Whether a span fits its text is for the caller to see.
 */
bool spans_next(const char **spans, struct span *ret_span);

/* The span of a mention, whose row holds one. False: it holds none, or more. */
bool spans_only(const char *span, struct span *ret_span);
