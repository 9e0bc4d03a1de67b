// SPDX-License-Identifier: MIT
/* The service: one store, its readers, and the loops that serve from them. */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/check.h"
#include "db/db.h"
#include "db/log.h"
#include "server/faults.h"
#include "server/http.h"
#include "server/listen.h"
#include "server/making.h"
#include "server/permission.h"
#include "server/reviewd.h"
#include "server/writer.h"

enum { THREADS_MAX = 64, DRAIN_MS = 4000 };

/* Files of up to 4 MiB are looked through before they are served; 'reviewd check' does it for larger ones. */
enum { START_CHECK_PAGES = 1024 };

enum { BODY_BYTES_USUAL = 8 * 1024 * 1024, CACHE_BYTES_USUAL = 32 * 1024 * 1024 };

struct reviewd {
	struct listen_address address;
	char url[LISTEN_URL_BYTES];
	struct http *http;     /* NULL: not started */
	struct writer *writer; /* NULL: not started, or it only reads */
	struct permission *permission;
	char *path;
	bool read_only;
	size_t body_bytes_max;
	unsigned connections;
	unsigned per_address;
	size_t cache_bytes;
	enum reviewd_access_log access_log;
	unsigned threads;
	struct db *readers[];
};

/* One connection of several that open at the same time. */
struct opening {
	const char *path;
	struct db **ret_db;
	enum db_status status;
	struct db_error fault;
	pthread_t thread;
	bool has_thread;
};

static void *open_reader(void *context)
{
	struct opening *opening = context;
	opening->status = db_open(opening->path, DB_READ, opening->ret_db, &opening->fault);
	return NULL;
}

/* All at once: each prepares every statement, which takes some milliseconds, and shares nothing with the others. Gives
 * the first that failed, or NULL. */
static const struct opening *open_all(struct opening *openings, unsigned count)
{
	const struct opening *failed = NULL;
	for (unsigned i = 1; i < count; i++)
		openings[i].has_thread = !pthread_create(&openings[i].thread, NULL, open_reader, &openings[i]);
	for (unsigned i = 0; i < count; i++) {
		if (openings[i].has_thread)
			pthread_join(openings[i].thread, NULL);
		else
			open_reader(&openings[i]);
		if (openings[i].status != DB_OK && !failed)
			failed = &openings[i];
	}
	return failed;
}

static enum reviewd_status open_readers(struct reviewd *service, const char *path, struct reviewd_error *ret_error)
{
	struct db_error fault;
	struct opening *openings = calloc(service->threads, sizeof(*openings));
	if (!openings) {
		snprintf(ret_error->message, sizeof(ret_error->message), "out of memory");
		return REVIEWD_INTERNAL;
	}
	for (unsigned i = 0; i < service->threads; i++)
		openings[i] = (struct opening) { .path = path, .ret_db = &service->readers[i] };
	const struct opening *failed = open_all(openings, service->threads);
	enum db_status status = failed ? failed->status : check_quick(service->readers[0], START_CHECK_PAGES, &fault);
	if (failed)
		fault = failed->fault;
	free(openings);
	return status == DB_OK ? REVIEWD_OK : fault_of_opening(path, DB_READ, status, &fault, ret_error);
}

static unsigned choose_threads(unsigned wanted)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	if (!wanted)
		wanted = processors > 0 && processors < THREADS_MAX ? (unsigned)processors
			 : processors > 0                           ? THREADS_MAX
								    : 1;
	return wanted;
}

enum reviewd_status reviewd_open(
	const struct reviewd_options *options, struct reviewd **ret_service, struct reviewd_error *ret_error)
{
	const char *path = options->db ? options->db : default_store;
	if (options->threads > THREADS_MAX) {
		snprintf(
			ret_error->message, sizeof(ret_error->message), "at most %d threads are possible", THREADS_MAX);
		return REVIEWD_USAGE;
	}
	unsigned threads = choose_threads(options->threads);
	struct reviewd *service = calloc(1, sizeof(*service) + threads * sizeof(service->readers[0]));
	if (!service) {
		snprintf(ret_error->message, sizeof(ret_error->message), "out of memory");
		return REVIEWD_INTERNAL;
	}
	service->threads = threads;
	service->path = strdup(path);
	service->permission = permission_new();
	service->read_only = options->read_only;
	service->body_bytes_max = options->body_bytes_max ? options->body_bytes_max : BODY_BYTES_USUAL;
	service->connections = options->connections;
	service->per_address = options->per_address;
	service->cache_bytes = options->no_cache ? 0 : options->cache_bytes ? options->cache_bytes : CACHE_BYTES_USUAL;
	service->access_log = options->access_log;
	enum reviewd_status status = REVIEWD_OK;
	if (!service->path || !service->permission) {
		snprintf(ret_error->message, sizeof(ret_error->message), "out of memory");
		status = REVIEWD_INTERNAL;
	}
	if (status == REVIEWD_OK &&
		!listen_parse(options->listen ? options->listen : "127.0.0.1:8080", &service->address, ret_error))
		status = REVIEWD_USAGE;
	if (status == REVIEWD_OK && !options->read_only)
		status = make_store(path, options->empty, ret_error);
	if (status == REVIEWD_OK)
		status = open_readers(service, path, ret_error);
	if (status == REVIEWD_OK)
		*ret_service = service;
	else
		reviewd_close(service);
	return status;
}

enum reviewd_status reviewd_start(struct reviewd *service, struct reviewd_error *ret_error)
{
	int socket;
	enum reviewd_status status = listen_open(&service->address, &socket, service->url, ret_error);
	if (status != REVIEWD_OK)
		return status;
	if (!service->read_only)
		service->writer = writer_start(service->path);
	if (service->read_only || service->writer)
		service->http = http_start(&(struct http_options) { .socket = socket,
			.threads = service->threads,
			.stores = service->readers,
			.path = service->path,
			.writer = service->writer,
			.permission = service->permission,
			.body_bytes_max = service->body_bytes_max,
			.connections = service->connections,
			.per_address = service->per_address,
			.cache_bytes = service->cache_bytes,
			.access_log = service->access_log });
	int error = errno;
	/* Each loop has a descriptor of its own. */
	close(socket);
	if (service->http)
		return REVIEWD_OK;
	reviewd_stop(service);
	snprintf(ret_error->message, sizeof(ret_error->message), "cannot serve: %s", strerror(error));
	return REVIEWD_INTERNAL;
}

const char *reviewd_address(const struct reviewd *service)
{
	return service->http ? service->url : NULL;
}

void reviewd_stop(struct reviewd *service)
{
	http_stop(service->http, DRAIN_MS);
	service->http = NULL;
	/* Whoever hands something over has stopped before. */
	writer_stop(service->writer);
	service->writer = NULL;
}

void reviewd_close(struct reviewd *service)
{
	if (!service)
		return;
	reviewd_stop(service);
	for (unsigned i = 0; i < service->threads; i++)
		db_close(service->readers[i]);
	permission_free(service->permission);
	free(service->path);
	free(service);
}

void reviewd_log_to(void (*sink)(const char *line))
{
	log_set_sink(sink);
}
