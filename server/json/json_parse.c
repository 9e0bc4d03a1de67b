// SPDX-License-Identifier: MIT
#include "server/json/json_parse.h"

#include <pthread.h>
#include <setjmp.h>

static json_malloc_t allocate_before;
static json_free_t free_before;

static _Thread_local struct {
	struct arena *arena; /* NULL: no parse is under way */
	jmp_buf no_memory;
} parse;

static void *allocate(size_t size)
{
	if (!parse.arena)
		return allocate_before(size);
	void *memory = arena_alloc(parse.arena, size);
	if (!memory)
		longjmp(parse.no_memory, 1);
	return memory;
}

static void leave_to_the_arena(void *memory)
{
	if (!parse.arena)
		free_before(memory);
}

static void take_over(void)
{
	json_get_alloc_funcs(&allocate_before, &free_before);
	json_set_alloc_funcs(allocate, leave_to_the_arena);
}

enum json_parse_status json_parse(
	const char *json, size_t length, struct arena *arena, json_t **ret_document, json_error_t *ret_error)
{
	static pthread_once_t taken_over = PTHREAD_ONCE_INIT;
	pthread_once(&taken_over, take_over);
	if (setjmp(parse.no_memory)) {
		parse.arena = NULL;
		return JSON_PARSE_NO_MEMORY;
	}
	parse.arena = arena;
	json_t *document = json_loadb(json, length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, ret_error);
	parse.arena = NULL;
	if (!document)
		return JSON_PARSE_INVALID;
	*ret_document = document;
	return JSON_PARSE_OK;
}

bool json_give_string(json_t *object, const char *key, const char *value, struct arena *arena)
{
	if (setjmp(parse.no_memory)) {
		parse.arena = NULL;
		return false;
	}
	parse.arena = arena;
	bool given = json_object_set_new_nocheck(object, key, json_string_nocheck(value)) == 0;
	parse.arena = NULL;
	return given;
}
