// SPDX-License-Identifier: MIT
#include "server/json/out.h"

#include <endian.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One number as text: the longest are the smallest reals, -2.2250738585072014e-308. */
enum { NUMBER_BYTES = 32 };

void out_init(struct out *out, struct buffer *buffer, bool pretty)
{
	*out = (struct out) { .buffer = buffer, .pretty = pretty };
}

void out_init_lines(struct out *out, struct buffer *buffer)
{
	*out = (struct out) { .buffer = buffer, .lines = true };
}

static void new_line(struct out *out)
{
	buffer_append_char(out->buffer, '\n');
	for (unsigned level = 0; level < out->depth; level++)
		buffer_append(out->buffer, "  ", 2);
}

/* What stands between the thing before and the value or key that comes now. */
static void separate(struct out *out)
{
	if (out->after_key) {
		out->after_key = false;
		return;
	}
	if (out->need_comma)
		buffer_append_char(out->buffer, ',');
	if (out->pretty && out->depth)
		new_line(out);
}

/* Whether the value that comes now is left out. */
static bool passes(struct out *out)
{
	bool passed = out->passes_value || out->passing;
	out->passes_value = false;
	return passed;
}

static void begin(struct out *out, char bracket)
{
	if (passes(out)) {
		out->passing++;
		return;
	}
	separate(out);
	buffer_append_char(out->buffer, bracket);
	out->depth++;
	out->need_comma = false;
}

static void end(struct out *out, char bracket)
{
	if (out->passing) {
		out->passing--;
		return;
	}
	out->depth--;
	if (out->pretty && out->need_comma)
		new_line(out);
	buffer_append_char(out->buffer, bracket);
	out->need_comma = true;
	if (out->lines && !out->depth) {
		buffer_append_char(out->buffer, '\n');
		out->need_comma = false;
	}
}

void out_object_begin(struct out *out)
{
	begin(out, '{');
	if (out->member && !out->member_depth && !out->passing)
		out->member_depth = out->depth;
}

void out_object_end(struct out *out)
{
	end(out, '}');
}

void out_array_begin(struct out *out)
{
	begin(out, '[');
}

void out_array_end(struct out *out)
{
	end(out, ']');
}

/* How many of the first eight bytes come before one that is below 0x20, a quotation mark or a backslash: 8 for all. */
static size_t plain_of_eight(const char *bytes)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), highs = UINT64_C(0x8080808080808080);
	uint64_t word;
	memcpy(&word, bytes, sizeof(word));
	/* The first byte is the lowest: what is borrowed from a byte goes to later ones, and only from one found. */
	word = le64toh(word);
	uint64_t quotation = word ^ (ones * '"'), backslash = word ^ (ones * '\\');
	uint64_t found = (word - ones * 0x20) & ~word;
	found |= (quotation - ones) & ~quotation;
	found |= (backslash - ones) & ~backslash;
	found &= highs;
	return found ? (size_t)__builtin_ctzll(found) / 8 : 8;
}

static bool is_plain(char c)
{
	return (unsigned char)c >= 0x20 && c != '"' && c != '\\';
}

/* Copies the run from the start that needs no escape, and gives its length; there is room for the whole. */
static size_t copy_plain_run(char *restrict to, const char *restrict string, size_t length)
{
	size_t at = 0, plain = 8;
	while (length - at >= 8 && plain == 8) {
		plain = plain_of_eight(string + at);
		memcpy(to + at, string + at, 8);
		at += plain;
	}
	/* The rest of the last eight bytes, some of which are copied again. */
	if (plain == 8 && length >= 8 && plain_of_eight(string + length - 8) == 8) {
		memcpy(to + length - 8, string + length - 8, 8);
		return length;
	}
	for (; plain == 8 && at < length && is_plain(string[at]); at++)
		to[at] = string[at];
	return at;
}

