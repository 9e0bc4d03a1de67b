// SPDX-License-Identifier: MIT
/*
 * HTTP on a socket: the event loops, from their start to their end. This,
 * server/exchange.c and server/guard.c are all that know libmicrohttpd.
 *
 * Each event loop is a thread with its own connection to the store; the kernel hands every new client to whichever is
 * free. A request is answered on the thread of its client, so an answer must not take long; a write is handed to the
 * writer, and answered when it is on disk.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/db.h"
#include "server/reviewd.h"

struct permission;
struct http;
struct writer;

struct http_options {
	int socket;            /* listening, non-blocking; stays the caller's, and listens no more after http_stop() */
	unsigned threads;      /* 1 or more */
	struct db **stores;    /* one for each thread; borrowed until http_stop(), as all that follows */
	const char *path;      /* of the store */
	struct writer *writer; /* NULL: nothing is written */
	struct permission *permission; /* who may write */
	size_t body_bytes_max;         /* of one document */
	unsigned connections;          /* at a time, over all threads; 0: the usual number */
	unsigned per_address;          /* connections from one address; 0: the usual limit (server/connections.h) */
	size_t cache_bytes;            /* for answers, over all threads; 0: none are kept */
	enum reviewd_access_log access_log;
};

/* NULL with errno: a thread or a descriptor could not be had. */
struct http *http_start(const struct http_options *options);

/*
 * Takes no new connections, lets requests that are under way end for at most `drain_ms`, closes all connections and
 * frees everything. Accepts NULL.
 */
void http_stop(struct http *http, unsigned drain_ms);

/* Of libmicrohttpd as it runs; constant. */
const char *http_library_version(void);
