// SPDX-License-Identifier: MIT
#include "db/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A page of twenty quotes fits into one block; larger wishes get a block of their own size. */
enum { BLOCK_BYTES = 16 * 1024 };

struct arena_block {
	struct arena_block *older;
	size_t size;
	alignas(max_align_t) char bytes[];
};

void arena_deinit(struct arena *arena)
{
	while (arena->blocks) {
		struct arena_block *block = arena->blocks;
		arena->blocks = block->older;
		free(block);
	}
	arena->used = 0;
}

void arena_clear(struct arena *arena)
{
	struct arena_block *kept = NULL;
	while (arena->blocks) {
		struct arena_block *block = arena->blocks;
		arena->blocks = block->older;
		if (!kept && block->size == BLOCK_BYTES) {
			kept = block;
			kept->older = NULL;
		} else {
			free(block);
		}
	}
	arena->blocks = kept;
	arena->used = 0;
}

static bool arena_grow(struct arena *arena, size_t wanted)
{
	size_t size = wanted > BLOCK_BYTES ? wanted : BLOCK_BYTES;
	struct arena_block *block = malloc(sizeof(*block) + size);
	if (!block)
		return false;
	block->older = arena->blocks;
	block->size = size;
	arena->blocks = block;
	arena->used = 0;
	return true;
}

void *arena_reserve(struct arena *arena, size_t size)
{
	if (size > SIZE_MAX / 2)
		return NULL;
	const size_t align = alignof(max_align_t);
	size_t rounded = (size + align - 1) / align * align;
	if (!arena->blocks || arena->blocks->size - arena->used < rounded) {
		if (!arena_grow(arena, rounded))
			return NULL;
	}
	void *memory = arena->blocks->bytes + arena->used;
	arena->used += rounded;
	return memory;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	void *memory = arena_reserve(arena, size);
	if (memory)
		memset(memory, 0, size);
	return memory;
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
	size_t bytes;
	if (__builtin_mul_overflow(count, size, &bytes))
		return NULL;
	return arena_alloc(arena, bytes);
}

void *arena_push(struct arena *arena, void *items, size_t count, size_t size)
{
	/* The capacity is not kept: it is 4, and doubles whenever the count reaches a power of two. */
	const size_t first = 4;
	if (count && (count < first || (count & (count - 1))))
		return items;
	void *larger = arena_array(arena, count ? count * 2 : first, size);
	if (larger && count)
		memcpy(larger, items, count * size);
	return larger;
}

char *arena_strndup(struct arena *arena, const char *string, size_t length)
{
	char *copy = length < SIZE_MAX ? arena_reserve(arena, length + 1) : NULL;
	if (!copy)
		return NULL;
	memcpy(copy, string, length);
	copy[length] = '\0';
	return copy;
}

char *arena_strdup(struct arena *arena, const char *string)
{
	return string ? arena_strndup(arena, string, strlen(string)) : NULL;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	int length = vsnprintf(NULL, 0, format, args);
	char *string = length < 0 ? NULL : arena_alloc(arena, (size_t)length + 1);
	if (string)
		vsnprintf(string, (size_t)length + 1, format, again);
	va_end(again);
	va_end(args);
	return string;
}
