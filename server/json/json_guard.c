// SPDX-License-Identifier: MIT
#include "server/json/json_guard.h"

#include <string.h>

#include "db/text/utf8.h"

size_t json_string_end(const char *json, size_t length, size_t start)
{
	for (size_t at = start; at < length; at++) {
		const char *mark = memchr(json + at, '"', length - at);
		if (!mark)
			break;
		at = (size_t)(mark - json);
		/* An odd number of backslashes before it: it belongs to the string. */
		size_t escapes = at;
		while (escapes > start && json[escapes - 1] == '\\')
			escapes--;
		if ((at - escapes) % 2 == 0)
			return at;
	}
	return length;
}

/* Offset of the bracket that nests too deep, `length` when there is none. */
static size_t find_too_deep(const char *json, size_t length)
{
	unsigned depth = 0;
	for (size_t at = 0; at < length; at++) {
		char c = json[at];
		if (c == '"') {
			at = json_string_end(json, length, at + 1);
		} else if (c == '{' || c == '[') {
			if (depth == JSON_MAX_DEPTH)
				return at;
			depth++;
		} else if ((c == '}' || c == ']') && depth) {
			depth--;
		}
	}
	return length;
}

bool json_guard(const char *json, size_t length, struct arena *arena, const char **ret_reason)
{
	const char *nul = length ? memchr(json, '\0', length) : NULL;
	if (nul) {
		*ret_reason = arena_printf(arena, "a NUL byte at byte %zu; JSON has none", (size_t)(nul - json));
		return false;
	}
	size_t at = utf8_find_invalid(json, length);
	if (at < length) {
		*ret_reason = arena_printf(arena, "not valid UTF-8 at byte %zu", at);
		return false;
	}
	at = find_too_deep(json, length);
	if (at < length) {
		*ret_reason = arena_printf(arena, "nested deeper than %d at byte %zu", JSON_MAX_DEPTH, at);
		return false;
	}
	return true;
}
