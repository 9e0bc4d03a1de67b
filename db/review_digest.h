// SPDX-License-Identifier: MIT
/* Whether a bundle says anything new of a review. */
#pragma once

#include <stdbool.h>

#include "db/bundle.h"

/*
 * SHA-256, in hex, over all the bundle says of its review: its fields, the hash of its text, which agents and works
 * are in it, every quote and mention. What it says of the agents and works themselves is not part of it. `is_present`
 * tells of each agent of the bundle whether it is in the review. False when memory runs out.
 */
bool review_digest(const struct bundle *bundle, const bool *is_present, char ret_digest[SHA256_HEX_LENGTH + 1]);
