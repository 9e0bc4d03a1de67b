// SPDX-License-Identifier: MIT
/* JSON that is there already as a value, in the order of its members. */
#pragma once

#include <jansson.h>

#include "server/json/out.h"

/* No deeper than the schemas and bundles of this program are. */
void out_value(struct out *out, const json_t *value);
