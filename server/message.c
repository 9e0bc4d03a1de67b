// SPDX-License-Identifier: MIT
#include "server/message.h"

#include <stdlib.h>
#include <string.h>

#include "db/log.h"

static char out_of_memory[] =
	"{\"type\":\"/problems/unavailable\",\"title\":\"Unavailable\",\"status\":503,"
	"\"detail\":\"the server is out of memory\",\"code\":\"unavailable\",\"request_id\":\"0\"}\n";
const size_t message_out_of_memory_length = sizeof(out_of_memory) - 1;

/* What the library takes for a response and for each of its headers beside their bytes, as malloc() counts it. */
enum { RESPONSE_COST = 320, HEADER_COST = 128 };

static const char *const unchanged_headers[] = { "Vary", "ETag", "Cache-Control" };

static bool add(struct MHD_Response *message, const char *name, const char *value)
{
	return MHD_add_response_header(message, name, value) == MHD_YES;
}

/* The headers of every answer, errors and 304 included: any page may use them, and see what it needs of them. */
static bool add_general_headers(struct MHD_Response *message)
{
	return add(message, "Access-Control-Allow-Origin", "*") &&
	       add(message, "Access-Control-Expose-Headers",
		       "ETag, Link, Location, X-Request-Id, Retry-After, Allow, Content-Range, Accept-Ranges") &&
	       add(message, "X-Content-Type-Options", "nosniff");
}

static bool add_headers(struct MHD_Response *message, const struct response *response, bool close)
{
	bool added = add_general_headers(message);
	for (size_t i = 0; i < response->header_count && added; i++)
		added = add(message, response->headers[i].name, response->headers[i].value);
	return added && (!close || add(message, "Connection", "close"));
}

struct MHD_Response *message_new(struct response *response, bool close)
{
	/*
	 * A buffer has more than it needs, and an answer may be kept. To cut it down would leave holes, 6 to 16 MiB of
	 * them with a full cache of 32 MB.
	 */
	void *copy = response->body.data ? malloc(response->body.length + 1) : NULL;
	if (copy) {
		memcpy(copy, response->body.data, response->body.length);
		free(response->body.data);
		response->body.data = copy;
	}
	void *body = response->body.data;
	struct MHD_Response *message = MHD_create_response_from_buffer(
		response->body.length, body, body ? MHD_RESPMEM_MUST_FREE : MHD_RESPMEM_PERSISTENT);
	if (!message)
		return NULL;
	response->body = (struct buffer) { 0 };
	if (add_headers(message, response, close))
		return message;
	MHD_destroy_response(message);
	return NULL;
}

struct MHD_Response *message_new_streamed(
	const struct response *response, bool close, MHD_ContentReaderCallback read, void *context)
{
	struct MHD_Response *message =
		MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, MESSAGE_PIECE_BYTES, read, context, NULL);
	if (!message)
		return NULL;
	/* To HEAD the library (as of 0.9.75) sends the end of a body in chunks, where there is none. */
	if (!response->source)
		MHD_set_response_options(message, MHD_RF_HTTP_1_0_COMPATIBLE_STRICT, MHD_RO_END);
	if (add_headers(message, response, close))
		return message;
	MHD_destroy_response(message);
	return NULL;
}

struct MHD_Response *message_new_unchanged(const struct response *response)
{
	struct MHD_Response *message = MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
	bool added = message && add_general_headers(message);
	for (size_t i = 0; i < sizeof(unchanged_headers) / sizeof(unchanged_headers[0]) && added; i++) {
		const char *value = response_find(response, unchanged_headers[i]);
		added = !value || add(message, unchanged_headers[i], value);
	}
	if (message && !added) {
		MHD_destroy_response(message);
		message = NULL;
	}
	return message;
}

size_t message_cost(const struct response *response)
{
	size_t cost = response->body.length + 2 * (RESPONSE_COST + 3 * HEADER_COST);
	for (size_t i = 0; i < response->header_count; i++)
		cost += HEADER_COST + strlen(response->headers[i].name) + strlen(response->headers[i].value);
	return cost;
}

enum MHD_Result message_queue(struct MHD_Connection *connection, unsigned status, struct MHD_Response *message)
{
	if (!message)
		return MHD_NO;
	enum MHD_Result result = MHD_queue_response(connection, status, message);
	MHD_destroy_response(message);
	return result;
}

enum MHD_Result message_queue_bare(struct MHD_Connection *connection, unsigned status)
{
	return message_queue(connection, status, MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT));
}

enum MHD_Result message_queue_out_of_memory(struct MHD_Connection *connection)
{
	struct MHD_Response *message =
		MHD_create_response_from_buffer(sizeof(out_of_memory) - 1, out_of_memory, MHD_RESPMEM_PERSISTENT);
	const struct response headers = { .headers = { { "Content-Type", "application/problem+json" },
						  { "Cache-Control", "no-store" }, { "X-Request-Id", "0" },
						  { "Retry-After", "1" } },
		.header_count = 4 };
	log_line("out of memory: a request was answered with 503");
	if (message)
		(void)add_headers(message, &headers, true);
	return message_queue(connection, 503, message);
}
