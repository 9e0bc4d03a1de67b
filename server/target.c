// SPDX-License-Identifier: MIT
#include "server/target.h"

#include <string.h>
#include <strings.h>

#include "db/text/buffer.h"
#include "db/text/utf8.h"

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

const char *target_decode(
	const char *encoded, size_t length, bool is_query, struct arena *arena, const char **ret_reason)
{
	*ret_reason = NULL;
	char *decoded = arena_alloc(arena, length + 1);
	if (!decoded)
		return NULL;
	size_t size = 0;
	for (size_t i = 0; i < length; i++) {
		if (encoded[i] == '%') {
			int high = i + 1 < length ? hex_digit(encoded[i + 1]) : -1;
			int low = i + 2 < length ? hex_digit(encoded[i + 2]) : -1;
			if (high < 0 || low < 0) {
				*ret_reason = "a % is not followed by two hexadecimal digits";
				return NULL;
			}
			decoded[size] = (char)(high << 4 | low);
			i += 2;
		} else {
			decoded[size] = is_query && encoded[i] == '+' ? ' ' : encoded[i];
		}
		if (!decoded[size++]) {
			*ret_reason = "%00 is not allowed";
			return NULL;
		}
	}
	if (utf8_find_invalid(decoded, size) < size) {
		*ret_reason = "it is not valid UTF-8";
		return NULL;
	}
	return decoded;
}

/* RFC 3986, section 2.3. */
static bool is_unreserved(char c)
{
	char lower = (char)(c | 0x20);
	return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
}

void target_encode(struct buffer *out, const char *text, bool is_query)
{
	for (const char *c = text; *c; c++) {
		size_t run = 0;
		while (is_unreserved(c[run]))
			run++;
		buffer_append(out, c, run);
		c += run;
		if (!*c)
			return;
		if (is_query && *c == ' ')
			buffer_append_char(out, '+');
		else
			buffer_printf(out, "%%%02X", (unsigned char)*c);
	}
}

/* Where the path starts: behind scheme and authority of an absolute form. */
static const char *find_path(const char *raw)
{
	const char *authority = NULL;
	if (!strncasecmp(raw, "http://", 7))
		authority = raw + 7;
	else if (!strncasecmp(raw, "https://", 8))
		authority = raw + 8;
	return authority ? authority + strcspn(authority, "/?") : raw;
}

static const char *find_fault(const char *raw)
{
	for (const char *c = raw; *c; c++) {
		if ((unsigned char)*c <= ' ' || *c == 0x7f)
			return "a space or control character must be percent-encoded";
		if (*c == '#')
			return "a fragment (#) is for the client alone";
	}
	return NULL;
}

static bool split_segments(struct target *target, struct arena *arena, const char **ret_reason)
{
	for (const char *c = target->path; *c == '/';) {
		size_t length = strcspn(c + 1, "/");
		const char *next = c + 1 + length;
		if (!*next && !length) {
			target->trailing_slash = c != target->path;
			return true;
		}
		if (target->segment_count == TARGET_SEGMENTS_MAX) {
			target->too_many = true;
			return true;
		}
		const char *segment = target_decode(c + 1, length, false, arena, ret_reason);
		if (!segment)
			return false;
		target->segments[target->segment_count++] = segment;
		c = next;
	}
	return true;
}

bool target_parse(const char *raw, struct arena *arena, struct target *ret_target, const char **ret_reason)
{
	struct target target = { 0 };
	*ret_reason = find_fault(raw);
	if (*ret_reason)
		return false;
	const char *path = find_path(raw);
	if (path != raw && path[-1] == '/') {
		*ret_reason = "it names no host";
		return false;
	}
	size_t length = strcspn(path, "?");
	target.query = path[length] ? arena_strdup(arena, path + length + 1) : NULL;
	/* An absolute form may end with its authority: "http://host" is "/". */
	target.path = length ? arena_strndup(arena, path, length) : path == raw ? NULL : "/";
	if (!target.path || (path[length] && !target.query)) {
		*ret_reason = length || path != raw ? NULL : "it is empty";
		return false;
	}
	if (target.path[0] != '/' && strcmp(target.path, "*") != 0) {
		*ret_reason = "it is neither a path nor an http address";
		return false;
	}
	if (!split_segments(&target, arena, ret_reason))
		return false;
	*ret_target = target;
	return true;
}
