// SPDX-License-Identifier: MIT
/* What lists are asked with and what they answer: numbers to choose by, and places to go on from. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Numbers of one parameter: any of them; none: no condition. */
struct int_list {
	int64_t *items;
	size_t count;
};

/* What a row is sorted by, besides its number, which makes every order a total one. */
enum place_key {
	PLACE_ID,      /* nothing else */
	PLACE_UNKNOWN, /* it is not known of the row; those come last, whichever way the list is turned */
	PLACE_NUMBER,
	PLACE_TEXT,
	PLACE_STEP /* a step of a walk (db/shuffle.h) and its bits */
};

/* Where a row stands in its list. */
struct list_place {
	enum place_key key;
	int64_t id; /* inside the store */
	int64_t number;
	const char *text;
	unsigned bits;
};
