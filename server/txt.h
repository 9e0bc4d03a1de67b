// SPDX-License-Identifier: MIT
/*
 * Answers as plain text, for a terminal: a quote is its words and who says them, another single thing is lines
 * `key: value`, an item of a list is one line with tabs.
 */
#pragma once

#include "db/agents.h"
#include "db/changes.h"
#include "db/mentions.h"
#include "db/quotes.h"
#include "db/reviews.h"
#include "db/search.h"
#include "db/store.h"
#include "db/suggestions.h"
#include "db/text/buffer.h"
#include "db/verify.h"
#include "db/works.h"

/* Words on one line, without what a terminal would obey: every control character and line end is a space. */
void txt_flat(struct buffer *out, const char *words);

void agent_txt(struct buffer *out, const struct agent *agent);
void work_txt(struct buffer *out, const struct work *work);
void store_txt(struct buffer *out, const struct store_info *store, const char *version);

/* The fields, an empty line, the text. */
void review_txt(struct buffer *out, const struct review *review, const char *text);

/* Two lines or more; a list has an empty line between two quotes. */
void quote_txt(struct buffer *out, const struct quote *quote);

/* The words with those around them. */
void passage_txt(struct buffer *out, const struct passage *passage);

/* The verdict, and a line for each place. */
void verification_txt(struct buffer *out, const struct verification *verification);

/* One line each; of the text of a review nothing, or all of it on lines of its own. */
void mention_txt_line(struct buffer *out, const struct mention *mention);
void change_txt_line(struct buffer *out, const struct change *change);
void hit_txt_line(struct buffer *out, const struct search_result *result);
void suggestion_txt_line(struct buffer *out, const struct suggestion *suggestion);
void name_txt_line(struct buffer *out, const char *slug, const char *name);
