// SPDX-License-Identifier: MIT
#include "tests/support/failing_memory.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <search.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/log.h"

static struct {
	bool armed, fired, from_then_on;
	unsigned long calls, fail_at;
	long blocks; /* allocated and not freed */
} memory;

static bool runs_out(void)
{
	if (!memory.armed)
		return false;
	memory.calls++;
	bool fails = memory.from_then_on ? memory.calls >= memory.fail_at : memory.calls == memory.fail_at;
	memory.fired |= fails;
	if (fails)
		errno = ENOMEM;
	return fails;
}

static void *counted(void *block)
{
	memory.blocks += block != NULL;
	return block;
}

/* GNUTLS_E_MEMORY_ERROR; its header and server/params.h do not go together, for both have a tag `params`. */
enum { HASH_MEMORY_ERROR = -25 };

/* The names are those the linker wants. NOLINTBEGIN(bugprone-reserved-identifier) */
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
void __real_free(void *block);
char *__real_strdup(const char *string);
char *__real_strndup(const char *string, size_t length);
char *__real_realpath(const char *path, char *resolved);
int __real_vasprintf(char **string, const char *format, va_list args) __attribute__((format(printf, 2, 0)));
void *__real_reallocarray(void *block, size_t count, size_t size);
ssize_t __real_getline(char **line, size_t *capacity, FILE *file);
void *__real_tsearch(const void *key, void **root, int (*compare)(const void *, const void *));
int __real_gnutls_hash_fast(int algorithm, const void *text, size_t length, void *digest);
void *__real_arena_alloc(struct arena *arena, size_t size);
void *__real_arena_array(struct arena *arena, size_t count, size_t size);
void *__real_arena_push(struct arena *arena, void *items, size_t count, size_t size);
char *__real_arena_strndup(struct arena *arena, const char *string, size_t length);

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);
void __wrap_free(void *block);
char *__wrap_strdup(const char *string);
char *__wrap_strndup(const char *string, size_t length);
char *__wrap_realpath(const char *path, char *resolved);
int __wrap_vasprintf(char **string, const char *format, va_list args) __attribute__((format(printf, 2, 0)));
int __wrap_asprintf(char **string, const char *format, ...) __attribute__((format(printf, 2, 3)));
void *__wrap_reallocarray(void *block, size_t count, size_t size);
ssize_t __wrap_getline(char **line, size_t *capacity, FILE *file);
ssize_t __wrap___getdelim(char **line, size_t *capacity, int delimiter, FILE *file);
void *__wrap_tsearch(const void *key, void **root, int (*compare)(const void *, const void *));
int __wrap_gnutls_hash_fast(int algorithm, const void *text, size_t length, void *digest);
void *__wrap_arena_alloc(struct arena *arena, size_t size);
void *__wrap_arena_array(struct arena *arena, size_t count, size_t size);
void *__wrap_arena_push(struct arena *arena, void *items, size_t count, size_t size);
char *__wrap_arena_strndup(struct arena *arena, const char *string, size_t length);
char *__wrap_arena_strdup(struct arena *arena, const char *string);
char *__wrap_arena_printf(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

void *__wrap_malloc(size_t size)
{
	return runs_out() ? NULL : counted(__real_malloc(size));
}

void *__wrap_calloc(size_t count, size_t size)
{
	return runs_out() ? NULL : counted(__real_calloc(count, size));
}

void *__wrap_realloc(void *block, size_t size)
{
	if (runs_out())
		return NULL;
	return block ? __real_realloc(block, size) : counted(__real_realloc(block, size));
}

void *__wrap_reallocarray(void *block, size_t count, size_t size)
{
	if (runs_out())
		return NULL;
	return block ? __real_reallocarray(block, count, size) : counted(__real_reallocarray(block, count, size));
}

void __wrap_free(void *block)
{
	memory.blocks -= block != NULL;
	__real_free(block);
}

char *__wrap_strdup(const char *string)
{
	return runs_out() ? NULL : counted(__real_strdup(string));
}

char *__wrap_strndup(const char *string, size_t length)
{
	return runs_out() ? NULL : counted(__real_strndup(string, length));
}

char *__wrap_realpath(const char *path, char *resolved)
{
	return runs_out() ? NULL : counted(__real_realpath(path, resolved));
}

int __wrap_vasprintf(char **string, const char *format, va_list args)
{
	int length = runs_out() ? -1 : __real_vasprintf(string, format, args);
	memory.blocks += length >= 0;
	return length;
}

int __wrap_asprintf(char **string, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	int length = __wrap_vasprintf(string, format, args);
	va_end(args);
	return length;
}

ssize_t __wrap_getline(char **line, size_t *capacity, FILE *file)
{
	bool had_none = !*line;
	ssize_t length = runs_out() ? -1 : __real_getline(line, capacity, file);
	memory.blocks += had_none && *line;
	return length;
}

/* What getline() becomes where the compiler optimises. */
ssize_t __wrap___getdelim(char **line, size_t *capacity, int delimiter, FILE *file)
{
	assert_int_equal(delimiter, '\n');
	return __wrap_getline(line, capacity, file);
}

/* The nodes of a tree are the C library's own, and so are not counted. */
void *__wrap_tsearch(const void *key, void **root, int (*compare)(const void *, const void *))
{
	return runs_out() ? NULL : __real_tsearch(key, root, compare);
}

int __wrap_gnutls_hash_fast(int algorithm, const void *text, size_t length, void *digest)
{
	return runs_out() ? HASH_MEMORY_ERROR : __real_gnutls_hash_fast(algorithm, text, length, digest);
}

/* An arena asks for memory once in a while; each call of it may be the one. */
void *__wrap_arena_alloc(struct arena *arena, size_t size)
{
	return runs_out() ? NULL : __real_arena_alloc(arena, size);
}

void *__wrap_arena_array(struct arena *arena, size_t count, size_t size)
{
	return runs_out() ? NULL : __real_arena_array(arena, count, size);
}

void *__wrap_arena_push(struct arena *arena, void *items, size_t count, size_t size)
{
	return runs_out() ? NULL : __real_arena_push(arena, items, count, size);
}

char *__wrap_arena_strndup(struct arena *arena, const char *string, size_t length)
{
	return runs_out() ? NULL : __real_arena_strndup(arena, string, length);
}

char *__wrap_arena_strdup(struct arena *arena, const char *string)
{
	return string ? __wrap_arena_strndup(arena, string, strlen(string)) : NULL;
}

char *__wrap_arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args;
	char *string = NULL, *copy = NULL;
	if (runs_out())
		return NULL;
	va_start(args, format);
	int length = __real_vasprintf(&string, format, args);
	va_end(args);
	if (length >= 0) {
		copy = __real_arena_strndup(arena, string, (size_t)length);
		__real_free(string);
	}
	return copy;
}
/* NOLINTEND(bugprone-reserved-identifier) */

