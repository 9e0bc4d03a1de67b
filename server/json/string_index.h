// SPDX-License-Identifier: MIT
/*
 * From strings to numbers, each string once; every look-up takes logarithmic
 * time, whatever strings somebody chose. The strings are borrowed.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "db/arena.h"

/* Zero-initialise. */
struct string_index {
	void *root;
};

/* What string_index_find() gives for a string that is not there. */
#define STRING_INDEX_NONE SIZE_MAX

enum string_index_status { STRING_INDEX_ADDED, STRING_INDEX_KNOWN, STRING_INDEX_NO_MEMORY };

/* A string that is known keeps its number. The entries are in the arena, which must outlive the index. */
enum string_index_status string_index_add(
	struct string_index *index, struct arena *arena, const char *string, size_t number);
size_t string_index_find(const struct string_index *index, const char *string);

/* The index is empty and usable again. */
void string_index_deinit(struct string_index *index);
