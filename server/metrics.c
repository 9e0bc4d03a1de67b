// SPDX-License-Identifier: MIT
#include "server/metrics.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "db/files.h"
#include "db/store.h"
#include "server/request.h"
#include "server/routes.h"

/* What else is sent is counted as the last one. */
static const char *const method_labels[] = { "GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH", "other" };
enum { METHOD_LABELS = sizeof(method_labels) / sizeof(method_labels[0]) };

static const unsigned short statuses[] = { 200, 201, 202, 204, 206, 300, 302, 303, 304, 308, 400, 401, 403, 404, 405,
	406, 408, 409, 410, 412, 413, 414, 415, 416, 417, 422, 428, 429, 431, 500, 501, 503, 0 };
enum { STATUSES = sizeof(statuses) / sizeof(statuses[0]) };

/* Upper ends in microseconds, and what is above all of them. */
static const uint32_t bounds[] = { 100, 250, 500, 1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000, 1000000,
	10000000 };
enum { BOUNDS = sizeof(bounds) / sizeof(bounds[0]), BUCKETS = BOUNDS + 1 };

/* Of one row of the route table. */
struct tally {
	_Atomic uint64_t answers[METHOD_LABELS][STATUSES];
	_Atomic uint64_t durations[BUCKETS];
	_Atomic uint64_t nanoseconds;
};

/* `tallies` has one more than the table: for what fits no row. */
struct metrics_loop {
	struct tally *tallies;
	_Atomic uint64_t connections, in_flight, cache_hits, cache_misses, cache_bytes;
};

struct metrics {
	double start; /* of the process, as far as it matters here */
	unsigned loop_count;
	struct metrics_loop loops[];
};

struct metrics *metrics_new(unsigned loops)
{
	struct timespec now;
	struct metrics *metrics = calloc(1, sizeof(*metrics) + loops * sizeof(metrics->loops[0]));
	if (!metrics)
		return NULL;
	clock_gettime(CLOCK_REALTIME, &now);
	metrics->start = (double)now.tv_sec + (double)now.tv_nsec / 1e9;
	for (; metrics->loop_count < loops; metrics->loop_count++) {
		struct tally *tallies = calloc(route_count + 1, sizeof(*tallies));
		if (!tallies) {
			metrics_free(metrics);
			return NULL;
		}
		metrics->loops[metrics->loop_count].tallies = tallies;
	}
	return metrics;
}

void metrics_free(struct metrics *metrics)
{
	for (unsigned i = 0; metrics && i < metrics->loop_count; i++)
		free(metrics->loops[i].tallies);
	free(metrics);
}

struct metrics_loop *metrics_loop(struct metrics *metrics, unsigned index)
{
	return &metrics->loops[index];
}

static uint64_t get(const _Atomic uint64_t *counter)
{
	return atomic_load_explicit(counter, memory_order_relaxed);
}

/* Only the thread of the loop writes, so that it need not lock the bus. Modulo 2^64, so that `more` may be -1. */
static void add(_Atomic uint64_t *counter, uint64_t more)
{
	atomic_store_explicit(counter, get(counter) + more, memory_order_relaxed);
}

void metrics_connections(struct metrics_loop *loop, int change)
{
	add(&loop->connections, (uint64_t)change);
}

void metrics_in_flight(struct metrics_loop *loop, int change)
{
	add(&loop->in_flight, (uint64_t)change);
}

void metrics_cache_asked(struct metrics_loop *loop, bool found)
{
	add(found ? &loop->cache_hits : &loop->cache_misses, 1);
}

void metrics_cache_holds(struct metrics_loop *loop, size_t bytes)
{
	atomic_store_explicit(&loop->cache_bytes, bytes, memory_order_relaxed);
}

