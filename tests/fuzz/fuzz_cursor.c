// SPDX-License-Identifier: MIT
/*
 * The cursor of a list. The first byte of an input says which list; the rest stands behind what binds a cursor to that
 * list, or, for a first byte above 0x7f, is the whole cursor.
 */
#include "tests/fuzz/fuzzing.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "db/text/buffer.h"

static const char *const lists[] = { "/v1/quotes?limit=1", "/v1/characters?limit=1", "/v1/works?limit=1",
	"/v1/quotes?q=de&limit=1", "/v1/search?q=bond&limit=1", "/v1/suggest?q=b&limit=1",
	"/v1/reviews/from-russia-with-love-nl/mentions?limit=1", "/v1/characters/james-bond/mentions?limit=1" };
enum { LISTS = sizeof(lists) / sizeof(lists[0]), BINDING_LENGTH = 9 };

/* The address of the next page, or NULL. */
static const char *find_next(struct arena *arena, const struct response *response)
{
	const char *link = response_find(response, "Link"), *end = link ? strchr(link, '>') : NULL;
	return end && *link == '<' ? arena_strndup(arena, link + 1, (size_t)(end - link - 1)) : NULL;
}

/* What stands before the first cursor that the list gives. */
static const char *binding_of(unsigned list)
{
	static char bindings[LISTS][BINDING_LENGTH + 1];
	if (!bindings[list][0]) {
		struct arena arena = { 0 };
		struct response response = fuzz_ask(&arena, "GET", lists[list], &(struct request_headers) { 0 }, NULL);
		const char *next = find_next(&arena, &response), *cursor = next ? strstr(next, "cursor=") : NULL;
		assert(response.status == 200 && cursor);
		snprintf(bindings[list], sizeof(bindings[list]), "%.*s", BINDING_LENGTH, cursor + strlen("cursor="));
		response_deinit(&response);
		arena_deinit(&arena);
	}
	return bindings[list];
}

static void expect_answer(struct arena *arena, const char *target, bool is_own)
{
	struct response response = fuzz_ask(arena, "GET", target, &(struct request_headers) { 0 }, NULL);
	assert(response.status == 200 || response.status == 503 || (response.status == 400 && !is_own));
	const char *next = response.status == 200 && !is_own ? find_next(arena, &response) : NULL;
	response_deinit(&response);
	/* What the server gives it takes. */
	if (next)
		expect_answer(arena, next, true);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size || size > 1024)
		return 0;
	struct arena arena = { 0 };
	struct buffer address = { 0 };
	unsigned list = data[0] % 0x80 % LISTS;
	buffer_printf(&address, "%s&cursor=%s", lists[list], data[0] < 0x80 ? binding_of(list) : "");
	for (size_t i = 1; i < size; i++)
		buffer_printf(&address, "%%%02X", data[i]);
	expect_answer(&arena, address.data, false);
	buffer_deinit(&address);
	arena_deinit(&arena);
	return 0;
}
