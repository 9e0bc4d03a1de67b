// SPDX-License-Identifier: MIT
/*
 * Writes JSON (RFC 8259) into a buffer, piece by piece.
 *
 * The caller brings the pieces in a sound order: in an object a key before each
 * value, every container ended. Strings are valid UTF-8 and stay as they are but
 * for `"`, `\` and the control characters below U+0020. Running out of memory
 * shows in buffer->failed, once, at the end. No newline is written at the end.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "db/text/buffer.h"

struct out {
	struct buffer *buffer; /* borrowed */
	bool pretty;           /* two spaces a level, `"key": value`; otherwise no white space at all */
	bool lines;            /* every object at the top is a line of its own */
	unsigned depth;        /* open containers */
	bool need_comma;       /* something stands before in this container */
	bool after_key;        /* the value of a key is due */
	bool quick;            /* neither pretty nor trimmed: a key is no more than its letters */

	/* See out_trim(). */
	const char *const *names;
	size_t name_count;
	unsigned trim_depth;   /* of the objects that are trimmed */
	const char *member;    /* of such an object, of which some members are wanted; NULL: all of it */
	unsigned member_depth; /* of the objects that these are members of; 0: none has begun */
	bool passes_value;     /* the value that is due is left out */
	unsigned passing;      /* containers that have begun in it */
};

void out_init(struct out *out, struct buffer *buffer, bool pretty);

/*
 * From now on, of the objects that begin here, writes only the members with these names; `outer.inner` names a member
 * of the object, or of each of the objects in an array, that `outer` is. Names are borrowed; without any, all is
 * written.
 */
void out_trim(struct out *out, const char *const *names, size_t count);

/* Where what comes next will stand. What was written between two such places, if anything, is written once more:
 * members into another object of as much depth, which has some already or none as that one had, or the value of a key
 * as that of another. */
static inline size_t out_place(const struct out *out)
{
	return out->buffer->length;
}
void out_again(struct out *out, size_t from, size_t until);

/* For one object after the other: each ends with a newline (NDJSON). */
void out_init_lines(struct out *out, struct buffer *buffer);

void out_object_begin(struct out *out);
void out_object_end(struct out *out);
void out_array_begin(struct out *out);
void out_array_end(struct out *out);

/* The NUL of `key` stands behind `length` bytes, none of which needs an escape. */
void out_key_n(struct out *out, const char *key, size_t length);

/* Here, so that the compiler counts and copies the letters of the program's own words. */
static inline void out_key(struct out *out, const char *key)
{
	size_t length = strlen(key);
	char *room = out->quick ? buffer_room(out->buffer, length + 4) : NULL;
	if (!room) {
		out_key_n(out, key, length);
		return;
	}
	size_t comma = out->need_comma;
	room[0] = ',';
	room[comma] = '"';
	memcpy(room + comma + 1, key, length);
	memcpy(room + comma + 1 + length, "\":", 2);
	buffer_wrote(out->buffer, comma + length + 3);
	out->after_key = true;
}

/* Whether the value that comes now is left out. It need not be made then: if it is, nothing else may come. */
static inline bool out_passes(struct out *out)
{
	bool passed = out->passes_value || out->passing;
	out->passes_value = false;
	return passed;
}

/* NULL gives null. */
void out_string(struct out *out, const char *string);
/* `length` bytes, which need no NUL behind them; a NUL among them is written as \u0000. */
void out_string_n(struct out *out, const char *string, size_t length);
/* A string in pieces: begun, any number of pieces, ended. */
void out_string_begin(struct out *out);
void out_piece(struct out *out, const char *string);
void out_piece_n(struct out *out, const char *string, size_t length);
void out_string_end(struct out *out);
void out_int(struct out *out, int64_t value);
/* The shortest digits that read back as the same number, in every locale; infinity and NaN, which JSON has not, as
 * null. */
void out_real(struct out *out, double value);
void out_bool(struct out *out, bool value);
void out_null(struct out *out);

static inline void out_field_string(struct out *out, const char *key, const char *value)
{
	out_key(out, key);
	out_string(out, value);
}

static inline void out_field_int(struct out *out, const char *key, int64_t value)
{
	out_key(out, key);
	out_int(out, value);
}

static inline void out_field_bool(struct out *out, const char *key, bool value)
{
	out_key(out, key);
	out_bool(out, value);
}
