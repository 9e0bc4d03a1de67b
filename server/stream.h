// SPDX-License-Identifier: MIT
/* A body that is made while it leaves, piece by piece, and no faster than its client takes it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <microhttpd.h>

#include "server/response.h"

struct connection;

struct stream {
	struct response *response; /* with a source, or to HEAD */
	struct connection *client; /* NULL: it has no deadline */
	uint64_t bytes;            /* that were taken */
	/* Private: */
	int64_t from_ms;
	enum body_source_state state;
	size_t taken; /* of the piece that is in the response's body */
};

/* Begins. The stream stays where it is until its exchange ends. NULL: memory ran out. */
struct MHD_Response *stream_message(struct stream *stream, bool close);
