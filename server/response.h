// SPDX-License-Identifier: MIT
/* An answer before it leaves: status, headers and body, without a word of the library that sends it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "db/text/buffer.h"

enum { RESPONSE_HEADERS_MAX = 24 };

struct response_header {
	const char *name, *value; /* borrowed: constant, or in the request's arena */
};

enum body_source_state {
	BODY_SOURCE_MORE,  /* something was appended, and more may come */
	BODY_SOURCE_ENDED, /* that was all */
	BODY_SOURCE_BROKEN /* there would be more, but it cannot be had; logged */
};

/* Where a body comes from that is made while it leaves. */
struct body_source {
	enum body_source_state (*more)(struct body_source *source, struct buffer *out);
	void (*close)(struct body_source *source);
};

/* Zero-initialise. */
struct response {
	unsigned status;
	struct buffer body;
	struct response_header headers[RESPONSE_HEADERS_MAX];
	size_t header_count;
	struct body_source *source; /* what comes instead of `body`; closed with the response */
	bool has_no_length;         /* the body is that of a source, also where HEAD asks for none */
	bool close;                 /* the connection ends with this answer */
	bool no_memory;             /* something is missing */
};

/* Frees the body, and closes its source. */
void response_deinit(struct response *response);

/* Without body and headers again, as before anything was said. */
void response_clear(struct response *response);

/* A NULL value means that memory ran out when it was made. No header is set twice. */
void response_header(struct response *response, const char *name, const char *value);

/* The value of a header that was set, or NULL. */
const char *response_find(const struct response *response, const char *name);

/* True when status, headers and body are all there. */
bool response_is_whole(const struct response *response);
