// SPDX-License-Identifier: MIT
/* A bundle as JSON: what the reader takes, every field of it always there. */
#pragma once

#include "db/bundle.h"
#include "server/json/out.h"

/* Reading what was written gives the same bundle, and writing that the same bytes. */
void bundle_write(struct out *out, const struct bundle *bundle);
