// SPDX-License-Identifier: MIT
/* What people type to find something: taken apart, and then asked of the index, for which it must never be wrong. */
#include "tests/fuzz/fuzzing.h"

#include <assert.h>
#include <string.h>

#include "db/text/buffer.h"
#include "db/text/query.h"
#include "db/text/utf8.h"

static void expect_terms(const char *typed)
{
	struct query query;
	query_parse(typed, strlen(typed), &query);
	assert(query.token_count <= QUERY_TOKENS_MAX && query.term_count <= QUERY_TOKENS_MAX);
	size_t next = 0;
	for (size_t i = 0; i < query.term_count; i++) {
		const struct query_term *term = &query.terms[i];
		assert(term->count && term->first == next);
		next = term->first + term->count;
	}
	assert(next == query.token_count);
	for (size_t i = 0; i < query.token_count; i++) {
		size_t length = strlen(query.tokens[i]);
		assert(length && length <= FOLD_TOKEN_BYTES_MAX &&
			utf8_find_invalid(query.tokens[i], length) == length);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const paths[] = {
		"/v1/search?q=", "/v1/quotes?q=", "/v1/quotes?match=exact&q=", "/v1/suggest?q=", "/v1/verify?text="
	};
	struct arena arena = { 0 };
	const char *typed = fuzz_string(&arena, data, size, PARAM_VALUE_BYTES_MAX);
	if (typed && *typed && utf8_find_invalid(typed, size) == size) {
		expect_terms(typed);
		for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
			struct buffer address = { 0 };
			buffer_append_string(&address, paths[i]);
			target_encode(&address, typed, true);
			struct response response =
				fuzz_ask(&arena, "GET", address.data, &(struct request_headers) { 0 }, NULL);
			/* Nothing that can be typed is an error, but a passage of no words is none, and an address may
			 * be too long. */
			assert(response.status == 200 || response.status == 503 || response.status == 414 ||
				(response.status == 400 && strstr(address.data, "verify")));
			response_deinit(&response);
			buffer_deinit(&address);
		}
	}
	arena_deinit(&arena);
	return 0;
}