static void append_escape(struct buffer *buffer, char c)
{
	static const char hex[] = "0123456789abcdef";
	static const char letters[] = {
		['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't', [0x1f] = 0
	};
	char letter = c == '"' || c == '\\' ? c : letters[(unsigned char)c];
	if (letter) {
		buffer_append(buffer, (const char[]) { '\\', letter }, 2);
		return;
	}
	const char escape[] = { '\\', 'u', '0', '0', hex[(unsigned char)c >> 4], hex[c & 15] };
	buffer_append(buffer, escape, sizeof(escape));
}

static void append_escaped(struct buffer *buffer, const char *string, size_t length)
{
	for (size_t at = 0; at < length; at++) {
		char *room = buffer_room(buffer, length - at);
		if (!room)
			return;
		size_t run = copy_plain_run(room, string + at, length - at);
		buffer_wrote(buffer, run);
		at += run;
		if (at < length)
			append_escape(buffer, string[at]);
	}
}

void out_trim(struct out *out, const char *const *names, size_t count)
{
	out->names = names;
	out->name_count = count;
	out->trim_depth = count ? out->depth + 1 : 0;
}

/* Whether a member of a trimmed object is wanted; if only parts of it are, it is noted whose parts they are. */
static bool wants_member(struct out *out, const char *key)
{
	size_t length = strlen(key);
	bool wanted = false;
	out->member = NULL;
	out->member_depth = 0;
	for (size_t i = 0; i < out->name_count; i++) {
		if (!strcmp(out->names[i], key)) {
			out->member = NULL;
			return true;
		}
		if (!strncmp(out->names[i], key, length) && out->names[i][length] == '.') {
			out->member = key;
			wanted = true;
		}
	}
	return wanted;
}

static bool wants_part(const struct out *out, const char *key)
{
	size_t length = strlen(out->member);
	for (size_t i = 0; i < out->name_count; i++) {
		if (!strncmp(out->names[i], out->member, length) && out->names[i][length] == '.' &&
			!strcmp(out->names[i] + length + 1, key))
			return true;
	}
	return false;
}

static bool wants(struct out *out, const char *key)
{
	if (!out->trim_depth || out->depth < out->trim_depth)
		return true;
	if (out->depth == out->trim_depth)
		return wants_member(out, key);
	return !out->member || out->depth != out->member_depth || wants_part(out, key);
}

void out_key_n(struct out *out, const char *key, size_t length)
{
	if (out->passing)
		return;
	if (!wants(out, key)) {
		out->passes_value = true;
		return;
	}
	separate(out);
	out->after_key = true;
	char *room = buffer_room(out->buffer, length + 4);
	if (!room)
		return;
	*room++ = '"';
	memcpy(room, key, length);
	memcpy(room + length, "\": ", 3);
	buffer_wrote(out->buffer, length + (out->pretty ? 4 : 3));
}

void out_string(struct out *out, const char *string)
{
	if (string)
		out_string_n(out, string, strlen(string));
	else
		out_null(out);
}

void out_string_n(struct out *out, const char *string, size_t length)
{
	out_string_begin(out);
	out_piece_n(out, string, length);
	out_string_end(out);
}

void out_string_begin(struct out *out)
{
	if (passes(out)) {
		out->passing++;
		return;
	}
	separate(out);
	buffer_append_char(out->buffer, '"');
}

void out_piece_n(struct out *out, const char *string, size_t length)
{
	if (!out->passing)
		append_escaped(out->buffer, string, length);
}

void out_piece(struct out *out, const char *string)
{
	out_piece_n(out, string, strlen(string));
}

void out_string_end(struct out *out)
{
	if (out->passing) {
		out->passing--;
		return;
	}
	buffer_append_char(out->buffer, '"');
	out->need_comma = true;
}

static void out_word(struct out *out, const char *word)
{
	if (passes(out))
		return;
	separate(out);
	buffer_append_string(out->buffer, word);
	out->need_comma = true;
}

/* By hand: a page has a hundred of them, and printf() was a tenth of what the page cost. */
void out_int(struct out *out, int64_t value)
{
	if (passes(out))
		return;
	char digits[NUMBER_BYTES];
	size_t at = sizeof(digits);
	uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;
	do {
		digits[--at] = (char)('0' + rest % 10);
	} while (rest /= 10);
	if (value < 0)
		digits[--at] = '-';
	separate(out);
	buffer_append(out->buffer, digits + at, sizeof(digits) - at);
	out->need_comma = true;
}

/* Whatever stands for the decimal point in this locale, one byte or several, becomes a point. */
static void use_decimal_point(char *number)
{
	size_t kept = 0;
	for (const char *c = number; *c; c++) {
		bool plain = (*c >= '0' && *c <= '9') || *c == '-' || *c == '+' || *c == 'e';
		if (plain)
			number[kept++] = *c;
		else if (kept && number[kept - 1] != '.')
			number[kept++] = '.';
	}
	number[kept] = '\0';
}

void out_real(struct out *out, double value)
{
	const double exact_integers = 9007199254740992.0; /* 2^53: below it every integer has its own double */
	if (!isfinite(value)) {
		out_null(out);
		return;
	}
	if (fabs(value) < exact_integers && trunc(value) == value && !signbit(value)) {
		out_int(out, (int64_t)value);
		return;
	}
	/* DBL_DIG digits and no trailing zeros are the shortest of all that read back, but for the subnormals. */
	int digits = fabs(value) < DBL_MIN ? 1 : DBL_DIG;
	char number[NUMBER_BYTES];
	do {
		snprintf(number, sizeof(number), "%.*g", digits, value);
	} while (digits++ < DBL_DECIMAL_DIG && strtod(number, NULL) != value);
	use_decimal_point(number);
	out_word(out, number);
}

void out_bool(struct out *out, bool value)
{
	out_word(out, value ? "true" : "false");
}

void out_null(struct out *out)
{
	out_word(out, "null");
}
