// SPDX-License-Identifier: MIT
#include "server/json/string_index.h"

#include <search.h>
#include <string.h>

/* The trees of <search.h> are balanced in the GNU C library and in musl. */
struct string_entry {
	const char *string;
	size_t number;
};

static int compare_entries(const void *left, const void *right)
{
	const struct string_entry *a = left, *b = right;
	return strcmp(a->string, b->string);
}

enum string_index_status string_index_add(
	struct string_index *index, struct arena *arena, const char *string, size_t number)
{
	struct string_entry *entry = arena_alloc(arena, sizeof(*entry));
	if (!entry)
		return STRING_INDEX_NO_MEMORY;
	*entry = (struct string_entry) { .string = string, .number = number };
	struct string_entry **node = tsearch(entry, &index->root, compare_entries);
	if (!node)
		return STRING_INDEX_NO_MEMORY;
	return *node == entry ? STRING_INDEX_ADDED : STRING_INDEX_KNOWN;
}

size_t string_index_find(const struct string_index *index, const char *string)
{
	const struct string_entry wanted = { .string = string };
	struct string_entry *const *node = tfind(&wanted, &index->root, compare_entries);
	return node ? (*node)->number : STRING_INDEX_NONE;
}

static void leave_to_the_arena(void *entry)
{
	(void)entry;
}

void string_index_deinit(struct string_index *index)
{
	tdestroy(index->root, leave_to_the_arena);
	index->root = NULL;
}
