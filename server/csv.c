// SPDX-License-Identifier: MIT
#include "server/csv.h"

#include <string.h>

#include "server/json/json_parse.h"
#include "server/json/out.h"

enum { LIST_JOINT = '|' };

static void append_scalar(struct buffer *cell, const json_t *value)
{
	struct out out;
	out_init(&out, cell, false);
	switch (json_typeof(value)) {
	case JSON_STRING:
		buffer_append(cell, json_string_value(value), json_string_length(value));
		break;
	case JSON_INTEGER:
		out_int(&out, json_integer_value(value));
		break;
	case JSON_REAL:
		out_real(&out, json_real_value(value));
		break;
	case JSON_TRUE:
	case JSON_FALSE:
		out_bool(&out, json_is_true(value));
		break;
	case JSON_NULL:
	case JSON_OBJECT:
	case JSON_ARRAY:
		break;
	}
}

/* What stands at `path` below `value`, in each element of an array on the way. */
static void append_at(struct buffer *cell, const json_t *value, const char *path)
{
	if (json_is_array(value)) {
		for (size_t i = 0; i < json_array_size(value); i++) {
			if (i)
				buffer_append_char(cell, LIST_JOINT);
			append_at(cell, json_array_get(value, i), path);
		}
		return;
	}
	if (!*path) {
		append_scalar(cell, value);
		return;
	}
	size_t length = strcspn(path, ".");
	const json_t *member = json_object_getn(value, path, length);
	if (member)
		append_at(cell, member, path + length + (path[length] == '.'));
}

static void append_cell(struct buffer *out, const char *cell, size_t length)
{
	if (!length)
		return;
	bool plain = !memchr(cell, '"', length) && !memchr(cell, ',', length) && !memchr(cell, '\n', length) &&
		     !memchr(cell, '\r', length) && cell[0] != ' ' && cell[length - 1] != ' ';
	if (plain) {
		buffer_append(out, cell, length);
		return;
	}
	buffer_append_char(out, '"');
	for (size_t i = 0; i < length; i++) {
		if (cell[i] == '"')
			buffer_append_char(out, '"');
		buffer_append_char(out, cell[i]);
	}
	buffer_append_char(out, '"');
}

static void append_header(struct buffer *out, const char *const *columns)
{
	for (size_t i = 0; columns[i]; i++) {
		if (i)
			buffer_append_char(out, ',');
		append_cell(out, columns[i], strlen(columns[i]));
	}
	buffer_append(out, "\r\n", 2);
}

static void append_row(struct buffer *out, struct buffer *cell, const json_t *item, const char *const *columns)
{
	for (size_t i = 0; columns[i]; i++) {
		if (i)
			buffer_append_char(out, ',');
		buffer_clear(cell);
		append_at(cell, item, columns[i]);
		out->failed |= cell->failed;
		append_cell(out, cell->data, cell->length);
	}
	buffer_append(out, "\r\n", 2);
}

void csv_from_lines(struct buffer *buffer, const char *const *columns)
{
	struct buffer rows = { 0 }, cell = { 0 };
	struct arena arena = { 0 };
	append_header(&rows, columns);
	for (size_t at = 0; at < buffer->length && !rows.failed;) {
		const char *line = buffer->data + at, *end = memchr(line, '\n', buffer->length - at);
		size_t length = end ? (size_t)(end - line) : buffer->length - at;
		/* Our own JSON: what fails is memory. */
		json_t *item;
		json_error_t error;
		if (json_parse(line, length, &arena, &item, &error) == JSON_PARSE_OK)
			append_row(&rows, &cell, item, columns);
		else
			rows.failed = true;
		arena_clear(&arena);
		at += length + 1;
	}
	rows.failed |= buffer->failed;
	arena_deinit(&arena);
	buffer_deinit(&cell);
	buffer_deinit(buffer);
	*buffer = rows;
}
