// SPDX-License-Identifier: MIT
#include "db/text/buffer.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BUFFER_FIRST_BYTES = 64 };

void buffer_deinit(struct buffer *buffer)
{
	free(buffer->data);
	*buffer = (struct buffer) { 0 };
}

void buffer_clear(struct buffer *buffer)
{
	buffer->length = 0;
	buffer->failed = false;
	if (buffer->data)
		buffer->data[0] = '\0';
}

void buffer_cut(struct buffer *buffer, size_t length)
{
	if (length >= buffer->length)
		return;
	buffer->length = length;
	buffer->data[length] = '\0';
}

static bool buffer_grow(struct buffer *buffer, size_t wanted)
{
	size_t capacity = buffer->capacity ? buffer->capacity : BUFFER_FIRST_BYTES;
	while (capacity < wanted)
		capacity = capacity > SIZE_MAX / 2 ? wanted : capacity * 2;
	char *data = realloc(buffer->data, capacity);
	if (!data) {
		buffer->failed = true;
		return false;
	}
	buffer->data = data;
	buffer->capacity = capacity;
	return true;
}

bool buffer_reserve(struct buffer *buffer, size_t length)
{
	size_t wanted;
	if (buffer->failed)
		return false;
	if (__builtin_add_overflow(buffer->length, length, &wanted) || wanted == SIZE_MAX) {
		buffer->failed = true;
		return false;
	}
	return wanted < buffer->capacity || buffer_grow(buffer, wanted + 1);
}

void buffer_printf(struct buffer *buffer, const char *format, ...)
{
	va_list args, again;
	size_t room = buffer->failed ? 0 : buffer->capacity - buffer->length;
	va_start(args, format);
	va_copy(again, args);
	/* Most of what is written fits into what is there. */
	int length = vsnprintf(room ? buffer->data + buffer->length : NULL, room, format, args);
	if (length >= 0 && (size_t)length < room) {
		buffer->length += (size_t)length;
	} else if (length >= 0 && buffer_reserve(buffer, (size_t)length)) {
		vsnprintf(buffer->data + buffer->length, (size_t)length + 1, format, again);
		buffer->length += (size_t)length;
	} else {
		buffer->failed = true;
		if (room)
			buffer->data[buffer->length] = '\0';
	}
	va_end(again);
	va_end(args);
}

char *buffer_take(struct buffer *buffer, size_t *ret_length)
{
	/* An empty buffer has no memory yet, but the caller is owed a string. */
	if (!buffer_reserve(buffer, 0)) {
		buffer_deinit(buffer);
		return NULL;
	}
	char *data = buffer->data;
	data[buffer->length] = '\0';
	if (ret_length)
		*ret_length = buffer->length;
	*buffer = (struct buffer) { 0 };
	return data;
}
