// SPDX-License-Identifier: MIT
/*
 * HTTP on a socket: event loops, connections, bodies. This and server/guard.c
 * are all that know libmicrohttpd.
 *
 * Each event loop is a thread with its own connection to the store; the kernel hands every new client to whichever is
 * free. A request is answered on the thread of its client, so an answer must not take long.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "db/db.h"
#include "server/reviewd.h"

struct http;

struct http_options {
	int socket;         /* listening, non-blocking; stays the caller's, and listens no more after http_stop() */
	unsigned threads;   /* 1 or more */
	struct db **stores; /* one for each thread, borrowed until http_stop() */
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
