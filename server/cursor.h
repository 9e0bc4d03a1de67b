// SPDX-License-Identifier: MIT
/*
 * Cursors: the place that a page starts behind, as text, bound to the list it is of: to the path and to every
 * parameter that chooses rows or their order, but not to those that tell how a page looks.
 */
#pragma once

#include <stdbool.h>

#include "db/lists.h"
#include "server/request.h"

/* Sets of what a place may be told by. */
enum {
	CURSOR_BIT_ID = 1 << PLACE_ID,
	CURSOR_BIT_UNKNOWN = 1 << PLACE_UNKNOWN,
	CURSOR_BIT_NUMBER = 1 << PLACE_NUMBER,
	CURSOR_BIT_TEXT = 1 << PLACE_TEXT,
	CURSOR_BIT_STEP = 1 << PLACE_STEP
};

/* Those of a list that is sorted so. */
unsigned cursor_keys(enum sort_key sort);

/*
 * *ret_after is `place`, filled in from the cursor that was sent, or NULL for the first page. False: the cursor is not
 * one of this list, or its place not told by one of `keys`, and the response says so.
 */
bool cursor_read(struct request *request, struct response *response, unsigned keys, struct list_place *place,
	const struct list_place **ret_after);

/* Says that the cursor is not one of this list; for a place that only the handler understands. */
void cursor_refuse(struct request *request, struct response *response);

enum { CURSOR_KINDS_MAX = 10 };

/* The text of a place that has a kind, of up to CURSOR_KINDS_MAX, besides: `2.kerim`. NULL when memory runs out. */
const char *cursor_text_of_kind(struct arena *arena, int kind, const char *text);

/* What such a text was made of, where the kind is below `kinds`. False: it is no such text. */
bool cursor_read_kind(const char *given, int kinds, int *ret_kind, const char **ret_text);

/* The address of the page behind `place`: the same parameters in the order of their names, and the cursor. NULL when
 * memory runs out. */
const char *cursor_next_address(struct request *request, const struct list_place *place);
