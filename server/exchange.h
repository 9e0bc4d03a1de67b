// SPDX-License-Identifier: MIT
/*
 * One request on the wire and its answer: headers, body, waiting for what was
 * handed over, and what leaves. The callbacks that libmicrohttpd is given.
 */
#pragma once

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <microhttpd.h>

#include "server/reviewd.h"

/* How long the headers of a request may take. */
enum { EXCHANGE_HEADERS_MS = 10 * 1000 };

struct cache;
struct permission;
struct connections;
struct db;
struct exchange;
struct exports;
struct metrics;
struct metrics_loop;
struct watch;
struct writer;

/* How the exchanges of all loops come to an end when the service stops. */
struct drain {
	_Atomic bool begun; /* a connection ends with its next answer */
	pthread_mutex_t mutex;
	pthread_cond_t changed; /* on CLOCK_MONOTONIC */
	unsigned waiting;       /* exchanges that wait for a thread that is not theirs */
	bool closed;            /* none is suspended any more */
};

/* What the exchanges of one event loop have in common. All but what is atomic belongs to its thread. */
struct loop {
	struct MHD_Daemon *daemon;
	pthread_t thread;
	_Atomic bool stopping;
	struct db *db;
	struct cache *cache; /* of answers; NULL: none are kept */
	struct permission *permission;
	struct connections *connections;
	struct writer *writer; /* NULL: nothing is written */
	struct watch *watch;
	struct exports *exports;
	const struct metrics *all_metrics;
	struct metrics_loop *metrics; /* this loop's part of them */
	enum reviewd_access_log access_log;
	size_t body_bytes_max;
	uint32_t boot; /* tells the request ids of one run from those of another */
	unsigned number;
	uint64_t request_number;
	int wake;                         /* of eventfd(2), which the library cannot be told of */
	_Atomic(struct exchange *) woken; /* what they waited for is there: the last one first */
	int socket;                       /* its own descriptor of the listening socket */
	_Atomic unsigned in_flight;
	unsigned turns;         /* ended since the drain has begun; under its mutex */
	struct exchange *spare; /* for the next requests, which then allocate nothing; NULL: there is none */
	unsigned spares;
	struct drain *drain;
};

/* Makes the loop look at what has been woken, and whether it is to stop. From any thread. */
void exchange_wake_loop(const struct loop *loop);

/* Lets those go on that have been woken. */
void exchange_resume(struct loop *loop);

/* Leaves the address as it is: what the library would decode nobody reads. */
size_t exchange_decode(void *loop, struct MHD_Connection *connection, char *text);

/* The first line of a request is there. NULL: no memory. */
void *exchange_new(void *loop, const char *uri, struct MHD_Connection *connection);

/* The headers are there, or a part of the body, or all of it, or what was waited for. */
enum MHD_Result exchange_go_on(void *loop, struct MHD_Connection *connection, const char *url, const char *method,
	const char *version, const char *upload_data, size_t *upload_data_size, void **exchange);

/* The answer has left, or the client. */
void exchange_end(void *loop, struct MHD_Connection *connection, void **exchange, enum MHD_RequestTerminationCode code);

/* When the loop has ended. */
void exchange_free_spares(struct loop *loop);
