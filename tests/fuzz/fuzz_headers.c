// SPDX-License-Identifier: MIT
/*
 * The headers that an answer depends on. Each line of an input is the value of one of them, in the order below, and an
 * empty line leaves it out; the first byte says what is asked for.
 */
#include "tests/fuzz/fuzzing.h"

#include <assert.h>
#include <string.h>

#include "server/etag.h"
#include "server/gzip.h"
#include "server/range.h"

#define REVIEW "/v1/reviews/from-russia-with-love-nl"

static const struct {
	const char *method, *target;
} asked[] = {
	{ "GET", REVIEW "/text" },
	{ "GET", REVIEW },
	{ "GET", "/v1/quotes" },
	{ "HEAD", "/docs" },
	{ "PUT", REVIEW },
	{ "POST", "/v1/reviews" },
	{ "OPTIONS", "/v1" },
};

static bool is_header(const char *value)
{
	for (const char *c = value; *c; c++) {
		/* The guard lets no others pass. */
		if (((unsigned char)*c < ' ' && *c != '\t' && *c != '\n') || *c == 0x7f)
			return false;
	}
	return true;
}

static struct request_headers split(struct arena *arena, const char *lines)
{
	struct request_headers headers = { 0 };
	const char **values[] = { &headers.accept, &headers.accept_encoding, &headers.authorization, &headers.if_match,
		&headers.if_none_match, &headers.if_range, &headers.range, &headers.content_type,
		&headers.content_encoding, &headers.idempotency_key, &headers.host };
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		size_t length = strcspn(lines, "\n");
		*values[i] = length ? arena_strndup(arena, lines, length) : NULL;
		lines += length + (lines[length] == '\n');
	}
	return headers;
}

static void expect_parts(const struct request *request, const struct request_headers *headers)
{
	size_t first, last;
	if (headers->range && range_parse(headers->range, 3333, &first, &last) == RANGE_PART)
		assert(first <= last && last < 3333);
	for (int i = 0; i < 2; i++) {
		const char *list = i ? headers->if_match : headers->if_none_match;
		if (list && !etag_is_any(list) && request->route && request->store.uuid)
			assert(etag_latest_revision(request, list) >= -1);
	}
	assert(coding_negotiate(headers->accept_encoding) <= (CODING_BIT_IDENTITY | CODING_BIT_GZIP));
}

/* The whole for whom takes it all; what a condition or a part leaves of it is no more than that. */
static void expect_answer(struct arena *arena, const struct response *response, const char *target)
{
	assert(response->status != 304 || !response->body.length);
	if (response->status != 206)
		return;
	struct response whole = fuzz_ask(arena, "GET", target, &(struct request_headers) { 0 }, NULL);
	assert(whole.status == 200 && response->body.length && response->body.length <= whole.body.length);
	assert(memmem(whole.body.data, whole.body.length, response->body.data, response->body.length));
	response_deinit(&whole);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { 0 };
	const char *lines = size ? fuzz_string(&arena, data + 1, size - 1, 4096) : NULL;
	if (lines && is_header(lines)) {
		unsigned which = data[0] % (sizeof(asked) / sizeof(asked[0]));
		struct request_headers headers = split(&arena, lines);
		struct request request;
		struct response response =
			fuzz_ask(&arena, asked[which].method, asked[which].target, &headers, &request);
		expect_parts(&request, &headers);
		expect_answer(&arena, &response, asked[which].target);
		response_deinit(&response);
	}
	arena_deinit(&arena);
	return 0;
}
