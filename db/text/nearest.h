// SPDX-License-Identifier: MIT
/* "Did you mean": the few candidates that are closest to a mistyped word. */
#pragma once

#include <stddef.h>

enum { NEAREST_MAX = 3 };

/* The best candidates so far, closest first; ties in the order they were offered. Zero-initialise but for `word`. */
struct nearest {
	const char *word;               /* borrowed, valid UTF-8 */
	const char *found[NEAREST_MAX]; /* borrowed from the caller's candidates */
	unsigned distance[NEAREST_MAX];
	size_t count;
};

/*
 * Offers a candidate. It is kept if its distance (optimal string alignment over code points, ASCII case ignored)
 * is at most a third of the longer length, and at least 1 edit is always allowed; or if one is a prefix of the other
 * and the shorter has three code points or more. An exact duplicate of one kept is not kept twice.
 */
void nearest_offer(struct nearest *nearest, const char *candidate);
