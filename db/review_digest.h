// SPDX-License-Identifier: MIT
/* Which agents are in a review, and what tells whether a bundle says anything new of it. */
#pragma once

#include <stdbool.h>

#include "db/arena.h"
#include "db/bundle.h"

/*
 * SHA-256, in hex, over all the bundle says of its review: its fields, the hash of its text, which agents and works
 * are in it, every quote and mention. What it says of the agents and works themselves is not part of it. `agents`
 * are those of the review. False when memory runs out.
 */
bool review_digest(
	const struct bundle *bundle, const struct index_list *agents, char ret_digest[SHA256_HEX_LENGTH + 1]);

/*
 * Fills in the agents of the review and the digest, when all else is there. Those are the declared agents, and those
 * known only as contributors who speak or are named: another bundle may change who contributes to the work, and they
 * would be lost to this review. In the order of the bundle; false when memory runs out.
 */
bool bundle_digest(struct bundle *bundle, struct arena *arena);
