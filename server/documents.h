// SPDX-License-Identifier: MIT
/* The JSON documents of a file, one after the other: NDJSON with one on each line, or one document over many lines. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct documents {
	FILE *file; /* borrowed */
	char *line; /* the line read last */
	size_t line_capacity, line_length;
	char *next; /* the line behind the first one, which was needed to tell what file this is */
	size_t next_capacity, next_length;
	uint64_t line_number; /* of `line`, from 1 */
	bool by_line, started, has_next;
};

enum documents_status {
	DOCUMENTS_OK,
	DOCUMENTS_END,
	DOCUMENTS_NO_MEMORY,
	DOCUMENTS_IO /* errno tells */
};

void documents_init(struct documents *documents, FILE *file);
void documents_deinit(struct documents *documents);

/*
 * The next document, borrowed until the next call, and the line it starts on. It need not be sound: a file is NDJSON
 * if its first line is a balanced object or its second one starts with a brace, so that a bad line costs that line
 * only.
 */
enum documents_status documents_next(
	struct documents *documents, const char **ret_json, size_t *ret_length, uint64_t *ret_line);