static sqlite3_mem_methods sqlite_memory;

static void *sqlite_malloc(int size)
{
	return runs_out() ? NULL : sqlite_memory.xMalloc(size);
}

static void *sqlite_realloc(void *block, int size)
{
	return runs_out() ? NULL : sqlite_memory.xRealloc(block, size);
}

static enum outcome try_once(
	struct store_fixture *fixture, const struct trial *trial, unsigned long at, bool from_then_on)
{
	arena_deinit(&fixture->arena);
	long blocks = memory.blocks;
	memory.calls = 0;
	memory.fail_at = at;
	memory.from_then_on = from_then_on;
	memory.fired = false;
	memory.armed = true;
	enum outcome outcome = trial->run(fixture, trial->context);
	memory.armed = false;
	arena_deinit(&fixture->arena);
	if (memory.blocks != blocks)
		fail_msg("%s: call %lu%s: %ld blocks leaked", trial->name, at, from_then_on ? " and all behind it" : "",
			memory.blocks - blocks);
	return outcome;
}

static void discard(const char *line)
{
	(void)line;
}

void sweep(struct store_fixture *fixture, const struct trial *trial)
{
	unsigned long without_memory = 0;
	log_set_sink(discard);
	assert_int_equal(try_once(fixture, trial, 0, false), AS_EVER);
	for (int from_then_on = 0; from_then_on < 2; from_then_on++) {
		for (unsigned long at = 1;; at += trial->stride) {
			enum outcome outcome = try_once(fixture, trial, at, from_then_on);
			without_memory += outcome == NO_MEMORY;
			if (outcome == NO_MEMORY && !memory.fired)
				fail_msg("%s: no memory at call %lu, when there was", trial->name, at);
			if (!memory.fired)
				break;
		}
	}
	assert_int_equal(try_once(fixture, trial, 0, false), AS_EVER);
	log_set_sink(NULL);
	/* A sweep in which nothing fails is none. */
	assert_true(without_memory > 0);
}

void failing_memory_begin(void)
{
	sqlite3_config(SQLITE_CONFIG_GETMALLOC, &sqlite_memory);
	sqlite3_mem_methods failing = sqlite_memory;
	failing.xMalloc = sqlite_malloc;
	failing.xRealloc = sqlite_realloc;
	sqlite3_config(SQLITE_CONFIG_MALLOC, &failing);
}

bool failing_memory_pause(void)
{
	bool was_on = memory.armed;
	memory.armed = false;
	return was_on;
}

void failing_memory_resume(bool was_on)
{
	memory.armed = was_on;
}

void trial_expect(bool condition, const char *function, int line, const char *text)
{
	if (condition)
		return;
	memory.armed = false;
	fail_msg("%s:%d: call %lu%s: %s", function, line, memory.fail_at,
		memory.from_then_on ? " and all behind it" : "", text);
}
