// SPDX-License-Identifier: MIT
#include "tests/fuzz/fuzzing.h"

#include <assert.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/log.h"
#include "server/making.h"
#include "server/exports.h"
#include "server/metrics.h"
#include "server/permission.h"

static char folder[256], path[300];
static struct db *connections[8];
static size_t connection_count;

static void drop_line(const char *line)
{
	(void)line;
}

static void remove_store(void)
{
	while (connection_count)
		db_close(connections[--connection_count]);
	DIR *entries = opendir(folder);
	for (const struct dirent *entry; entries && (entry = readdir(entries));)
		unlinkat(dirfd(entries), entry->d_name, 0);
	if (entries)
		closedir(entries);
	rmdir(folder);
}

const char *fuzz_store(void)
{
	struct reviewd_error error;
	const char *parent = getenv("TMPDIR");
	if (path[0])
		return path;
	log_set_sink(drop_line);
	snprintf(folder, sizeof(folder), "%s/reviewd-fuzz-XXXXXX", parent ? parent : "/tmp");
	if (!mkdtemp(folder))
		abort();
	snprintf(path, sizeof(path), "%s/store.db", folder);
	atexit(remove_store);
	enum reviewd_status status = make_store(path, false, &error);
	assert(status == REVIEWD_OK);
	return path;
}

struct db *fuzz_open(enum db_mode mode)
{
	struct db_error error;
	enum db_status status = db_open(fuzz_store(), mode, &connections[connection_count], &error);
	assert(status == DB_OK);
	return connections[connection_count++];
}

struct response fuzz_ask(struct arena *arena, const char *method, const char *target,
	const struct request_headers *headers, struct request *ret_request)
{
	static struct db *db;
	static struct permission *permission;
	static struct metrics *metrics;
	if (!db) {
		db = fuzz_open(DB_READ);
		permission = permission_new();
		metrics = metrics_new(1);
	}
	assert(permission && metrics);
	static struct exports exports;
	exports.path = fuzz_store();
	struct request request = { .method = method,
		.raw_target = target,
		.address_bytes_max = TARGET_BYTES_MAX,
		.headers = *headers,
		.arena = arena,
		.db = db,
		.permission = permission,
		.metrics = metrics,
		.exports = &exports,
		.id = "fuzz-0-1" };
	struct response response = { 0 };
	request_begin(&request, &response);
	if (!response.status && !response.no_memory)
		request_answer(&request, &response);
	assert(response_is_whole(&response));
	/* A sanitized program on a busy machine may take its time. */
	assert(response.status < 500 || response.status == 501 ||
		(response.status == 503 && strstr(response.body.data, "query-timeout")));
	if (ret_request)
		*ret_request = request;
	return response;
}

const char *fuzz_string(struct arena *arena, const uint8_t *data, size_t size, size_t max)
{
	return size > max || memchr(data, '\0', size) ? NULL : arena_strndup(arena, (const char *)data, size);
}
