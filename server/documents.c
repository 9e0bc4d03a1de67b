// SPDX-License-Identifier: MIT
#include "server/documents.h"

#include <stdlib.h>
#include <string.h>

/* What one call has found out; every status below is one of documents_next(). */
static enum documents_status status_of(enum input_status input, enum input_status *ret_input)
{
	*ret_input = input;
	switch (input) {
	case INPUT_OK:
		return DOCUMENTS_OK;
	case INPUT_END:
		return DOCUMENTS_END;
	case INPUT_NO_MEMORY:
		return DOCUMENTS_NO_MEMORY;
	case INPUT_STOPPED:
	case INPUT_UNREADABLE:
	case INPUT_DAMAGED:
		break;
	}
	return DOCUMENTS_INPUT;
}

void documents_init(struct documents *documents, struct input *input)
{
	*documents = (struct documents) { .input = input, .max = DOCUMENT_BYTES_MAX };
}

void documents_deinit(struct documents *documents)
{
	free(documents->block);
	free(documents->line.bytes);
	free(documents->ahead.bytes);
}

/* Reads on when nothing of the block is left. */
static enum documents_status fill(struct documents *documents, enum input_status *ret_input)
{
	if (documents->from < documents->to)
		return DOCUMENTS_OK;
	if (!documents->block)
		documents->block = malloc(INPUT_BLOCK_BYTES);
	if (!documents->block)
		return DOCUMENTS_NO_MEMORY;
	documents->from = documents->to = 0;
	return status_of(input_read(documents->input, documents->block, INPUT_BLOCK_BYTES, &documents->to), ret_input);
}

static enum documents_status append(struct documents *documents, struct line *line, size_t length)
{
	const char *bytes = documents->block + documents->from;
	documents->from += length;
	if (line->length + length > documents->max) {
		free(line->bytes);
		*line = (struct line) { 0 };
		return DOCUMENTS_TOO_LONG;
	}
	if (line->length + length > line->capacity) {
		size_t capacity = line->capacity * 2 > documents->max ? documents->max : line->capacity * 2;
		if (capacity < line->length + length)
			capacity = line->length + length;
		char *larger = realloc(line->bytes, capacity);
		if (!larger)
			return DOCUMENTS_NO_MEMORY;
		line->bytes = larger;
		line->capacity = capacity;
	}
	memcpy(line->bytes + line->length, bytes, length);
	line->length += length;
	return DOCUMENTS_OK;
}

/* Passes over what is left of a line that is too long, or of the input. */
static enum documents_status pass_over(struct documents *documents, bool line_only, enum input_status *ret_input)
{
	enum documents_status status;
	while ((status = fill(documents, ret_input)) == DOCUMENTS_OK) {
		const char *left = documents->block + documents->from;
		const char *end = line_only ? memchr(left, '\n', documents->to - documents->from) : NULL;
		documents->from = end ? (size_t)(end - documents->block) + 1 : documents->to;
		if (end)
			break;
	}
	return status == DOCUMENTS_OK || status == DOCUMENTS_END ? DOCUMENTS_TOO_LONG : status;
}

/* The next line, with its line end if it has one; DOCUMENTS_END when there is none, not even an empty one. */
static enum documents_status read_line(struct documents *documents, struct line *line, enum input_status *ret_input)
{
	line->length = 0;
	enum documents_status status;
	while ((status = fill(documents, ret_input)) == DOCUMENTS_OK) {
		const char *left = documents->block + documents->from;
		const char *end = memchr(left, '\n', documents->to - documents->from);
		status = append(documents, line, end ? (size_t)(end - left) + 1 : documents->to - documents->from);
		if (status == DOCUMENTS_TOO_LONG && !end)
			return pass_over(documents, true, ret_input);
		if (status != DOCUMENTS_OK || end)
			return status;
	}
	return status == DOCUMENTS_END && line->length ? DOCUMENTS_OK : status;
}

