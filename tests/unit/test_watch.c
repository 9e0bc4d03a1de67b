// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "db/clock.h"
#include "server/watch.h"
#include "tests/support/store_fixture.h"

enum { DEADLINE_SECONDS = 20, LONG_MS = 60000 };

/* Counts who has been woken. */
struct counting {
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	unsigned woken;
};

static struct counting counting = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0 };

static void count(void *context)
{
	struct counting *counted = context;
	pthread_mutex_lock(&counted->mutex);
	counted->woken++;
	pthread_cond_signal(&counted->changed);
	pthread_mutex_unlock(&counted->mutex);
}

static void expect_woken(unsigned count)
{
	struct timespec until;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += DEADLINE_SECONDS;
	pthread_mutex_lock(&counting.mutex);
	while (counting.woken < count)
		assert_int_equal(pthread_cond_timedwait(&counting.changed, &counting.mutex, &until), 0);
	assert_int_equal(counting.woken, count);
	pthread_mutex_unlock(&counting.mutex);
}

static struct watcher resting(int64_t revision, int64_t ms)
{
	return (struct watcher) {
		.revision = revision, .until_ms = clock_ms() + ms, .socket = -1, .wake = count, .context = &counting
	};
}

static struct watch *start(void **state)
{
	const struct store_fixture *fixture = *state;
	struct watch *watch = watch_start(fixture->path);
	assert_non_null(watch);
	counting.woken = 0;
	return watch;
}

static void test_what_had_changed_before_wakes_at_once(void **state)
{
	struct watch *watch = start(state);
	struct watcher watcher = resting(2, LONG_MS);
	assert_true(watch_add(watch, &watcher));
	expect_woken(1);
	assert_true(watcher.has_changed);
	watch_stop(watch);
}

static void test_a_change_wakes_whoever_does_not_know_it(void **state)
{
	struct store_fixture *fixture = *state;
	struct watch *watch = start(state);
	struct watcher watchers[] = { resting(3, LONG_MS), resting(3, LONG_MS), resting(4, LONG_MS) };
	for (size_t i = 0; i < 3; i++)
		assert_true(watch_add(watch, &watchers[i]));
	/* The third one knows it, and is woken when it is told of another revision in the meantime. */
	expect_woken(1);
	store_fixture_put(fixture, "{\"id\":\"another\",\"text\":\"x\"}");
	watch_look(watch);
	expect_woken(3);
	assert_true(watchers[0].has_changed && watchers[1].has_changed);
	watch_stop(watch);
}

static void test_what_another_one_writes_is_seen_without_being_told(void **state)
{
	struct store_fixture *fixture = *state;
	struct watch *watch = start(state);
	struct watcher watcher = resting(3, LONG_MS);
	assert_true(watch_add(watch, &watcher));
	store_fixture_put(fixture, "{\"id\":\"another\",\"text\":\"x\"}");
	expect_woken(1);
	assert_true(watcher.has_changed);
	watch_stop(watch);
}

static void test_the_time_ends(void **state)
{
	struct watch *watch = start(state);
	struct watcher watchers[] = { resting(3, 100), resting(3, 0), resting(3, -1) };
	for (size_t i = 0; i < 3; i++)
		assert_true(watch_add(watch, &watchers[i]));
	expect_woken(3);
	assert_true(clock_ms() >= watchers[0].until_ms);
	assert_false(watchers[0].has_changed);
	watch_stop(watch);
}

static void test_a_client_that_leaves_is_woken(void **state)
{
	struct watch *watch = start(state);
	int sockets[2];
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets), 0);
	struct watcher watcher = resting(3, LONG_MS);
	watcher.socket = sockets[0];
	assert_true(watch_add(watch, &watcher));
	close(sockets[1]);
	expect_woken(1);
	assert_false(watcher.has_changed);
	close(sockets[0]);
	watch_stop(watch);
}

static void test_only_so_many_rest_and_the_end_wakes_all(void **state)
{
	static struct watcher watchers[WATCHERS_MAX + 1];
	struct watch *watch = start(state);
	for (size_t i = 0; i <= WATCHERS_MAX; i++) {
		watchers[i] = resting(3, LONG_MS);
		assert_int_equal(watch_add(watch, &watchers[i]), i < WATCHERS_MAX);
	}
	watch_close(watch);
	expect_woken(WATCHERS_MAX);
	assert_false(watchers[0].has_changed);
	assert_false(watch_add(watch, &watchers[0]));
	watch_stop(watch);
}

static void test_a_store_that_is_gone_keeps_nobody_waiting(void **state)
{
	const struct store_fixture *fixture = *state;
	struct watch *watch = start(state);
	struct watcher watcher = resting(3, LONG_MS);
	assert_int_equal(unlink(fixture->path), 0);
	store_fixture_log();
	assert_true(watch_add(watch, &watcher));
	expect_woken(1);
	watch_stop(watch);
	store_fixture_unlog();
	assert_non_null(strstr(logged, "store: cannot be watched: "));
	assert_null(watch_start(fixture->path));
	assert_int_equal(errno, ENOENT);
	watch_stop(NULL);
}

#define WITH_STORE(test) cmocka_unit_test_setup_teardown(test, store_fixture_library, store_fixture_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_STORE(test_what_had_changed_before_wakes_at_once),
		WITH_STORE(test_a_change_wakes_whoever_does_not_know_it),
		WITH_STORE(test_what_another_one_writes_is_seen_without_being_told),
		WITH_STORE(test_the_time_ends),
		WITH_STORE(test_a_client_that_leaves_is_woken),
		WITH_STORE(test_only_so_many_rest_and_the_end_wakes_all),
		WITH_STORE(test_a_store_that_is_gone_keeps_nobody_waiting),
	};
	return cmocka_run_group_tests_name("watch", tests, NULL, NULL);
}
