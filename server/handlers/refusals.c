// SPDX-License-Identifier: MIT
#include "server/handlers/refusals.h"

#include "server/problem.h"

void refusal_answer(struct request *request, struct response *response, enum bundle_read_status read,
	const struct bundle_problems *problems)
{
	struct arena *arena = request->arena;
	if (read == BUNDLE_READ_NO_MEMORY) {
		response->no_memory = true;
		return;
	}
	const struct bundle_problem *first = &problems->items[0];
	struct problem problem = { .code = "malformed-json", .detail = first->reason };
	if (read == BUNDLE_READ_INVALID) {
		const char *pointer = *first->pointer ? first->pointer : "/";
		size_t more = problems->count - 1;
		problem.code = "invalid-body";
		problem.places = problems;
		problem.detail = more ? arena_printf(arena, "%s: %s (and %zu more)", pointer, first->reason, more)
				      : arena_printf(arena, "%s: %s", pointer, first->reason);
	}
	problem_answer(request, response, &problem);
}

enum db_status refusal_note(
	struct arena *arena, const struct bundle_put_result *result, struct bundle_problems *ret_problems)
{
	struct bundle_problem *problem = arena_alloc(arena, sizeof(*problem));
	if (!problem)
		return DB_NO_MEMORY;
	*problem = (struct bundle_problem) { .pointer = result->pointer, .reason = result->reason };
	*ret_problems = (struct bundle_problems) { .items = problem, .count = 1 };
	return DB_INVALID;
}
