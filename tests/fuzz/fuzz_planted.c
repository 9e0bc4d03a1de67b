// SPDX-License-Identifier: MIT
/* No part of the program: a bug planted behind the decoder, which the harness must find, or it finds nothing. */
#include "tests/fuzz/fuzzing.h"

#include <stdlib.h>
#include <string.h>

#include "server/target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { 0 };
	struct target target;
	const char *reason, *raw = fuzz_string(&arena, data, size, 64);
	if (raw && target_parse(raw, &arena, &target, &reason) && target.segment_count &&
		!strncmp(target.segments[0], "v1", 2) && target.query && target.query[0] == 'q') {
		/* One byte too few; and where the compiler must believe that somebody reads it. */
		char *volatile copy = malloc(strlen(target.query));
		if (copy)
			memcpy(copy, target.query, strlen(target.query) + 1);
		free(copy);
	}
	arena_deinit(&arena);
	return 0;
}
