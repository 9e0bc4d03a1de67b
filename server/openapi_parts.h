// SPDX-License-Identifier: MIT
/* For server/openapi.c alone: what the operations of the document refer to, and their answers. */
#pragma once

#include "db/arena.h"
#include "server/json/out.h"
#include "server/routes.h"

/* {"$ref": "#/components/<kind>/<name>"} */
void openapi_reference(struct out *out, const char *kind, const char *name);

/* The headers of a request that count for the row, as members of an array of parameters. */
void openapi_request_headers(struct out *out, const struct route *route);

/* The member `security` of the operation of a row that wants a token. */
void openapi_security(struct out *out, const struct route *route);

/* The member `requestBody` of the operation of a row that takes one. */
void openapi_request_body(struct out *out, const struct route *route);

/* The member `responses` of the operation of a row. */
void openapi_responses(struct out *out, const struct route *route, struct arena *arena);

/* The member `components`. */
void openapi_components(struct out *out, struct arena *arena);
