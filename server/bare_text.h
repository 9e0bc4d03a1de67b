// SPDX-License-Identifier: MIT
/* A bare text with the little that is known of it, as the JSON of a bundle, so that it goes the way of all bundles. */
#pragma once

#include <stdint.h>

#include "db/arena.h"
#include "db/text/buffer.h"
#include "server/input.h"
#include "server/reviewd.h"

struct bare_text_problem {
	uint64_t line;       /* of the text, from 1 */
	const char *pointer; /* into the bundle that it would be */
	const char *reason;  /* in the arena, or constant; NULL: there is no problem */
};

/*
 * Reads the input to its end. INPUT_OK: either `ret_json` has the bundle, without mentions, which are then made from
 * the names; or the text cannot be one, and ret_problem tells.
 */
enum input_status bare_text_read(const struct reviewd_text *text, struct input *input, struct arena *arena,
	struct buffer *ret_json, struct bare_text_problem *ret_problem);
