// SPDX-License-Identifier: MIT
/*
 * The OpenAPI 3.1 document of the service, made of what the service itself goes by: the route table, the parameters,
 * the kinds of problems and schema/api.
 */
#pragma once

#include "db/arena.h"
#include "server/json/out.h"

/* Running out of memory shows in out->buffer->failed. */
void openapi_write(struct out *out, struct arena *arena);
