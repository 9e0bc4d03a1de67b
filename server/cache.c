// SPDX-License-Identifier: MIT
#include "server/cache.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum { BUCKETS_FIRST = 256 };

struct entry {
	struct entry *next;          /* in the bucket */
	struct entry *newer, *older; /* in the order of use */
	struct cached cached;
	uint64_t generation;
	uint64_t hash;
	size_t key_length;
	char key[];
};

struct cache {
	void (*free_cached)(struct cached *cached);
	struct entry **buckets;
	size_t bucket_count; /* a power of two */
	struct entry *newest, *oldest;
	size_t bytes_max;
	uint64_t seed;
	struct cache_counts counts;
};

/* FNV-1a, eight bytes at a time, from a start that strangers, whom the keys come from, do not know. */
static uint64_t hash_key(const struct cache *cache, const char *key, size_t length)
{
	uint64_t hash = cache->seed;
	for (; length >= 8; key += 8, length -= 8) {
		uint64_t word;
		memcpy(&word, key, sizeof(word));
		hash = (hash ^ word) * 0x100000001b3u;
		hash ^= hash >> 29;
	}
	for (; length; key++, length--)
		hash = (hash ^ (unsigned char)*key) * 0x100000001b3u;
	return hash ^ hash >> 32;
}

static size_t cost(const struct entry *entry)
{
	return sizeof(*entry) + entry->key_length + entry->cached.bytes;
}

struct cache *cache_new(size_t bytes_max, void (*free_cached)(struct cached *cached))
{
	struct cache *cache = calloc(1, sizeof(*cache));
	struct entry **buckets = calloc(BUCKETS_FIRST, sizeof(*buckets));
	if (!cache || !buckets) {
		free(cache);
		free(buckets);
		return NULL;
	}
	*cache = (struct cache) {
		.free_cached = free_cached, .buckets = buckets, .bucket_count = BUCKETS_FIRST, .bytes_max = bytes_max
	};
	if (getrandom(&cache->seed, sizeof(cache->seed), GRND_NONBLOCK) < 0)
		cache->seed = (uintptr_t)cache;
	return cache;
}

static void unlink_use(struct cache *cache, struct entry *entry)
{
	*(entry->newer ? &entry->newer->older : &cache->newest) = entry->older;
	*(entry->older ? &entry->older->newer : &cache->oldest) = entry->newer;
}

static void link_newest(struct cache *cache, struct entry *entry)
{
	entry->newer = NULL;
	entry->older = cache->newest;
	*(cache->newest ? &cache->newest->newer : &cache->oldest) = entry;
	cache->newest = entry;
}

static struct entry **find_link(const struct cache *cache, uint64_t hash, const char *key, size_t length)
{
	struct entry **link = &cache->buckets[hash & (cache->bucket_count - 1)];
	while (*link &&
		((*link)->hash != hash || (*link)->key_length != length || memcmp((*link)->key, key, length) != 0))
		link = &(*link)->next;
	return link;
}

static void drop(struct cache *cache, struct entry **link)
{
	struct entry *entry = *link;
	*link = entry->next;
	unlink_use(cache, entry);
	cache->counts.bytes -= cost(entry);
	cache->counts.entries--;
	cache->free_cached(&entry->cached);
	free(entry);
}

static void drop_oldest(struct cache *cache)
{
	struct entry *oldest = cache->oldest;
	drop(cache, find_link(cache, oldest->hash, oldest->key, oldest->key_length));
}

void cache_free(struct cache *cache)
{
	if (!cache)
		return;
	while (cache->oldest)
		drop_oldest(cache);
	free(cache->buckets);
	free(cache);
}

const struct cached *cache_find(struct cache *cache, uint64_t generation, const char *key, size_t length)
{
	struct entry **link = find_link(cache, hash_key(cache, key, length), key, length);
	if (*link && (*link)->generation != generation)
		drop(cache, link);
	else if (*link) {
		struct entry *entry = *link;
		cache->counts.hits++;
		if (cache->newest != entry) {
			unlink_use(cache, entry);
			link_newest(cache, entry);
		}
		return &entry->cached;
	}
	cache->counts.misses++;
	return NULL;
}

/* As many buckets as entries keeps the chains short; without memory for them they only grow longer. */
static void grow(struct cache *cache)
{
	if (cache->counts.entries < cache->bucket_count)
		return;
	size_t count = cache->bucket_count * 2;
	struct entry **buckets = calloc(count, sizeof(*buckets));
	if (!buckets)
		return;
	for (struct entry *entry = cache->newest; entry; entry = entry->older) {
		struct entry **bucket = &buckets[entry->hash & (count - 1)];
		entry->next = *bucket;
		*bucket = entry;
	}
	free(cache->buckets);
	cache->buckets = buckets;
	cache->bucket_count = count;
}

bool cache_put(struct cache *cache, uint64_t generation, const char *key, size_t length, const struct cached *cached)
{
	if (length > CACHE_KEY_MAX || cached->bytes + length > cache->bytes_max / 8)
		return false;
	struct entry *entry = malloc(sizeof(*entry) + length);
	if (!entry)
		return false;
	*entry = (struct entry) {
		.cached = *cached, .generation = generation, .hash = hash_key(cache, key, length), .key_length = length
	};
	memcpy(entry->key, key, length);
	struct entry **link = find_link(cache, entry->hash, key, length);
	if (*link)
		drop(cache, link);
	while (cache->oldest && cache->counts.bytes + cost(entry) > cache->bytes_max) {
		drop_oldest(cache);
		cache->counts.evictions++;
	}
	grow(cache);
	link = &cache->buckets[entry->hash & (cache->bucket_count - 1)];
	entry->next = *link;
	*link = entry;
	link_newest(cache, entry);
	cache->counts.entries++;
	cache->counts.bytes += cost(entry);
	return true;
}

struct cache_counts cache_counts(const struct cache *cache)
{
	return cache->counts;
}
