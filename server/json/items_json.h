// SPDX-License-Identifier: MIT
/* The shapes that answers are made of, as JSON; one shape for a thing wherever it stands (schema/api). */
#pragma once

#include "db/agents.h"
#include "db/changes.h"
#include "db/mentions.h"
#include "db/quotes.h"
#include "db/reviews.h"
#include "db/store.h"
#include "db/works.h"
#include "server/json/out.h"

/* The last but one part of an agent's address: "characters", "people", "organisations". */
extern const char *const agent_kind_paths[AGENT_KINDS];

void agent_ref_json(struct out *out, const struct agent_ref *agent);
void agent_json(struct out *out, const struct agent *agent);

/* null for a slug that is NULL */
void work_ref_json(struct out *out, const struct work_ref *work);
void work_json(struct out *out, const struct work *work);

/* `text` is left out when it is NULL; its length is review->text_bytes. */
void review_json(struct out *out, const struct review *review, const char *text);

void passage_json(struct out *out, const struct passage *passage);
void agent_refs_json(struct out *out, const char *key, const struct agent_refs *agents);

/* The quote that was written before into the same list, and what of it the next one may well repeat. Zero-initialise.
 */
struct quote_json_before {
	const struct quote *quote;
	size_t from, until;
};

/* With its review and its work whole, unless they are NULL; of a quote without a work the work is null. `before` may be
 * NULL; of all quotes that share one the same members are written. */
void quote_json(struct out *out, const struct quote *quote, const struct review *review, const struct work *work,
	struct quote_json_before *before);
void context_json(struct out *out, const struct quote *quote, const struct quote_context *context);
void change_json(struct out *out, const struct change *change);
void mention_json(struct out *out, const struct mention *mention);

void store_json(struct out *out, const struct store_info *store, const char *version);
