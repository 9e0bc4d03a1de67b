// SPDX-License-Identifier: MIT
#include "server/json/out.h"

#include <endian.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/text/decimal.h"

/* One number as text: the longest are the smallest reals, -2.2250738585072014e-308. */
enum { NUMBER_BYTES = 32 };

void out_init(struct out *out, struct buffer *buffer, bool pretty)
{
	*out = (struct out) { .buffer = buffer, .pretty = pretty, .quick = !pretty };
}

void out_init_lines(struct out *out, struct buffer *buffer)
{
	*out = (struct out) { .buffer = buffer, .lines = true, .quick = true };
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

static void begin(struct out *out, char bracket)
{
	if (out_passes(out)) {
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

/* The longest escape: \\u0000. */
enum { ESCAPE_BYTES = 6 };

/* Bytes that are looked at together, and copied without another look where none of them needs an escape. */
enum { CHUNK_BYTES = 16 };
typedef unsigned char chunk __attribute__((vector_size(CHUNK_BYTES)));

/* How many bytes of the chunk come before the first that is below 0x20, a quotation mark or a backslash. */
static size_t plain_of_chunk(chunk bytes)
{
	chunk found = (chunk)(bytes < 0x20) | (chunk)(bytes == '"') | (chunk)(bytes == '\\');
	uint64_t halves[2];
	memcpy(halves, &found, sizeof(halves));
	if (halves[0])
		return (size_t)__builtin_ctzll(le64toh(halves[0])) / 8;
	return halves[1] ? 8 + (size_t)__builtin_ctzll(le64toh(halves[1])) / 8 : CHUNK_BYTES;
}

/* Copies the run from the start that needs no escape, and gives its length; there is room for the whole and a chunk. */
static size_t copy_plain_run(char *restrict to, const char *restrict string, size_t length)
{
	size_t at = 0, plain = CHUNK_BYTES;
	chunk bytes;
	for (; length - at >= CHUNK_BYTES && plain == CHUNK_BYTES; at += plain) {
		memcpy(&bytes, string + at, CHUNK_BYTES);
		memcpy(to + at, &bytes, CHUNK_BYTES);
		plain = plain_of_chunk(bytes);
	}
	if (plain < CHUNK_BYTES || at == length)
		return at;
	/* The last chunk: filled up with what needs no escape and is not counted. */
	bytes = (chunk) { 0 } + 'x';
	memcpy(&bytes, string + at, length - at);
	memcpy(to + at, &bytes, CHUNK_BYTES);
	plain = plain_of_chunk(bytes);
	return plain < length - at ? at + plain : length;
}

/* Gives its length; there is room. */
static size_t write_escape(char *to, char c)
{
	static const char hex[] = "0123456789abcdef";
	static const char letters[] = {
		['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't', [0x1f] = 0
	};
	char letter = c == '"' || c == '\\' ? c : letters[(unsigned char)c];
	*to++ = '\\';
	if (letter) {
		*to = letter;
		return 2;
	}
	memcpy(to, (const char[]) { 'u', '0', '0', hex[(unsigned char)c >> 4], hex[c & 15] }, ESCAPE_BYTES - 1);
	return ESCAPE_BYTES;
}

static void append_escaped(struct buffer *buffer, const char *string, size_t length)
{
	while (length) {
		char *room = buffer_room(buffer, length + CHUNK_BYTES);
		if (!room)
			return;
		size_t run = copy_plain_run(room, string, length);
		bool escapes = run < length;
		buffer_wrote(buffer, run + (escapes ? write_escape(room + run, string[run]) : 0));
		string += run + escapes;
		length -= run + escapes;
	}
}

/* Most strings are short, and need no escape. */
static void append_string(struct buffer *buffer, const char *string, size_t length)
{
	char *room = buffer_room(buffer, length + CHUNK_BYTES + 2);
	if (!room)
		return;
	*room = '"';
	size_t run = copy_plain_run(room + 1, string, length);
	room[1 + run] = '"';
	if (run == length) {
		buffer_wrote(buffer, length + 2);
		return;
	}
	buffer_wrote(buffer, 1 + run);
	append_escaped(buffer, string + run, length - run);
	buffer_append_char(buffer, '"');
}

void out_again(struct out *out, size_t from, size_t until)
{
	char *room = out_passes(out) || from == until ? NULL : buffer_room(out->buffer, until - from);
	if (!room)
		return;
	memcpy(room, out->buffer->data + from, until - from);
	buffer_wrote(out->buffer, until - from);
	out->after_key = false;
	out->need_comma = true;
}

void out_trim(struct out *out, const char *const *names, size_t count)
{
	out->names = names;
	out->name_count = count;
	out->trim_depth = count ? out->depth + 1 : 0;
	out->quick = !out->pretty && !count;
}

/* Whether a member of a trimmed object is wanted; if only parts of it are, it is noted whose parts they are. */
static bool wants_member(struct out *out, const char *key)
{
	size_t length = strlen(key);
	bool wanted = false;
	out->member = NULL;
	out->member_depth = 0;
	for (size_t i = 0; i < out->name_count; i++) {
		const char *name = out->names[i];
		if (*name != *key || strncmp(name, key, length) != 0)
			continue;
		if (!name[length]) {
			out->member = NULL;
			return true;
		}
		if (name[length] == '.') {
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
	if (out_passes(out))
		return;
	separate(out);
	append_string(out->buffer, string, length);
	out->need_comma = true;
}

void out_string_begin(struct out *out)
{
	if (out_passes(out)) {
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
	if (out_passes(out))
		return;
	separate(out);
	buffer_append_string(out->buffer, word);
	out->need_comma = true;
}

/* By hand: a page has a hundred of them, and printf() was a tenth of what the page cost. */
void out_int(struct out *out, int64_t value)
{
	if (out_passes(out))
		return;
	char digits[NUMBER_BYTES], *end = digits + sizeof(digits);
	char *at = decimal_before(end, value < 0 ? -(uint64_t)value : (uint64_t)value);
	if (value < 0)
		*--at = '-';
	separate(out);
	buffer_append(out->buffer, at, (size_t)(end - at));
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
