// SPDX-License-Identifier: MIT
/*
 * Preloaded into the program under test: makes a chosen call fail. The test says which one in a file that both map
 * (tests/fault/faults.py), whose path is in FAULTS. Calls of the disk count only when they are about a store, its
 * log or its journal.
 */
/* Both names of each call are wanted here. */
#undef _FILE_OFFSET_BITS

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { CALL_WRITE = 1, CALL_SYNC = 2, CALL_TRUNCATE = 4, CALL_ALLOCATE = 8 };
enum { FAIL_IO, FAIL_FULL, FAIL_SHORT, FAIL_KILL, FAIL_SLOW };

/* What a call takes that is made slow. */
enum { SLOW_US = 200 * 1000 };

/* A wait for longer than the writer's is for a client, and lasts. */
enum { SHORT_WAIT_NS = 2000 * 1000 * 1000, NS_A_SECOND = 1000 * 1000 * 1000 };

struct faults {
	_Atomic uint32_t calls;   /* those that count; 0: all is well */
	_Atomic uint32_t count;   /* so many have been made */
	_Atomic uint32_t at;      /* this one fails, from 1 */
	_Atomic uint32_t lasting; /* and all behind it */
	_Atomic uint32_t how;
	_Atomic int32_t live;   /* pieces of memory that have been had and not given back */
	_Atomic uint32_t haste; /* a short wait ends after one of so many parts; 0: after all of it */
};

static struct faults *faults;

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);
void __libc_free(void *memory);

__attribute__((constructor)) static void find_faults(void)
{
	const char *path = getenv("FAULTS");
	int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
	void *map = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof(*faults), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		_exit(99);
	close(fd);
	faults = map;
}

static int is_due(uint32_t call)
{
	if (!faults || !(atomic_load(&faults->calls) & call))
		return 0;
	uint32_t number = atomic_fetch_add(&faults->count, 1) + 1, at = atomic_load(&faults->at);
	return number == at || (number > at && atomic_load(&faults->lasting));
}

/* The shared memory beside a store is no disk. */
static int is_of_store(int fd)
{
	char link[64], path[4096];
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	ssize_t length = readlink(link, path, sizeof(path) - 1);
	if (length < 8)
		return 0;
	path[length] = '\0';
	return !strcmp(path + length - 3, ".db") || !strcmp(path + length - 4, "-wal") ||
	       !strcmp(path + length - 8, "-journal");
}

/* True: the call has failed, with errno. */
static int fails(uint32_t call, int fd)
{
	if (!faults || !(atomic_load(&faults->calls) & call) || !is_of_store(fd) || !is_due(call))
		return 0;
	if (atomic_load(&faults->how) == FAIL_KILL)
		kill(getpid(), SIGKILL);
	if (atomic_load(&faults->how) == FAIL_SLOW) {
		usleep(SLOW_US);
		return 0;
	}
	errno = atomic_load(&faults->how) == FAIL_IO ? EIO : ENOSPC;
	return 1;
}

static ssize_t write_at(int fd, const void *bytes, size_t size, off_t offset)
{
	if (!fails(CALL_WRITE, fd))
		return syscall(SYS_pwrite64, fd, bytes, size, offset);
	/* A full disk takes a part first. */
	if (atomic_load(&faults->how) == FAIL_SHORT && size > 1)
		return syscall(SYS_pwrite64, fd, bytes, size / 2, offset);
	return -1;
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t offset)
{
	return write_at(fd, bytes, size, offset);
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t offset)
{
	return write_at(fd, bytes, size, offset);
}

int fdatasync(int fd)
{
	return fails(CALL_SYNC, fd) ? -1 : (int)syscall(SYS_fdatasync, fd);
}

int fsync(int fd)
{
	return fails(CALL_SYNC, fd) ? -1 : (int)syscall(SYS_fsync, fd);
}

int ftruncate(int fd, off_t size)
{
	return fails(CALL_TRUNCATE, fd) ? -1 : (int)syscall(SYS_ftruncate, fd, size);
}

int ftruncate64(int fd, off64_t size)
{
	return fails(CALL_TRUNCATE, fd) ? -1 : (int)syscall(SYS_ftruncate, fd, size);
}

/* All conditions of the program go by this clock (db/clock.c). */
int pthread_cond_timedwait(pthread_cond_t *condition, pthread_mutex_t *mutex, const struct timespec *until)
{
	uint32_t haste = faults ? atomic_load(&faults->haste) : 0;
	struct timespec now, then = *until;
	clock_gettime(CLOCK_MONOTONIC, &now);
	int64_t wait = (until->tv_sec - now.tv_sec) * (int64_t)NS_A_SECOND + until->tv_nsec - now.tv_nsec;
	if (haste && wait > 0 && wait <= SHORT_WAIT_NS) {
		int64_t end = now.tv_nsec + wait / haste;
		then.tv_sec = now.tv_sec + end / NS_A_SECOND;
		then.tv_nsec = end % NS_A_SECOND;
	}
	return pthread_cond_clockwait(condition, mutex, CLOCK_MONOTONIC, &then);
}

static int has_no_memory(void)
{
	if (!is_due(CALL_ALLOCATE))
		return 0;
	errno = ENOMEM;
	return 1;
}

static void *counted(void *memory)
{
	if (memory && faults)
		atomic_fetch_add(&faults->live, 1);
	return memory;
}

void *malloc(size_t size)
{
	return has_no_memory() ? NULL : counted(__libc_malloc(size));
}

void *calloc(size_t count, size_t size)
{
	return has_no_memory() ? NULL : counted(__libc_calloc(count, size));
}

void *realloc(void *memory, size_t size)
{
	if (has_no_memory())
		return NULL;
	return memory ? __libc_realloc(memory, size) : counted(__libc_realloc(NULL, size));
}

void free(void *memory)
{
	if (memory && faults)
		atomic_fetch_sub(&faults->live, 1);
	__libc_free(memory);
}
