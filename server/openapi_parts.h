// SPDX-License-Identifier: MIT
/* For server/openapi.c alone: what the operations of the document refer to, and their answers. */
#pragma once

#include "db/arena.h"
#include "server/json/out.h"
#include "server/routes.h"

/* {"$ref": "#/components/<kind>/<name>"} */
void openapi_reference(struct out *out, const char *kind, const char *name);

/* What the way to write is called among the components. */
extern const char openapi_token[];

/* A parameter without which the row answers nothing, with the value it has in the row's example. */
void openapi_needed_param(struct out *out, const struct route *route, enum param param, struct arena *arena);

/* Any other: those that are the same everywhere are among the components. */
void openapi_param(struct out *out, const struct route *route, enum param param);

/* The headers of a request that count for the row, as members of an array of parameters. */
void openapi_request_headers(struct out *out, const struct route *route);

/* The member `responses` of the operation of a row. */
void openapi_responses(struct out *out, const struct route *route, struct arena *arena);

/* The parameters and headers of requests that are not one operation's own. */
void openapi_parameter_components(struct out *out);

/* The member `components`. */
void openapi_components(struct out *out, struct arena *arena);
