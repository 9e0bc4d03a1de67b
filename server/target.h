// SPDX-License-Identifier: MIT
/*
 * The target of a request taken apart (RFC 9112, section 3.2): split first,
 * then decoded, so that an encoded slash never makes another path.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "db/arena.h"

enum {
	TARGET_BYTES_MAX = 8192, /* also of the addresses that are given out */
	TARGET_SEGMENTS_MAX = 8
};

struct target {
	const char *path;                          /* as sent, without the query; "*" for `OPTIONS *` */
	const char *query;                         /* as sent, behind the `?`; NULL when there is none */
	const char *segments[TARGET_SEGMENTS_MAX]; /* decoded: valid UTF-8 without NUL */
	size_t segment_count;                      /* 0 for "/" */
	bool trailing_slash;
	bool too_many; /* more segments than any path here has; those beyond are not decoded */
};

/*
 * Strings are in the arena. Accepts the origin form and the absolute form, whose scheme and authority are dropped.
 * *ret_reason is a sentence for people when it is refused, NULL when memory ran out.
 */
bool target_parse(const char *raw, struct arena *arena, struct target *ret_target, const char **ret_reason);

/*
 * Decodes percent-encoding (RFC 3986, section 2.1), and `+` to a space for a query. NULL with a reason when it is
 * malformed, gives a NUL or what is no UTF-8.
 */
const char *target_decode(
	const char *encoded, size_t length, bool is_query, struct arena *arena, const char **ret_reason);

struct buffer;

/* Appends `text` percent-encoded but for what is unreserved (RFC 3986, section 2.3); a space of a query is a `+`. */
void target_encode(struct buffer *out, const char *text, bool is_query);
