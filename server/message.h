// SPDX-License-Identifier: MIT
/* An answer as the library takes it: with the headers that all of them have. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <microhttpd.h>

#include "server/response.h"

/* Of a body without a known length, unless the library sends it in chunks: those are smaller. */
enum { MESSAGE_PIECE_BYTES = 16 * 1024 };

/* The body goes over to it. NULL: memory ran out. `close`: the connection ends with it. */
struct MHD_Response *message_new(struct response *response, bool close);

/*
 * The same with a body of no known length, that `read` is asked for piece by piece, as the client takes it; with
 * `context`, until the exchange ends. Without a source it is for HEAD, and the connection ends with it.
 */
struct MHD_Response *message_new_streamed(
	const struct response *response, bool close, MHD_ContentReaderCallback read, void *context);

/* What a client gets instead that has this answer already. NULL: memory ran out. */
struct MHD_Response *message_new_unchanged(const struct response *response);

/* What both are estimated to take, the body of `response` included. */
size_t message_cost(const struct response *response);

/* Sends it, and gives up the caller's hold on it. */
enum MHD_Result message_queue(struct MHD_Connection *connection, unsigned status, struct MHD_Response *message);

/* A status alone, where there is room for nothing else. */
enum MHD_Result message_queue_bare(struct MHD_Connection *connection, unsigned status);

/*
 * 503, for which nothing is allocated but what the library itself needs; if that fails too, the connection is closed.
 */
enum MHD_Result message_queue_out_of_memory(struct MHD_Connection *connection);
extern const size_t message_out_of_memory_length; /* of its body */
