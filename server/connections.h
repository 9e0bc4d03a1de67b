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

/* Whether one more from this address may be accepted. */
bool connections_admit(struct connections *connections, const struct sockaddr *address);

/* So many are open that new ones are better told to come back. */
bool connections_are_many(const struct connections *connections);

/* NULL when memory runs out. To be removed before the descriptor is closed, so that it is never that of another one. */
struct connection *connections_add(struct connections *connections, int fd, const struct sockaddr *address);
void connections_remove(struct connections *connections, struct connection *connection);

/* The client has `ms` from now on for what it is to do next; 0: as long as it takes. From any thread. */
void connection_allow(struct connection *connection, unsigned ms);

/* The same, but from a moment that has passed: for what takes the longer the more there is of it. */
int64_t connection_now(void);
void connection_allow_from(struct connection *connection, int64_t start_ms, uint64_t ms);
