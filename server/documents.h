// SPDX-License-Identifier: MIT
/* The JSON documents of an input, one after the other: NDJSON with one on each line, or one document over many lines.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/input.h"

/* The longest document: what is read is held in memory. */
enum { DOCUMENT_BYTES_MAX = 256 * 1024 * 1024 };

struct line {
	char *bytes;
	size_t length, capacity;
};

struct documents {
	struct input *input; /* borrowed */
	char *block;         /* read of the input, and not yet given out from `from` to `to` */
	size_t from, to;
	size_t max;        /* DOCUMENT_BYTES_MAX, or less in a test */
	struct line line;  /* the line read last */
	struct line ahead; /* the line behind the first one, which was needed to tell what input this is */
	uint64_t number;   /* of `line`, from 1 */
	bool by_line, started, has_ahead;
};

enum documents_status {
	DOCUMENTS_OK,
	DOCUMENTS_END,
	DOCUMENTS_TOO_LONG, /* this one is passed over, the next call goes on behind it */
	DOCUMENTS_NO_MEMORY,
	DOCUMENTS_INPUT /* the input ended badly: *ret_input tells */
};

void documents_init(struct documents *documents, struct input *input);
void documents_deinit(struct documents *documents);

/*
 * The next document, borrowed until the next call, and the line it starts on. It need not be sound: an input is NDJSON
 * if its first line is a balanced object or its second one starts with a brace, so that a bad line costs that line
 * only. *ret_line is set with every status.
 */
enum documents_status documents_next(struct documents *documents, const char **ret_json, size_t *ret_length,
	uint64_t *ret_line, enum input_status *ret_input);
