// SPDX-License-Identifier: MIT
#include "db/shuffle.h"

/* Of fewer places there are too few orders to choose from. */
enum { WALK_BITS_MIN = 8, WALK_ROUNDS = 6 };

/* The finisher of SplitMix64: every bit of the input may turn every bit of the output. */
static uint64_t mix(uint64_t value)
{
	value ^= value >> 30;
	value *= 0xbf58476d1ce4e5b9u;
	value ^= value >> 27;
	value *= 0x94d049bb133111ebu;
	return value ^ value >> 31;
}

/* FNV-1a, 64 bits. */
static uint64_t hash(uint64_t state, const char *words)
{
	for (const char *c = words; *c; c++)
		state = (state ^ (unsigned char)*c) * 0x100000001b3u;
	return state;
}

enum { HASH_SHIFT = 64 - SHUFFLE_KEY_BITS };
static const uint64_t hash_start = 0xcbf29ce484222325u;

int64_t shuffle_key(const char *review_slug, const char *local_slug)
{
	uint64_t state = hash(hash(hash(hash_start, review_slug), "~"), local_slug);
	return (int64_t)(mix(state) >> HASH_SHIFT);
}

uint64_t shuffle_seed(const char *words)
{
	return mix(hash(hash_start, words));
}

int64_t shuffle_number(int64_t key, uint64_t seed)
{
	return (int64_t)(mix(mix((uint64_t)key + seed) ^ seed) >> HASH_SHIFT);
}

unsigned shuffle_walk_bits(int64_t places)
{
	unsigned bits = WALK_BITS_MIN;
	while (bits < SHUFFLE_WALK_BITS_MAX && (int64_t)1 << bits < places)
		bits++;
	return bits;
}

/* A permutation of the numbers of `bits` bits: a Feistel network, whose two parts need not be of one size. */
static uint64_t permute(uint64_t number, unsigned bits, uint64_t seed)
{
	unsigned low_bits = bits / 2;
	uint64_t low_mask = ((uint64_t)1 << low_bits) - 1, high_mask = ((uint64_t)1 << (bits - low_bits)) - 1;
	uint64_t low = number & low_mask, high = number >> low_bits;
	for (uint64_t round = 0; round < WALK_ROUNDS; round++) {
		low = (low ^ mix(mix(seed + 2 * round) + high)) & low_mask;
		high = (high ^ mix(mix(seed + 2 * round + 1) + low)) & high_mask;
	}
	return high << low_bits | low;
}

int64_t shuffle_walk_at(const struct shuffle_walk *walk, uint64_t step)
{
	return (int64_t)permute(step, walk->bits, walk->seed);
}
