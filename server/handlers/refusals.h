// SPDX-License-Identifier: MIT
/* What is wrong with a body, on its way to the client. */
#pragma once

#include "db/bundle_put.h"
#include "server/json/bundle_read.h"
#include "server/request.h"

/* 400 for what is no JSON, 422 with all places otherwise; not for BUNDLE_READ_OK. */
void refusal_answer(struct request *request, struct response *response, enum bundle_read_status read,
	const struct bundle_problems *problems);

/* What the store does not know either becomes a problem like those of the reader. DB_INVALID, or DB_NO_MEMORY. */
DB_CHECKED enum db_status refusal_note(
	struct arena *arena, const struct bundle_put_result *result, struct bundle_problems *ret_problems);
