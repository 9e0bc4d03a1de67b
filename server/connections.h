// SPDX-License-Identifier: MIT
/*
 * Every open connection of the service: how long its client may take for what it does, and how many come from its
 * address. A client that is too slow is cut, by a thread that looks through all of them several times a second:
 * libmicrohttpd itself only notices those that do nothing at all.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

struct connections;
struct connection;

/*
 * `max` connections are meant to be possible. `per_address`: at most so many from one address (of IPv6: one /64); 0 for
 * the usual limit, from which this machine's own addresses are exempt, since a proxy has them. NULL with errno.
 */
struct connections *connections_start(unsigned max, unsigned per_address);

/* All connections have been removed. Accepts NULL. */
void connections_stop(struct connections *connections);

/* Whether one more from this address may be accepted: some above the limit are, to be told so. */
bool connections_admit(struct connections *connections, const struct sockaddr *address);

/* Why so many are open that whoever has this one (NULL: unknown) is better told to come back; NULL: they are not. */
const char *connections_are_many(const struct connections *connections, const struct connection *connection);

/*
 * The client has `ms` for its first request. NULL when memory runs out. To be removed before the descriptor is closed,
 * so that it is never that of another one.
 */
struct connection *connections_add(
	struct connections *connections, int fd, const struct sockaddr *address, unsigned ms);
void connections_remove(struct connections *connections, struct connection *connection);

/* The client has `ms` from now on for what it is to do next; 0: as long as it takes. From any thread. */
void connection_allow(struct connection *connection, unsigned ms);

/* The same, but from a moment of clock_ms() that has passed: for what takes the longer the more there is of it. */
void connection_allow_from(struct connection *connection, int64_t start_ms, uint64_t ms);
