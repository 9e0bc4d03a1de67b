// SPDX-License-Identifier: MIT
#include "server/json/json_memory.h"

#include <jansson.h>
#include <pthread.h>
#include <stddef.h>

static json_malloc_t allocate_before;
static json_free_t free_before;

static _Thread_local bool reads, failed;

static void *allocate(size_t size)
{
	void *memory = reads && failed ? NULL : allocate_before(size);
	failed |= !memory;
	return memory;
}

/* Whatever the program around has set stays below. */
static void install(void)
{
	json_get_alloc_funcs(&allocate_before, &free_before);
	json_set_alloc_funcs(allocate, free_before);
}

void json_memory_begin(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, install);
	reads = true;
	failed = false;
}

bool json_memory_end(void)
{
	reads = false;
	return !failed;
}
