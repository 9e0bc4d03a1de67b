// SPDX-License-Identifier: MIT
/* The forms an answer can have: chosen by a suffix of the path, or by Accept (RFC 9110, section 12.5.1). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "db/arena.h"

/* The order is that of preference where a client takes all alike. */
enum format { FORMAT_JSON, FORMAT_TXT, FORMAT_CSV, FORMAT_NDJSON, FORMAT_HTML, FORMAT_LINKSET, FORMAT_METRICS };
enum { FORMATS = 7 };

/* Sets of formats. */
enum {
	FORMAT_BIT_JSON = 1 << FORMAT_JSON,
	FORMAT_BIT_TXT = 1 << FORMAT_TXT,
	FORMAT_BIT_CSV = 1 << FORMAT_CSV,
	FORMAT_BIT_NDJSON = 1 << FORMAT_NDJSON,
	FORMAT_BIT_HTML = 1 << FORMAT_HTML,
	FORMAT_BIT_LINKSET = 1 << FORMAT_LINKSET,
	FORMAT_BIT_METRICS = 1 << FORMAT_METRICS
};

/* What the suffix of a path asks for. */
enum suffix {
	SUFFIX_NONE,
	SUFFIX_KNOWN,  /* a format */
	SUFFIX_FOREIGN /* a format that is not served here */
};

extern const char *const format_names[FORMATS];  /* the suffix without its dot; NULL: it has none */
extern const char *const format_types[FORMATS];  /* the value of Content-Type */
extern const char *const format_abouts[FORMATS]; /* for people */

/* Whether it is JSON, of the shape that its row declares. */
bool format_is_json(enum format format);

/* Whether it is plain text, so that a problem is a plain line as well. */
bool format_is_text(enum format format);

/* The formats of a set for people: ".json (application/json), .txt (text/plain)". NULL when memory runs out. */
const char *format_list(unsigned formats, struct arena *arena);

/* Looks at the end of a path segment; *ret_length is the length without the suffix, *ret_format is set for
 * SUFFIX_KNOWN. */
enum suffix format_from_suffix(const char *segment, size_t length, size_t *ret_length, enum format *ret_format);

/*
 * The best of the formats in the set `offered` for the value of Accept, which may be NULL (RFC 9110, section 12.4):
 * the most specific range that fits a type gives its weight. False: the client takes none of them.
 */
bool format_negotiate(const char *accept, unsigned offered, enum format *ret_format);

/* How the bytes of an answer may be coded; sets of it. */
enum { CODING_BIT_IDENTITY = 1, CODING_BIT_GZIP = 2 };

/*
 * Those that the value of Accept-Encoding, which may be NULL, takes (RFC 9110, section 12.5.3); gzip only if it is
 * liked as much as none.
 */
unsigned coding_negotiate(const char *accept_encoding);
