// SPDX-License-Identifier: MIT
/* The service: one store, its readers, and the loops that serve from them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/bundle_put.h"
#include "db/check.h"
#include "db/db.h"
#include "db/log.h"
#include "schema_seed.h"
#include "server/faults.h"
#include "server/http.h"
#include "server/json/bundle_read.h"
#include "server/listen.h"
#include "server/reviewd.h"

enum { THREADS_MAX = 64, START_CHECK_MS = 20, DRAIN_MS = 4000 };

struct reviewd {
	struct listen_address address;
	char url[LISTEN_URL_BYTES];
	struct http *http; /* NULL: not started */
	enum reviewd_access_log access_log;
	unsigned threads;
	struct db *readers[];
};

/* The seed was proven when it was built in; what fails now is the machine. */
static enum db_status put_seed(struct db *db)
{
	struct arena arena = { 0 };
	struct bundle bundle;
	struct bundle_problems problems;
	struct bundle_put_result result;
	enum db_status status = DB_NO_MEMORY;
	if (bundle_read((const char *)seed_bundle, seed_bundle_length, &arena, &bundle, &problems) == BUNDLE_READ_OK) {
		status = db_begin_write(db);
		if (status == DB_OK)
			status = bundle_put(db, &bundle, &arena, &result);
		if (status == DB_OK)
			status = db_commit(db);
		if (status != DB_OK)
			db_rollback(db);
	}
	arena_deinit(&arena);
	return status;
}

/* A missing store is made, an older one brought up to date. While another process does so, or writes, it is enough to
 * read. */
static enum reviewd_status prepare_store(const char *path, bool empty, struct reviewd_error *ret_error)
{
	struct db *db;
	struct db_error fault;
	enum db_status status = db_open(path, DB_WRITE, &db, &fault);
	if (status == DB_BUSY)
		return REVIEWD_OK;
	if (status != DB_OK)
		return fault_of_opening(path, DB_WRITE, status, &fault, ret_error);
	if (db_is_new(db) && !empty)
		status = put_seed(db);
	if (status == DB_OK) {
		db_close(db);
		return REVIEWD_OK;
	}
	enum reviewd_status result = fault_of_doing("storing the seed review", db, status, ret_error);
	db_unmake(db);
	return result;
}

static enum reviewd_status open_readers(struct reviewd *service, const char *path, struct reviewd_error *ret_error)
{
	struct db_error fault;
	for (unsigned i = 0; i < service->threads; i++) {
		enum db_status status = db_open(path, DB_READ, &service->readers[i], &fault);
		if (status != DB_OK)
			return fault_of_opening(path, DB_READ, status, &fault, ret_error);
	}
	enum db_status status = check_quick(service->readers[0], START_CHECK_MS, &fault);
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
	service->access_log = options->access_log;
	enum reviewd_status status = REVIEWD_OK;
	if (!listen_parse(options->listen ? options->listen : "127.0.0.1:8080", &service->address, ret_error))
		status = REVIEWD_USAGE;
	if (status == REVIEWD_OK && !options->read_only)
		status = prepare_store(path, options->empty, ret_error);
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
	service->http = http_start(&(struct http_options) { .socket = socket,
		.threads = service->threads,
		.stores = service->readers,
		.access_log = service->access_log });
	int error = errno;
	/* Each loop has a descriptor of its own. */
	close(socket);
	if (service->http)
		return REVIEWD_OK;
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
}

void reviewd_close(struct reviewd *service)
{
	if (!service)
		return;
	reviewd_stop(service);
	for (unsigned i = 0; i < service->threads; i++)
		db_close(service->readers[i]);
	free(service);
}

void reviewd_log_to(void (*sink)(const char *line))
{
	log_set_sink(sink);
}
