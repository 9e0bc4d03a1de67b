// SPDX-License-Identifier: MIT
#include "server/stream.h"

#include <string.h>

#include "db/clock.h"
#include "server/connections.h"
#include "server/message.h"
#include "server/response.h"

/* Who takes a stream holds what it is made from, and has to take it faster than other answers. */
enum { STREAM_MS = 30 * 1000, STREAM_BYTES_PER_SECOND = 64 * 1024 };

static void allow(const struct stream *stream)
{
	if (stream->client)
		connection_allow_from(
			stream->client, stream->from_ms, STREAM_MS + stream->bytes * 1000 / STREAM_BYTES_PER_SECOND);
}

/* Moves as much as there is room for. */
static size_t take(struct stream *stream, char *out, size_t size)
{
	struct buffer *piece = &stream->response->body;
	size_t left = piece->length - stream->taken, part = left < size ? left : size;
	if (part)
		memcpy(out, piece->data + stream->taken, part);
	stream->taken += part;
	if (stream->taken == piece->length) {
		buffer_clear(piece);
		stream->taken = 0;
	}
	return part;
}

static ssize_t read_stream(void *context, uint64_t position, char *out, size_t size)
{
	struct stream *stream = context;
	struct response *response = stream->response;
	(void)position;
	size_t taken = take(stream, out, size);
	while (taken < size && stream->state == BODY_SOURCE_MORE) {
		stream->state = response->source->more(response->source, &response->body);
		taken += take(stream, out + taken, size - taken);
	}
	stream->bytes += taken;
	allow(stream);
	if (taken)
		return (ssize_t)taken;
	return stream->state == BODY_SOURCE_BROKEN ? MHD_CONTENT_READER_END_WITH_ERROR
						   : MHD_CONTENT_READER_END_OF_STREAM;
}

struct MHD_Response *stream_message(struct stream *stream, bool close)
{
	stream->from_ms = clock_ms();
	stream->state = BODY_SOURCE_MORE;
	stream->bytes = 0;
	stream->taken = 0;
	allow(stream);
	return message_new_streamed(stream->response, close, read_stream, stream);
}
