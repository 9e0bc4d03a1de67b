// SPDX-License-Identifier: MIT
/*
 * The documentation for people: one page without scripts, made of the rows that the service goes by. Every curl line on
 * it works as it stands while the seed review is in the store.
 */
#pragma once

#include "db/arena.h"
#include "db/text/buffer.h"

/* The value of Content-Security-Policy that fits the page: nothing but its own style. NULL when memory runs out. */
const char *docs_policy(struct arena *arena);

/* `host` is where the client found the service, with its port; NULL: unknown. */
void docs_write(struct buffer *page, const char *host, struct arena *arena);
