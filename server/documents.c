// SPDX-License-Identifier: MIT
#include "server/documents.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void documents_init(struct documents *documents, FILE *file)
{
	*documents = (struct documents) { .file = file };
}

void documents_deinit(struct documents *documents)
{
	free(documents->line);
	free(documents->next);
}

static enum documents_status read_line(struct documents *documents, char **line, size_t *capacity, size_t *ret_length)
{
	errno = 0;
	ssize_t length = getline(line, capacity, documents->file);
	if (length >= 0) {
		*ret_length = (size_t)length;
		return DOCUMENTS_OK;
	}
	if (errno == ENOMEM)
		return DOCUMENTS_NO_MEMORY;
	return ferror(documents->file) ? DOCUMENTS_IO : DOCUMENTS_END;
}

static bool is_blank(const char *line, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (line[i] != ' ' && line[i] != '\t' && line[i] != '\r' && line[i] != '\n')
			return false;
	}
	return true;
}

/* The next line that is not blank. */
static enum documents_status advance(struct documents *documents)
{
	enum documents_status status;
	do {
		if (documents->has_next) {
			char *line = documents->line;
			size_t capacity = documents->line_capacity;
			documents->line = documents->next;
			documents->line_capacity = documents->next_capacity;
			documents->line_length = documents->next_length;
			documents->next = line;
			documents->next_capacity = capacity;
			documents->has_next = false;
			status = DOCUMENTS_OK;
		} else {
			status = read_line(
				documents, &documents->line, &documents->line_capacity, &documents->line_length);
		}
		documents->line_number += status == DOCUMENTS_OK;
	} while (status == DOCUMENTS_OK && is_blank(documents->line, documents->line_length));
	return status;
}

/* Whether every bracket that opens in the line closes in it. */
static bool is_balanced(const char *line, size_t length)
{
	size_t depth = 0;
	bool in_string = false;
	for (size_t i = 0; i < length; i++) {
		char c = line[i];
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

static enum documents_status start(struct documents *documents)
{
	enum documents_status status = advance(documents);
	documents->started = true;
	if (status != DOCUMENTS_OK)
		return status;
	documents->by_line = is_balanced(documents->line, documents->line_length);
	if (documents->by_line)
		return DOCUMENTS_OK;
	status = read_line(documents, &documents->next, &documents->next_capacity, &documents->next_length);
	documents->has_next = status == DOCUMENTS_OK;
	documents->by_line = documents->has_next && documents->next[0] == '{';
	return status == DOCUMENTS_END ? DOCUMENTS_OK : status;
}

/* All that is left becomes one document, behind the line that is there. */
static enum documents_status gather(struct documents *documents)
{
	enum documents_status status = DOCUMENTS_OK;
	while (status == DOCUMENTS_OK) {
		if (!documents->has_next)
			status = read_line(
				documents, &documents->next, &documents->next_capacity, &documents->next_length);
		documents->has_next = false;
		if (status != DOCUMENTS_OK)
			break;
		size_t wanted = documents->line_length + documents->next_length + 1;
		if (wanted > documents->line_capacity) {
			size_t capacity = wanted * 2;
			char *line = realloc(documents->line, capacity);
			if (!line)
				return DOCUMENTS_NO_MEMORY;
			documents->line = line;
			documents->line_capacity = capacity;
		}
		memcpy(documents->line + documents->line_length, documents->next, documents->next_length);
		documents->line_length += documents->next_length;
		documents->line[documents->line_length] = '\0';
	}
	return status == DOCUMENTS_END ? DOCUMENTS_OK : status;
}

enum documents_status documents_next(
	struct documents *documents, const char **ret_json, size_t *ret_length, uint64_t *ret_line)
{
	enum documents_status status = documents->started ? advance(documents) : start(documents);
	if (status != DOCUMENTS_OK)
		return status;
	*ret_line = documents->line_number;
	if (!documents->by_line)
		status = gather(documents);
	*ret_json = documents->line;
	*ret_length = documents->line_length;
	return status;
}
