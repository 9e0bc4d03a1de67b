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

/* Zero-initialise. */
struct response {
	unsigned status;
	struct buffer body;
	struct response_header headers[RESPONSE_HEADERS_MAX];
	size_t header_count;
	bool close;     /* the connection ends with this answer */
	bool no_memory; /* something is missing */
};

/* Frees the body. */
void response_deinit(struct response *response);

/* Without body and headers again, as before anything was said. */
void response_clear(struct response *response);

/* A NULL value means that memory ran out when it was made. No header is set twice. */
void response_header(struct response *response, const char *name, const char *value);

/* The value of a header that was set, or NULL. */
const char *response_find(const struct response *response, const char *name);

/* True when status, headers and body are all there. */
bool response_is_whole(const struct response *response);