static bool is_blank(const struct line *line)
{
	for (size_t i = 0; i < line->length; i++) {
		char c = line->bytes[i];
		if (c != ' ' && c != '\t' && c != '\r' && c != '\n')
			return false;
	}
	return true;
}

/* The next line that is not blank. */
static enum documents_status advance(struct documents *documents, enum input_status *ret_input)
{
	enum documents_status status;
	do {
		status = DOCUMENTS_OK;
		if (documents->has_ahead) {
			struct line line = documents->line;
			documents->line = documents->ahead;
			documents->ahead = line;
			documents->has_ahead = false;
		} else {
			status = read_line(documents, &documents->line, ret_input);
		}
		documents->number += status != DOCUMENTS_END;
	} while (status == DOCUMENTS_OK && is_blank(&documents->line));
	return status;
}

/* Whether every bracket that opens in the line closes in it. */
static bool is_balanced(const struct line *line)
{
	size_t depth = 0;
	bool in_string = false;
	for (size_t i = 0; i < line->length; i++) {
		char c = line->bytes[i];
		if (in_string && c == '\\')
			i++;
		else if (c == '"')
			in_string = !in_string;
		else if (!in_string && (c == '{' || c == '['))
			depth++;
		else if (!in_string && (c == '}' || c == ']') && depth)
			depth--;
	}
	return !depth && !in_string;
}

static enum documents_status start(struct documents *documents, enum input_status *ret_input)
{
	enum documents_status status = advance(documents, ret_input);
	documents->started = true;
	/* No document can have such a line, whatever input this is. */
	documents->by_line = status == DOCUMENTS_TOO_LONG;
	if (status != DOCUMENTS_OK)
		return status;
	documents->by_line = is_balanced(&documents->line);
	if (documents->by_line || documents->line.bytes[0] == '[')
		return DOCUMENTS_OK;
	status = read_line(documents, &documents->ahead, ret_input);
	if (status == DOCUMENTS_TOO_LONG)
		return pass_over(documents, false, ret_input);
	documents->has_ahead = status == DOCUMENTS_OK;
	documents->by_line = documents->has_ahead && documents->ahead.bytes[0] == '{';
	return status == DOCUMENTS_END ? DOCUMENTS_OK : status;
}

/* All that is left becomes one document, behind the line that is there. */
static enum documents_status gather(struct documents *documents, enum input_status *ret_input)
{
	struct line *line = &documents->line;
	enum documents_status status = DOCUMENTS_OK;
	if (documents->has_ahead) {
		/* The line was the last thing read, so it lies in front of what is left of the block. */
		documents->has_ahead = false;
		struct line ahead = documents->ahead;
		if (line->length + ahead.length > documents->max)
			return pass_over(documents, false, ret_input);
		char *larger = realloc(line->bytes, line->length + ahead.length);
		if (!larger)
			return DOCUMENTS_NO_MEMORY;
		memcpy(larger + line->length, ahead.bytes, ahead.length);
		*line = (struct line) { larger, line->length + ahead.length, line->length + ahead.length };
	}
	while (status == DOCUMENTS_OK && (status = fill(documents, ret_input)) == DOCUMENTS_OK)
		status = append(documents, line, documents->to - documents->from);
	if (status == DOCUMENTS_TOO_LONG)
		return pass_over(documents, false, ret_input);
	return status == DOCUMENTS_END ? DOCUMENTS_OK : status;
}

enum documents_status documents_next(struct documents *documents, const char **ret_json, size_t *ret_length,
	uint64_t *ret_line, enum input_status *ret_input)
{
	enum documents_status status = documents->started ? advance(documents, ret_input) : start(documents, ret_input);
	*ret_line = documents->number;
	if (status == DOCUMENTS_OK && !documents->by_line)
		status = gather(documents, ret_input);
	*ret_json = documents->line.bytes;
	*ret_length = documents->line.length;
	return status;
}
