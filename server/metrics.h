// SPDX-License-Identifier: MIT
/*
 * What has been answered, in figures (Prometheus' text format 0.0.4). Each event loop counts in a place of its own,
 * which its thread alone writes; whoever asks sums them up. Nothing waits for anything.
 *
 * Not counted: what the library refuses by itself (400, 413, 414, 431), before there is a request.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/arena.h"
#include "db/db.h"
#include "db/text/buffer.h"

struct metrics;
struct metrics_loop;
struct route;

/* NULL: no memory. */
struct metrics *metrics_new(unsigned loops);

/* Accepts NULL. */
void metrics_free(struct metrics *metrics);

struct metrics_loop *metrics_loop(struct metrics *metrics, unsigned index);

/* On the thread of the loop: +1 or -1. */
void metrics_connections(struct metrics_loop *loop, int change);
void metrics_in_flight(struct metrics_loop *loop, int change);

/* Of answers given before: one was looked for, and so much memory is taken for them all. */
void metrics_cache_asked(struct metrics_loop *loop, bool found);
void metrics_cache_holds(struct metrics_loop *loop, size_t bytes);

/* An answer is about to leave. `route` is NULL where no path was found, `method` one of the client's making. */
void metrics_count(
	struct metrics_loop *loop, const struct route *route, const char *method, unsigned status, int64_t nanoseconds);

/*
 * All figures. Those of the store are left out, but for the one that says so, when it cannot be read; the caller ends
 * the read. DB_NO_MEMORY.
 */
DB_CHECKED enum db_status metrics_write(
	const struct metrics *metrics, struct db *db, struct arena *arena, struct buffer *out);
