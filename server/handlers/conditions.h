// SPDX-License-Identifier: MIT
/* The conditions of a write: from If-Match and If-None-Match, and what is said when they do not hold. */
#pragma once

#include <stdbool.h>

#include "db/precondition.h"
#include "server/etag.h"
#include "server/request.h"

/* False: there is none, or it makes no sense; the response says so. */
bool condition_read(struct request *request, struct response *response, struct precondition *ret_precondition);

/* The answer to a write of the `what` ("review") named `id` that was not done; `address` is where one would be. */
void condition_answer(struct request *request, struct response *response, enum precondition_outcome outcome,
	const char *what, const char *id, const char *address);

/* `folder` ("/v1/reviews/") with the id, percent-encoded; in the arena, NULL when memory runs out. */
const char *condition_address(struct request *request, const char *folder, const char *id);
