// SPDX-License-Identifier: MIT
#include "server/json/json_lift.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "server/json/json_guard.h"

static size_t skip_space(const char *json, size_t length, size_t at)
{
	while (at < length && (json[at] == ' ' || json[at] == '\t' || json[at] == '\n' || json[at] == '\r'))
		at++;
	return at;
}

/* Where the string behind the key stands, from behind its quotation mark to the other one. */
static bool find_string(const char *json, size_t length, const char *key, size_t *ret_start, size_t *ret_end)
{
	size_t key_length = strlen(key);
	unsigned depth = 0;
	for (size_t at = 0; at < length; at++) {
		char c = json[at];
		if (c == '{' || c == '[')
			depth++;
		else if (c == '}' || c == ']')
			depth--;
		if (c != '"')
			continue;
		size_t start = at + 1;
		at = json_string_end(json, length, start);
		if (depth != 1 || at - start != key_length || memcmp(json + start, key, key_length) != 0)
			continue;
		size_t next = skip_space(json, length, at + 1);
		if (next >= length || json[next] != ':')
			continue;
		next = skip_space(json, length, next + 1);
		if (next >= length || json[next] != '"')
			return false;
		*ret_start = next + 1;
		*ret_end = json_string_end(json, length, next + 1);
		return *ret_end < length;
	}
	return false;
}

/* Four hexadecimal digits; UINT32_MAX for anything else. */
static uint32_t read_hex(const char *digits, const char *end)
{
	uint32_t value = 0;
	if (end - digits < 4)
		return UINT32_MAX;
	for (int i = 0; i < 4; i++) {
		char c = digits[i];
		if (c >= '0' && c <= '9')
			value = value << 4 | (uint32_t)(c - '0');
		else if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))
			value = value << 4 | (uint32_t)((c | 0x20) - 'a' + 10);
		else
			return UINT32_MAX;
	}
	return value;
}

static char *write_codepoint(char *out, uint32_t codepoint)
{
	if (codepoint < 0x80) {
		*out++ = (char)codepoint;
		return out;
	}
	int tail = codepoint < 0x800 ? 1 : codepoint < 0x10000 ? 2 : 3;
	static const unsigned char lead[] = { 0, 0xc0, 0xe0, 0xf0 };
	*out++ = (char)(lead[tail] | codepoint >> 6 * tail);
	while (tail--)
		*out++ = (char)(0x80 | (codepoint >> 6 * tail & 0x3f));
	return out;
}

/* What \u says, from behind the u; a pair of surrogates is one code point. 0 for what is not sound. */
static uint32_t read_escaped_codepoint(const char **at, const char *end)
{
	uint32_t codepoint = read_hex(*at, end);
	if (codepoint == UINT32_MAX)
		return 0;
	*at += 4;
	if (codepoint < 0xd800 || codepoint > 0xdfff)
		return codepoint;
	if (codepoint > 0xdbff || end - *at < 6 || (*at)[0] != '\\' || (*at)[1] != 'u')
		return 0;
	uint32_t low = read_hex(*at + 2, end);
	if (low < 0xdc00 || low > 0xdfff)
		return 0;
	*at += 6;
	return 0x10000 + ((codepoint - 0xd800) << 10) + (low - 0xdc00);
}

/* RFC 8259, section 7. No escape is shorter than what it stands for. NULL for what is not sound. */
static char *unescape(char *out, const char *at, const char *end)
{
	static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
	while (at < end) {
		if ((unsigned char)*at < 0x20)
			return NULL;
		if (*at != '\\') {
			*out++ = *at++;
			continue;
		}
		char name = *++at;
		at++;
		const char *known = memchr(names, name, sizeof(names) - 1);
		if (known) {
			*out++ = values[known - names];
			continue;
		}
		uint32_t codepoint = name == 'u' ? read_escaped_codepoint(&at, end) : 0;
		if (!codepoint)
			return NULL;
		out = write_codepoint(out, codepoint);
	}
	return out;
}

bool json_lift(const char *json, size_t length, const char *key, struct arena *arena, struct json_lifted *ret_lifted)
{
	size_t start, end;
	if (!find_string(json, length, key, &start, &end))
		return false;
	char *string = arena_alloc(arena, end - start + 1);
	char *string_end = string ? unescape(string, json + start, json + end) : NULL;
	char *rest = string_end ? malloc(length - (end - start)) : NULL;
	if (!rest)
		return false;
	*string_end = '\0';
	memcpy(rest, json, start);
	memcpy(rest + start, json + end, length - end);
	*ret_lifted = (struct json_lifted) { .string = string,
		.length = (size_t)(string_end - string),
		.rest = rest,
		.rest_length = length - (end - start) };
	return true;
}
