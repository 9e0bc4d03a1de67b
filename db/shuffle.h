// SPDX-License-Identifier: MIT
/*
 * Random orders of quotes that nobody has to remember: an order is a seed.
 *
 * Every quote has a key, made of its id and therefore the same in every store.
 * Of few quotes each is given a number by key and seed, and the smallest comes
 * first: a quote that is added takes its place and moves no other one.
 *
 * For all quotes of a large store that would take too long, so there is a walk:
 * quotes have places, numbers with few gaps (review_place), and these are visited
 * in an order that the seed chooses out of all. As every quote has a place of its
 * own, every quote is equally likely to come first, and any two to come together.
 * What is added behind the last place that a walk visits is left to later ones.
 */
#pragma once

#include <stdint.h>

/* Keys and numbers go from 0 to 2^62 - 1. */
enum { SHUFFLE_KEY_BITS = 62 };

int64_t shuffle_key(const char *review_slug, const char *local_slug);

/* Any words make a seed. */
uint64_t shuffle_seed(const char *words);

/* The number of the key in the order of the seed. */
int64_t shuffle_number(int64_t key, uint64_t seed);

struct shuffle_walk {
	uint64_t seed;
	unsigned bits; /* the places from 0 to 2^bits - 1 are visited */
};

/* Bits of a walk through so many places. */
unsigned shuffle_walk_bits(int64_t places);

/* The bits that a walk can have at most. */
enum { SHUFFLE_WALK_BITS_MAX = 44 };

/* The place that is visited at `step`, from 0 to 2^bits - 1. */
int64_t shuffle_walk_at(const struct shuffle_walk *walk, uint64_t step);
