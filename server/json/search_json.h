// SPDX-License-Identifier: MIT
/* What was found, as JSON (schema/api). */
#pragma once

#include "db/search.h"
#include "db/suggestions.h"
#include "db/verify.h"
#include "server/json/out.h"

void hit_json(struct out *out, const struct search_result *result);
void suggestion_json(struct out *out, const struct suggestion *suggestion);
void verification_json(struct out *out, const struct verification *verification);
