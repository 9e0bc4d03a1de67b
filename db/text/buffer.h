// SPDX-License-Identifier: MIT
/*
 * A growable byte buffer that many small appends go into.
 *
 * Failure is sticky: when memory runs out, `failed` is set, the content stays
 * what it was and later appends do nothing. A writer of a hundred pieces checks
 * once, at the end. One buffer belongs to one thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct buffer {
	char *data;    /* NUL-terminated whenever it is not NULL */
	size_t length; /* bytes, without the NUL */
	size_t capacity;
	bool failed;
};

/* Frees the content; the buffer is empty and usable again. */
void buffer_deinit(struct buffer *buffer);

/* Forgets the content and a failure, keeps the memory. */
void buffer_clear(struct buffer *buffer);

/* Forgets all behind the first `length` bytes, which are there. */
void buffer_cut(struct buffer *buffer, size_t length);

/* Room for `length` bytes and the NUL behind the content; false: memory has run out, now or before. */
bool buffer_reserve(struct buffer *buffer, size_t length);

/* These are here, since an answer is made of a thousand of them: mostly there is room, and they become a few
 * instructions where they are called. */

/* Where the next `length` bytes of the content are to be written, before buffer_wrote() tells how many of them were;
 * NULL: memory has run out. */
static inline char *buffer_room(struct buffer *buffer, size_t length)
{
	if ((buffer->failed || length >= buffer->capacity - buffer->length) && !buffer_reserve(buffer, length))
		return NULL;
	return buffer->data + buffer->length;
}

static inline void buffer_wrote(struct buffer *buffer, size_t length)
{
	buffer->length += length;
	buffer->data[buffer->length] = '\0';
}

static inline void buffer_append(struct buffer *buffer, const char *bytes, size_t length)
{
	char *room = buffer_room(buffer, length);
	if (!room)
		return;
	if (length)
		memcpy(room, bytes, length);
	buffer_wrote(buffer, length);
}

static inline void buffer_append_string(struct buffer *buffer, const char *string)
{
	buffer_append(buffer, string, strlen(string));
}

static inline void buffer_append_char(struct buffer *buffer, char c)
{
	char *room = buffer_room(buffer, 1);
	if (!room)
		return;
	*room = c;
	buffer_wrote(buffer, 1);
}

void buffer_printf(struct buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Hands the content to the caller, who calls free(); NULL if the buffer failed. The buffer is empty afterwards. */
char *buffer_take(struct buffer *buffer, size_t *ret_length);
