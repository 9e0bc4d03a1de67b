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

void buffer_append(struct buffer *buffer, const char *bytes, size_t length);
void buffer_append_string(struct buffer *buffer, const char *string);
void buffer_append_char(struct buffer *buffer, char c);
void buffer_printf(struct buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Hands the content to the caller, who calls free(); NULL if the buffer failed. The buffer is empty afterwards. */
char *buffer_take(struct buffer *buffer, size_t *ret_length);
