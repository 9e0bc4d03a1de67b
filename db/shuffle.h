// SPDX-License-Identifier: MIT
/*
 * Random orders of quotes that nobody has to remember: an order is a seed.
 *
 * Every quote has a key, made of its id and therefore the same in every store.
 * Of few quotes each is given a number by key and seed, and the smallest comes
 * first: a quote that is added takes its place and moves no other one.
 *
 * For all quotes of a large store that would take too long, so there is a walk:
 * the keys are cut into cells of about two quotes, each with SHUFFLE_SLOTS slots
 * of which a quote takes one, and the pairs of cell and slot are visited in an
 * order that the seed chooses out of all. As every quote has a pair of its own,
 * every quote is equally likely to come first, and any two to come together.
 */
#pragma once

#include <stdint.h>

/* Keys and numbers go from 0 to 2^62 - 1. */
enum { SHUFFLE_KEY_BITS = 62 };

/* More quotes than this in a cell are as good as impossible, as keys are hashes; they would share the last slot. */
enum { SHUFFLE_SLOTS = 16 };

int64_t shuffle_key(const char *review_slug, const char *local_slug);

/* Any words make a seed. */
uint64_t shuffle_seed(const char *words);

/* The number of the key in the order of the seed. */
int64_t shuffle_number(int64_t key, uint64_t seed);

struct shuffle_walk {
	uint64_t seed;
	unsigned bits; /* there are 2^bits pairs */
};

/* The keys from `low` to `high`, and which of them by the order in which the quotes came. */
struct shuffle_pair {
	int64_t low, high;
	unsigned slot;
};

/* Bits of a walk through `quotes` quotes. */
unsigned shuffle_walk_bits(int64_t quotes);

/* The bits that a walk can have at most. */
enum { SHUFFLE_WALK_BITS_MAX = 44 };

/* What is visited at `step`, from 0 to 2^bits - 1. */
struct shuffle_pair shuffle_walk_at(const struct shuffle_walk *walk, uint64_t step);
