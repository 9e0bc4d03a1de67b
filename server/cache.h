// SPDX-License-Identifier: MIT
/*
 * Answers given before, ready to be sent again.
 *
 * A cache belongs to one event loop, so nothing in it is locked, and an answer that falls due is made anew once in each
 * loop. Every answer is of a generation of the store; of another generation than the one asked for it counts as absent,
 * so that none outlives what it was made from. What is asked for least recently gives way.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct MHD_Response;
struct cache;
struct route;

/* An answer as it is sent. One of both messages may be missing, when nobody has asked for it yet. */
struct cached {
	struct MHD_Response *message;   /* 200 */
	struct MHD_Response *unchanged; /* 304, for a client that has it already */
	char *etag;
	const struct route *route;
	size_t length; /* of the body that is sent */
	size_t bytes;  /* what keeping it costs */
};

enum { CACHE_KEY_MAX = 2048 };

/* NULL when memory runs out. At most `bytes_max` are kept; 0: nothing ever is. */
struct cache *cache_new(size_t bytes_max, void (*free_cached)(struct cached *cached));
void cache_free(struct cache *cache);

/* NULL when it is not there. Borrowed until the next call. */
const struct cached *cache_find(struct cache *cache, uint64_t generation, const char *key, size_t length);

/*
 * Takes over `cached` and keeps it in the place of what has that key. False, and nothing is taken over: it is larger
 * than an eighth of the cache, the key is longer than CACHE_KEY_MAX, or memory ran out.
 */
bool cache_put(struct cache *cache, uint64_t generation, const char *key, size_t length, const struct cached *cached);

struct cache_counts {
	uint64_t hits, misses, evictions;
	size_t entries, bytes;
};

struct cache_counts cache_counts(const struct cache *cache);
