// SPDX-License-Identifier: MIT
/*
 * The bundles of files, in their order, read and proven on a thread of their
 * own that is a few bundles ahead: what is slow about an import is JSON on one
 * side and the store on the other. Memory is bounded by the bundles under way,
 * of which there are fewer the longer they are.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "db/arena.h"
#include "db/bundle.h"
#include "server/json/bundle_read.h"
#include "server/reviewd.h"

enum streamed_kind {
	STREAMED_BUNDLE,
	STREAMED_REFUSED,    /* a document, or the rest of a file: the problems tell */
	STREAMED_UNREADABLE, /* the file, or what is left of it: `error` is an errno */
	STREAMED_NO_MEMORY,
	STREAMED_END
};

struct streamed {
	enum streamed_kind kind;
	const char *file;
	uint64_t line;     /* where the document starts, from 1 */
	size_t json_bytes; /* of it; 0: not read */
	struct arena arena;
	struct bundle bundle; /* in the arena, as are the problems */
	struct bundle_problems problems;
	int error;
	uint64_t input_read; /* bytes of the files that have been read, as they lie on the disk */
};

struct bundle_stream;

/* NULL when memory or threads run out. What `options` has is borrowed. */
struct bundle_stream *bundle_stream_open(const struct reviewd_import_options *options);

/* Stops wherever the reading is. Accepts NULL. */
void bundle_stream_close(struct bundle_stream *stream);

/* Bytes of all files together; 0 when that is not known. */
uint64_t bundle_stream_input_bytes(const struct bundle_stream *stream);

/* The next one, whose arena is the caller's until the next call; NULL when none has come in time. Nothing comes behind
 * STREAMED_END and STREAMED_NO_MEMORY. */
struct streamed *bundle_stream_next(struct bundle_stream *stream, unsigned timeout_ms);
