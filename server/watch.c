// SPDX-License-Identifier: MIT
#include "server/watch.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "db/arena.h"
#include "db/clock.h"
#include "db/db.h"
#include "db/log.h"
#include "db/store.h"

/* LOOK_MS: between two looks at the store while somebody rests. READ_MS: a look may take so long. */
enum { LOOK_MS = 50, READ_MS = 1000 };

struct watch {
	char *path;
	pthread_t thread;

	pthread_mutex_t mutex;
	pthread_cond_t changed;
	struct watcher *first; /* those that rest */
	unsigned count;
	bool looks; /* a look is asked for */
	bool closed, stopping;

	/* The thread's own. */
	struct db *db; /* NULL: nobody has rested yet, or it could not be opened */
	struct arena arena;
};

/* False: it cannot be told now, so that nobody should wait for it. */
static bool read_revision(struct watch *watch, int64_t *ret_revision)
{
	struct store_info info;
	struct db_error error;
	if (!watch->db && db_open(watch->path, DB_READ, &watch->db, &error) != DB_OK) {
		log_line("store: cannot be watched: %s", error.message);
		return false;
	}
	enum db_status status = db_begin_read(watch->db, READ_MS);
	if (status == DB_OK)
		status = store_get(watch->db, &watch->arena, &info);
	db_end_read(watch->db);
	arena_clear(&watch->arena);
	if (status == DB_OK)
		*ret_revision = info.revision;
	return status == DB_OK;
}

/* A client that will send nothing more is answered what there is, whether it reads that or has left. */
static bool has_left(const struct watcher *watcher)
{
	struct pollfd client = { .fd = watcher->socket, .events = POLLRDHUP };
	return poll(&client, 1, 0) > 0;
}

/* Takes out those that are to wake, as a list. */
static struct watcher *take_woken(struct watch *watch, bool known, int64_t revision, int64_t now)
{
	struct watcher *woken = NULL, **place = &watch->first;
	while (*place) {
		struct watcher *watcher = *place;
		watcher->has_changed = known && watcher->revision != revision && !watch->closed;
		bool wakes = watch->closed || !known || watcher->has_changed || now >= watcher->until_ms ||
			     has_left(watcher);
		if (!wakes) {
			place = &watcher->next;
			continue;
		}
		*place = watcher->next;
		watcher->next = woken;
		woken = watcher;
		watch->count--;
	}
	return woken;
}

/* Once it is woken a watcher may be gone. */
static void wake(struct watcher *woken)
{
	while (woken) {
		struct watcher *watcher = woken;
		woken = watcher->next;
		watcher->wake(watcher->context);
	}
}

/* Until a look is asked for, or while somebody rests for LOOK_MS. False: it is to end. */
static bool wait_to_look(struct watch *watch)
{
	struct timespec until = clock_after(LOOK_MS);
	int error = 0;
	while (!watch->looks && !watch->stopping && !error)
		error = watch->first ? pthread_cond_timedwait(&watch->changed, &watch->mutex, &until)
				     : pthread_cond_wait(&watch->changed, &watch->mutex);
	watch->looks = false;
	return !watch->stopping;
}

static void *run(void *context)
{
	struct watch *watch = context;
	pthread_mutex_lock(&watch->mutex);
	while (wait_to_look(watch)) {
		int64_t revision = 0;
		bool rests = watch->first != NULL;
		/* Reading may take a while, in which others come: they are looked at the next time. */
		pthread_mutex_unlock(&watch->mutex);
		bool known = rests && read_revision(watch, &revision);
		pthread_mutex_lock(&watch->mutex);
		struct watcher *woken = rests ? take_woken(watch, known, revision, clock_ms()) : NULL;
		pthread_mutex_unlock(&watch->mutex);
		wake(woken);
		pthread_mutex_lock(&watch->mutex);
	}
	pthread_mutex_unlock(&watch->mutex);
	return NULL;
}

static void watch_free(struct watch *watch)
{
	pthread_cond_destroy(&watch->changed);
	pthread_mutex_destroy(&watch->mutex);
	db_close(watch->db);
	arena_deinit(&watch->arena);
	free(watch->path);
	free(watch);
}

struct watch *watch_start(const char *path)
{
	struct watch *watch = calloc(1, sizeof(*watch));
	if (!watch)
		return NULL;
	pthread_mutex_init(&watch->mutex, NULL);
	clock_condition_init(&watch->changed);
	/* The process may change its folder. */
	watch->path = realpath(path, NULL);
	int error = watch->path ? pthread_create(&watch->thread, NULL, run, watch) : errno;
	if (!error)
		return watch;
	watch_free(watch);
	errno = error;
	return NULL;
}

void watch_stop(struct watch *watch)
{
	if (!watch)
		return;
	pthread_mutex_lock(&watch->mutex);
	watch->stopping = true;
	pthread_cond_signal(&watch->changed);
	pthread_mutex_unlock(&watch->mutex);
	pthread_join(watch->thread, NULL);
	watch_free(watch);
}

bool watch_add(struct watch *watch, struct watcher *watcher)
{
	pthread_mutex_lock(&watch->mutex);
	bool takes = !watch->closed && watch->count < WATCHERS_MAX;
	if (takes) {
		watcher->next = watch->first;
		watch->first = watcher;
		watch->count++;
		/* The store may have changed since it was read. */
		watch->looks = true;
		pthread_cond_signal(&watch->changed);
	}
	pthread_mutex_unlock(&watch->mutex);
	return takes;
}

void watch_look(struct watch *watch)
{
	pthread_mutex_lock(&watch->mutex);
	/* Who begins to rest later looks then. */
	if (watch->first && !watch->looks) {
		watch->looks = true;
		pthread_cond_signal(&watch->changed);
	}
	pthread_mutex_unlock(&watch->mutex);
}

void watch_close(struct watch *watch)
{
	pthread_mutex_lock(&watch->mutex);
	watch->closed = true;
	watch->looks = true;
	pthread_cond_signal(&watch->changed);
	pthread_mutex_unlock(&watch->mutex);
}
