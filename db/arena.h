// SPDX-License-Identifier: MIT
/*
 * Memory that lives as long as one request or one bundle and is given back in
 * one stroke. Whoever is handed an arena may allocate from it and frees nothing.
 * One arena belongs to one thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct arena_block;

/* Zero-initialise; nothing is allocated before the first use. */
struct arena {
	struct arena_block *blocks; /* newest first */
	size_t used;                /* bytes used of the newest block */
};

/* Gives all memory back; the arena is empty and usable again. */
void arena_deinit(struct arena *arena);

/* Forgets all allocations but keeps one block of the usual size for the next round. */
void arena_clear(struct arena *arena);

/* Zeroed and aligned for any type; NULL when memory runs out. `size` may be 0. */
void *arena_alloc(struct arena *arena, size_t size);

/* As arena_alloc(), but not zeroed. */
void *arena_reserve(struct arena *arena, size_t size);

/* Room for `count` items of `size` bytes, zeroed; NULL when memory runs out or the product overflows. */
void *arena_array(struct arena *arena, size_t count, size_t size);

/*
 * Room for one item behind the `count` items of a list that grows: `items` itself, or a copy twice as large. NULL when
 * memory runs out; the list is then as it was. All growing of a list goes through here, from count 0 and items NULL on.
 */
void *arena_push(struct arena *arena, void *items, size_t count, size_t size);

/* NUL-terminated copies; NULL when memory runs out. arena_strdup(NULL) is NULL. */
char *arena_strndup(struct arena *arena, const char *string, size_t length);
char *arena_strdup(struct arena *arena, const char *string);
char *arena_printf(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