void metrics_count(
	struct metrics_loop *loop, const struct route *route, const char *method, unsigned status, int64_t nanoseconds)
{
	struct tally *tally = &loop->tallies[route ? (size_t)(route - routes) : route_count];
	int m = 0, s = 0, b = 0;
	while (m < METHOD_LABELS - 1 && strcmp(method_labels[m], method) != 0)
		m++;
	while (s < STATUSES - 1 && statuses[s] != status)
		s++;
	while (b < BOUNDS && nanoseconds > (int64_t)bounds[b] * 1000)
		b++;
	add(&tally->answers[m][s], 1);
	add(&tally->durations[b], 1);
	add(&tally->nanoseconds, (uint64_t)nanoseconds);
}

static const char *route_label(size_t row)
{
	return row < route_count ? routes[row].path : "none";
}

static void write_family(struct buffer *out, const char *name, const char *type, const char *help)
{
	buffer_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void write_answers(const struct metrics *metrics, struct buffer *out)
{
	static const char name[] = "reviewd_http_requests_total";
	write_family(out, name, "counter", "Requests that were answered.");
	for (size_t row = 0; row <= route_count; row++) {
		for (int m = 0; m < METHOD_LABELS; m++) {
			for (int s = 0; s < STATUSES; s++) {
				uint64_t sum = 0;
				for (unsigned i = 0; i < metrics->loop_count; i++)
					sum += get(&metrics->loops[i].tallies[row].answers[m][s]);
				if (sum)
					buffer_printf(out, "%s{route=\"%s\",method=\"%s\",code=\"%03u\"} %" PRIu64 "\n",
						name, route_label(row), method_labels[m], statuses[s], sum);
			}
		}
	}
}

/* Buckets are cumulative, so the last one is the count. */
static void write_duration(const struct metrics *metrics, size_t row, struct buffer *out)
{
	static const char name[] = "reviewd_http_request_duration_seconds";
	uint64_t buckets[BUCKETS] = { 0 }, nanoseconds = 0, sum = 0;
	for (unsigned i = 0; i < metrics->loop_count; i++) {
		const struct tally *tally = &metrics->loops[i].tallies[row];
		for (int b = 0; b < BUCKETS; b++)
			buckets[b] += get(&tally->durations[b]);
		nanoseconds += get(&tally->nanoseconds);
	}
	for (int b = 0; b < BUCKETS; b++)
		sum += buckets[b];
	if (!sum)
		return;
	sum = 0;
	for (int b = 0; b < BOUNDS; b++) {
		sum += buckets[b];
		buffer_printf(out, "%s_bucket{route=\"%s\",le=\"%g\"} %" PRIu64 "\n", name, route_label(row),
			bounds[b] / 1e6, sum);
	}
	sum += buckets[BOUNDS];
	buffer_printf(out, "%s_bucket{route=\"%s\",le=\"+Inf\"} %" PRIu64 "\n", name, route_label(row), sum);
	buffer_printf(out, "%s_sum{route=\"%s\"} %.9g\n", name, route_label(row), (double)nanoseconds / 1e9);
	buffer_printf(out, "%s_count{route=\"%s\"} %" PRIu64 "\n", name, route_label(row), sum);
}

static void write_gauge(struct buffer *out, const char *name, const char *help, double value)
{
	write_family(out, name, "gauge", help);
	buffer_printf(out, "%s %.17g\n", name, value);
}

static void write_cache(const struct metrics *metrics, struct buffer *out)
{
	uint64_t hits = 0, misses = 0, bytes = 0;
	for (unsigned i = 0; i < metrics->loop_count; i++) {
		hits += get(&metrics->loops[i].cache_hits);
		misses += get(&metrics->loops[i].cache_misses);
		bytes += get(&metrics->loops[i].cache_bytes);
	}
	write_family(
		out, "reviewd_cache_requests_total", "counter", "Requests by whether they had been answered before.");
	buffer_printf(out, "reviewd_cache_requests_total{result=\"hit\"} %" PRIu64 "\n", hits);
	buffer_printf(out, "reviewd_cache_requests_total{result=\"miss\"} %" PRIu64 "\n", misses);
	write_gauge(out, "reviewd_cache_bytes", "Memory for answers given before.", (double)bytes);
}

static void write_http(const struct metrics *metrics, struct buffer *out)
{
	uint64_t connections = 0, in_flight = 0;
	write_answers(metrics, out);
	write_family(out, "reviewd_http_request_duration_seconds", "histogram",
		"From the first line of a request until its answer was ready to leave.");
	for (size_t row = 0; row <= route_count; row++)
		write_duration(metrics, row, out);
	for (unsigned i = 0; i < metrics->loop_count; i++) {
		connections += get(&metrics->loops[i].connections);
		in_flight += get(&metrics->loops[i].in_flight);
	}
	write_gauge(out, "reviewd_http_connections", "Open connections.", (double)connections);
	write_gauge(out, "reviewd_http_requests_in_flight", "Requests that have come and are not answered yet.",
		(double)in_flight);
}

static void write_items(struct buffer *out, const struct store_info *store)
{
	static const char name[] = "reviewd_store_items";
	const struct {
		const char *kind;
		int64_t count;
	} items[] = {
		{ "reviews", store->reviews },
		{ "works", store->works },
		{ "characters", store->agents[AGENT_CHARACTER] },
		{ "people", store->agents[AGENT_PERSON] },
		{ "organisations", store->agents[AGENT_ORGANISATION] },
		{ "quotes", store->quotes },
		{ "mentions", store->mentions },
	};
	write_family(out, name, "gauge", "What is in the store.");
	for (size_t i = 0; i < sizeof(items) / sizeof(items[0]); i++)
		buffer_printf(out, "%s{kind=\"%s\"} %" PRId64 "\n", name, items[i].kind, items[i].count);
}

static enum db_status write_store(struct db *db, struct arena *arena, struct buffer *out)
{
	struct store_info store;
	struct db_files files = db_file_sizes(db);
	enum db_status status = db_begin_read(db, REQUEST_READ_MS);
	if (status == DB_OK)
		status = store_get(db, arena, &store);
	if (status == DB_NO_MEMORY)
		return status;
	write_gauge(out, "reviewd_store_up", "Whether the store can be read.", status == DB_OK);
	write_family(out, "reviewd_store_file_bytes", "gauge", "Sizes of the store's files.");
	buffer_printf(out, "reviewd_store_file_bytes{file=\"database\"} %" PRId64 "\n", files.database);
	buffer_printf(out, "reviewd_store_file_bytes{file=\"wal\"} %" PRId64 "\n", files.wal);
	if (status != DB_OK)
		return DB_OK;
	write_gauge(
		out, "reviewd_store_revision", "Raised by every write that changes anything.", (double)store.revision);
	write_items(out, &store);
	return DB_OK;
}

/* Under the names that all exporters use. */
static void write_process(const struct metrics *metrics, struct buffer *out)
{
	struct rusage usage = { 0 };
	char line[128] = "";
	FILE *file = fopen("/proc/self/statm", "re");
	if (file) {
		if (!fgets(line, sizeof(line), file))
			line[0] = '\0';
		fclose(file);
	}
	getrusage(RUSAGE_SELF, &usage);
	double cpu = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
		     (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
	char *resident = line;
	strtoul(line, &resident, 10);
	write_family(out, "process_cpu_seconds_total", "counter", "Time on processors, user and system.");
	buffer_printf(out, "process_cpu_seconds_total %.6f\n", cpu);
	write_gauge(out, "process_resident_memory_bytes", "Memory that is there.",
		(double)strtoul(resident, NULL, 10) * (double)sysconf(_SC_PAGESIZE));
	write_gauge(
		out, "process_start_time_seconds", "When it began to serve, in seconds since 1970.", metrics->start);
}

enum db_status metrics_write(const struct metrics *metrics, struct db *db, struct arena *arena, struct buffer *out)
{
	write_family(out, "reviewd_build_info", "gauge", "What it is made of.");
	buffer_printf(
		out, "reviewd_build_info{version=\"%s\",sqlite=\"%s\"} 1\n", REVIEWD_VERSION, db_library_version());
	write_http(metrics, out);
	write_cache(metrics, out);
	enum db_status status = write_store(db, arena, out);
	write_process(metrics, out);
	return status;
}
