// SPDX-License-Identifier: MIT
#include "server/connections.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "db/clock.h"
#include "server/address.h"

enum { LOOK_MS = 250, PER_ADDRESS_USUAL = 256, BUCKETS = 1024 };

/* So many above the limit of an address are answered, for a while, before others are dropped without a word. */
enum { TOLD = 8, TELLING_MS = 2000 };

/* How many connections an address has. */
struct origin {
	struct address address;
	unsigned count;
	struct origin *next;
};

struct connection {
	int fd;
	_Atomic int64_t deadline_ms; /* on CLOCK_MONOTONIC; 0: none */
	struct origin *origin;
	bool is_above; /* the limit of its address */
	struct connection *previous, *next;
};

struct connections {
	unsigned max, per_address;
	_Atomic unsigned count;
	pthread_t thread;
	pthread_mutex_t mutex; /* over all that follows */
	pthread_cond_t wake;
	bool stopping;
	struct connection *first;
	struct origin *origins[BUCKETS];
};

void connection_allow_from(struct connection *connection, int64_t start_ms, uint64_t ms)
{
	atomic_store(&connection->deadline_ms, start_ms + (int64_t)ms);
}

void connection_allow(struct connection *connection, unsigned ms)
{
	atomic_store(&connection->deadline_ms, ms ? clock_ms() + ms : 0);
}

/* Shut down, not closed: the library notices, and closes the descriptor itself. */
static void cut_the_slow(struct connections *connections)
{
	int64_t now = clock_ms();
	for (struct connection *connection = connections->first; connection; connection = connection->next) {
		int64_t deadline = atomic_load(&connection->deadline_ms);
		if (deadline && now > deadline)
			shutdown(connection->fd, SHUT_RDWR);
	}
}

static void *look(void *context)
{
	struct connections *connections = context;
	pthread_mutex_lock(&connections->mutex);
	while (!connections->stopping) {
		if (!connections->first) {
			pthread_cond_wait(&connections->wake, &connections->mutex);
			continue;
		}
		cut_the_slow(connections);
		struct timespec until = clock_after(LOOK_MS);
		/* Only stopping ends this wait early: another connection has time until then. */
		pthread_cond_timedwait(&connections->wake, &connections->mutex, &until);
	}
	pthread_mutex_unlock(&connections->mutex);
	return NULL;
}

struct connections *connections_start(unsigned max, unsigned per_address)
{
	struct connections *connections = calloc(1, sizeof(*connections));
	if (!connections)
		return NULL;
	connections->max = max;
	connections->per_address = per_address;
	pthread_mutex_init(&connections->mutex, NULL);
	clock_condition_init(&connections->wake);
	int error = pthread_create(&connections->thread, NULL, look, connections);
	if (!error)
		return connections;
	pthread_cond_destroy(&connections->wake);
	pthread_mutex_destroy(&connections->mutex);
	free(connections);
	errno = error;
	return NULL;
}

void connections_stop(struct connections *connections)
{
	if (!connections)
		return;
	pthread_mutex_lock(&connections->mutex);
	connections->stopping = true;
	pthread_cond_signal(&connections->wake);
	pthread_mutex_unlock(&connections->mutex);
	pthread_join(connections->thread, NULL);
	for (size_t i = 0; i < BUCKETS; i++) {
		while (connections->origins[i]) {
			struct origin *origin = connections->origins[i];
			connections->origins[i] = origin->next;
			free(origin);
		}
	}
	pthread_cond_destroy(&connections->wake);
	pthread_mutex_destroy(&connections->mutex);
	free(connections);
}

/* The place in the table where the address is, or would be. */
static struct origin **find_origin(struct connections *connections, const struct address *address)
{
	struct origin **place = &connections->origins[address_hash(address) % BUCKETS];
	while (*place && !address_equals(&(*place)->address, address))
		place = &(*place)->next;
	return place;
}

static unsigned limit_of(const struct connections *connections, const struct address *address)
{
	return connections->per_address ? connections->per_address
	       : address->local         ? connections->max
					: PER_ADDRESS_USUAL;
}

bool connections_admit(struct connections *connections, const struct sockaddr *socket_address)
{
	struct address address = address_of(socket_address);
	unsigned limit = limit_of(connections, &address) + TOLD;
	pthread_mutex_lock(&connections->mutex);
	const struct origin *origin = *find_origin(connections, &address);
	bool admitted = !origin || origin->count < limit;
	pthread_mutex_unlock(&connections->mutex);
	return admitted;
}

const char *connections_are_many(const struct connections *connections, const struct connection *connection)
{
	if (atomic_load(&connections->count) > connections->max - connections->max / 10)
		return "too many clients are connected";
	return connection && connection->is_above ? "too many connections come from this address" : NULL;
}

struct connection *connections_add(struct connections *connections, int fd, const struct sockaddr *address, unsigned ms)
{
	struct connection *connection = calloc(1, sizeof(*connection));
	struct origin *spare = calloc(1, sizeof(*spare));
	if (!connection || !spare) {
		free(connection);
		free(spare);
		return NULL;
	}
	spare->address = address_of(address);
	connection->fd = fd;
	pthread_mutex_lock(&connections->mutex);
	struct origin **place = find_origin(connections, &spare->address);
	if (!*place) {
		*place = spare;
		spare = NULL;
	}
	connection->origin = *place;
	connection->is_above = connection->origin->count++ >= limit_of(connections, &connection->origin->address);
	connection_allow(connection, connection->is_above ? TELLING_MS : ms);
	connection->next = connections->first;
	if (connection->next)
		connection->next->previous = connection;
	else
		pthread_cond_signal(&connections->wake);
	connections->first = connection;
	pthread_mutex_unlock(&connections->mutex);
	free(spare);
	atomic_fetch_add(&connections->count, 1);
	return connection;
}

void connections_remove(struct connections *connections, struct connection *connection)
{
	if (!connection)
		return;
	struct origin *origin = connection->origin;
	pthread_mutex_lock(&connections->mutex);
	if (connection->previous)
		connection->previous->next = connection->next;
	else
		connections->first = connection->next;
	if (connection->next)
		connection->next->previous = connection->previous;
	if (--origin->count == 0)
		*find_origin(connections, &origin->address) = origin->next;
	else
		origin = NULL;
	pthread_mutex_unlock(&connections->mutex);
	atomic_fetch_sub(&connections->count, 1);
	free(origin);
	free(connection);
}
