// SPDX-License-Identifier: MIT
#include "server/handlers/conditions.h"

#include <string.h>

#include "server/problem.h"

static bool refuse(struct request *request, struct response *response, const char *code, const char *detail)
{
	problem_answer(request, response, &(struct problem) { .code = code, .detail = detail });
	return false;
}

bool condition_read(struct request *request, struct response *response, struct precondition *ret_precondition)
{
	const char *match = request->headers.if_match, *none_match = request->headers.if_none_match;
	if (match && none_match)
		return refuse(request, response, "invalid-header", "If-Match and If-None-Match contradict each other");
	if (none_match && !etag_is_any(none_match))
		return refuse(request, response, "invalid-header", "to a write, If-None-Match can only be *");
	if (!match && !none_match)
		return refuse(request, response, "precondition-required",
			"say what is to be replaced: If-Match with its ETag, or If-None-Match: * for something new");
	struct precondition precondition = { .kind = PRECONDITION_ABSENT };
	if (match && etag_is_any(match)) {
		precondition.kind = PRECONDITION_PRESENT;
	} else if (match) {
		/* A revision the store has not reached yet is one of another store, or of another past. */
		int64_t since = etag_latest_revision(request, match);
		precondition.kind = PRECONDITION_UNCHANGED;
		precondition.since = since <= request->store.revision ? since : -1;
	}
	*ret_precondition = precondition;
	return true;
}

void condition_answer(struct request *request, struct response *response, enum precondition_outcome outcome,
	const char *what, const char *id, const char *address)
{
	struct arena *arena = request->arena;
	struct problem problem = { .code = "precondition-failed" };
	switch (outcome) {
	case PRECONDITION_EXISTS:
		/* The condition was the request's own, or that of the method. */
		if (!request->headers.if_none_match)
			problem.code = "conflict";
		problem.detail = arena_printf(arena, "there is a %s '%s' already", what, id);
		break;
	case PRECONDITION_MISSING:
		problem.detail = arena_printf(arena, "there is no %s '%s'; If-None-Match: * makes one", what, id);
		break;
	case PRECONDITION_DELETED:
		problem.code = "gone";
		problem.detail =
			arena_printf(arena, "the %s '%s' has been deleted; its id is not used again", what, id);
		break;
	case PRECONDITION_CHANGED:
		problem.detail = arena_printf(
			arena, "the %s '%s', or what it tells of, has changed since; read it again", what, id);
		break;
	case PRECONDITION_HOLDS:
		break;
	}
	problem_answer(request, response, &problem);
	if (response->status == 409)
		response_header(response, "Location", address);
}

const char *condition_address(struct request *request, const char *folder, const char *id)
{
	struct buffer address = { 0 };
	buffer_append_string(&address, folder);
	target_encode(&address, id, strlen(id));
	const char *kept = address.failed ? NULL : arena_strndup(request->arena, address.data, address.length);
	buffer_deinit(&address);
	return kept;
}
