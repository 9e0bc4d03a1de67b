// SPDX-License-Identifier: MIT
/*
 * Requests that rest until the store changes: one thread looks for all of them,
 * at once when this process has written, and several times a second for what
 * others write, for time that is over, and for clients that have left.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct watch;

/* So many may rest that all of them are looked through in a moment. */
enum { WATCHERS_MAX = 1000 };

/* One that rests. Lies in memory of the exchange's own, and belongs to the watch until it is called. */
struct watcher {
	int64_t revision; /* it wakes when the store has another one, which is why if has_changed */
	bool has_changed;
	int64_t until_ms; /* clock_ms(); or when that time has come */
	int socket;       /* or when its client has left */
	void (*wake)(void *context);
	void *context;
	struct watcher *next;
};

/* `path` is that of a store that exists; it is opened when the first one rests. NULL with errno. */
struct watch *watch_start(const char *path);

/* Nothing rests any more. Accepts NULL. */
void watch_stop(struct watch *watch);

/* wake() is called later, on the watch's thread. False: too many rest already, or none may any more. */
bool watch_add(struct watch *watch, struct watcher *watcher);

/* The store may have changed. From any thread. */
void watch_look(struct watch *watch);

/* Wakes all, and takes no more. From any thread. */
void watch_close(struct watch *watch);
