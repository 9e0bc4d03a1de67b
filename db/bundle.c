// SPDX-License-Identifier: MIT
#include "db/bundle.h"

const char *const agent_kind_names[AGENT_KINDS] = { "character", "person", "organisation" };

const char *const quote_form_names[QUOTE_FORMS] = { "direct", "indirect", "free-indirect", "reported", "pull" };

const char *const attribution_names[ATTRIBUTIONS] = { "stated", "inferred", "disputed", "unknown" };
