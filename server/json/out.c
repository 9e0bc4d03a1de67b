// SPDX-License-Identifier: MIT
#include "server/json/out.h"

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

/* Whether one of eight bytes is below 0x20, a quotation mark or a backslash; bytes from 0x80 on are none of these. */
static bool needs_escape(const char *bytes)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), highs = UINT64_C(0x8080808080808080);
	uint64_t word;
	memcpy(&word, bytes, sizeof(word));
	uint64_t quotation = word ^ (ones * '"'), backslash = word ^ (ones * '\\');
	uint64_t found = (word - ones * 0x20) & ~word;
	found |= (quotation - ones) & ~quotation;
	found |= (backslash - ones) & ~backslash;
	return found & highs;
}

/* Length of the run from the start that can be copied as it is. */
static size_t plain_run(const char *string, size_t length)
{
	size_t at = 0;
	while (length - at >= 8 && !needs_escape(string + at))
		at += 8;
	while (at < length && (unsigned char)string[at] >= 0x20 && string[at] != '"' && string[at] != '\\')
		at++;
	return at;
}

static void append_escape(struct buffer *buffer, char c)
{
	static const char from[] = "\"\\\n\t\r\b\f", to[] = "\"\\ntrbf", hex[] = "0123456789abcdef";
	const char *known = memchr(from, c, sizeof(from) - 1);
	if (known) {
		const char escape[] = { '\\', to[known - from] };
		buffer_append(buffer, escape, sizeof(escape));
	} else {
		const char escape[] = { '\\', 'u', '0', '0', hex[((unsigned char)c >> 4) & 15],
			hex[(unsigned char)c & 15] };
		buffer_append(buffer, escape, sizeof(escape));
	}
}

static void append_escaped(struct buffer *buffer, const char *string, size_t length)
{
	for (size_t at = 0; at < length; at++) {
		size_t run = plain_run(string + at, length - at);
		if (run)
			buffer_append(buffer, string + at, run);
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

/* Keys are the program's own words: nothing in them needs an escape. */
void out_key(struct out *out, const char *key)
{
	if (out->passing)
		return;
	if (!wants(out, key)) {
		out->passes_value = true;
		return;
	}
	separate(out);
	buffer_append_char(out->buffer, '"');
	buffer_append_string(out->buffer, key);
	buffer_append_string(out->buffer, out->pretty ? "\": " : "\":");
	out->after_key = true;
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

void out_field_string(struct out *out, const char *key, const char *value)
{
	out_key(out, key);
	out_string(out, value);
}

void out_field_int(struct out *out, const char *key, int64_t value)
{
	out_key(out, key);
	out_int(out, value);
}

void out_field_bool(struct out *out, const char *key, bool value)
{
	out_key(out, key);
	out_bool(out, value);
}
