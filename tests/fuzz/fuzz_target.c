// SPDX-License-Identifier: MIT
/* The target of a request: its path and its query, taken apart and decoded. */
#include "tests/fuzz/fuzzing.h"

#include <assert.h>
#include <string.h>

#include "db/text/buffer.h"
#include "db/text/utf8.h"
#include "server/params.h"
#include "server/target.h"

static const char *const some_fields[] = { "id", "text", "work", "work.kind", NULL };
static const struct param_scope every_param = {
	.takes = PARAM_BIT(PARAMS) - 1, .includes = ~0u, .sorts = ~0u, .fields = some_fields
};

/* What was decoded is encoded in a way that gives the same again. */
static void expect_round_trip(struct arena *arena, const char *decoded, bool is_query)
{
	const char *reason;
	struct buffer encoded = { 0 };
	assert(utf8_find_invalid(decoded, strlen(decoded)) == strlen(decoded));
	target_encode(&encoded, decoded, is_query);
	const char *again = target_decode(encoded.data ? encoded.data : "", encoded.length, is_query, arena, &reason);
	assert(again && !strcmp(again, decoded));
	buffer_deinit(&encoded);
}

static void expect_params(struct arena *arena, const char *query)
{
	struct params params;
	struct param_problem problem;
	if (!params_parse(query, &every_param, arena, &params, &problem)) {
		/* A name that is malformed is not repeated. */
		assert(problem.code && problem.detail &&
			(problem.parameter || !strcmp(problem.code, "malformed-query")));
		return;
	}
	for (int p = 0; p < PARAMS; p++) {
		const struct param_values *values = &params.values[p];
		assert(values->count <= (param_specs[p].repeats ? PARAM_VALUES_MAX : 1));
		for (size_t i = 0; i < values->count; i++) {
			expect_round_trip(arena, values->texts[i], true);
			if (param_specs[p].kind == PARAM_NUMBER)
				assert(values->numbers[i] >= 0 && values->numbers[i] <= param_specs[p].max);
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { 0 };
	struct target target;
	const char *reason, *raw = fuzz_string(&arena, data, size, TARGET_BYTES_MAX);
	if (raw && target_parse(raw, &arena, &target, &reason)) {
		assert(target.segment_count <= TARGET_SEGMENTS_MAX);
		for (size_t i = 0; i < target.segment_count; i++)
			expect_round_trip(&arena, target.segments[i], false);
		expect_params(&arena, target.query);
	} else if (raw) {
		assert(reason);
	}
	arena_deinit(&arena);
	return 0;
}
