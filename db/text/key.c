// SPDX-License-Identifier: MIT
#include "db/text/key.h"

#include <utf8proc.h>

#include "db/text/utf8.h"

/* The longest decomposition of one code point, U+FDFA, has 18. */
enum { DECOMPOSED_MAX = 32 };

struct key_writer {
	struct buffer *out;
	bool any; /* a letter or digit has been written */
	bool gap; /* something else has been passed since */
};

static bool is_ascii_alnum(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The categories of utf8proc are numbered in groups: L* first, then M*, then N*; No (superscripts) is no digit. */
static bool is_mark(utf8proc_category_t category)
{
	return category >= UTF8PROC_CATEGORY_MN && category <= UTF8PROC_CATEGORY_ME;
}

static bool is_letter_or_digit(utf8proc_category_t category)
{
	return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) ||
	       category == UTF8PROC_CATEGORY_ND || category == UTF8PROC_CATEGORY_NL;
}

bool slug_is_valid(const char *slug, size_t length)
{
	size_t codepoints = 0;
	for (size_t i = 0; i < length; codepoints++) {
		if (codepoints == SLUG_MAX_CODEPOINTS)
			return false;
		unsigned char c = (unsigned char)slug[i];
		if (c < 0x80) {
			if (!is_ascii_alnum(c) && c != '_' && c != '-')
				return false;
			i++;
			continue;
		}
		utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)utf8_next(slug, length, &i));
		if (!is_letter_or_digit(category) && (!is_mark(category) || codepoints == 0))
			return false;
	}
	return codepoints > 0;
}

static void write_bytes(struct key_writer *writer, const char *bytes, size_t length)
{
	if (writer->gap && writer->any)
		buffer_append_char(writer->out, '-');
	writer->gap = false;
	writer->any = true;
	buffer_append(writer->out, bytes, length);
}

static void write_ascii(struct key_writer *writer, unsigned char c)
{
	if (!is_ascii_alnum(c)) {
		writer->gap = true;
		return;
	}
	char lower = (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
	write_bytes(writer, &lower, 1);
}

/* What a typist writes for letters that have no decomposition; ß and ĳ have one, by case folding and NFKD. */
static const char *typed_as(utf8proc_int32_t letter)
{
	switch (letter) {
	case 0x00E6:
		return "ae";
	case 0x00F8:
		return "o";
	case 0x0111:
		return "d";
	case 0x0131:
		return "i";
	case 0x0142:
		return "l";
	case 0x0153:
		return "oe";
	default:
		return NULL;
	}
}

static void write_decomposed(struct key_writer *writer, utf8proc_int32_t codepoint)
{
	if (codepoint < 0x80) {
		write_ascii(writer, (unsigned char)codepoint);
		return;
	}
	utf8proc_category_t category = utf8proc_category(codepoint);
	if (is_mark(category))
		return;
	if (!is_letter_or_digit(category)) {
		writer->gap = true;
		return;
	}
	const char *typed = typed_as(codepoint);
	if (typed) {
		write_bytes(writer, typed, typed[1] ? 2 : 1);
		return;
	}
	utf8proc_uint8_t encoded[4];
	utf8proc_ssize_t size = utf8proc_encode_char(codepoint, encoded);
	write_bytes(writer, (const char *)encoded, (size_t)size);
}

/*
 * Code point by code point: NFKD of the whole would differ only in the order of the marks, and those are dropped.
 * False, with nothing written, when there is no letter or digit.
 */
static bool write_key(struct buffer *out, const char *name, size_t length)
{
	const utf8proc_option_t options = UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD;
	struct key_writer writer = { .out = out };
	for (size_t i = 0; i < length;) {
		if ((unsigned char)name[i] < 0x80) {
			write_ascii(&writer, (unsigned char)name[i++]);
			continue;
		}
		utf8proc_int32_t decomposed[DECOMPOSED_MAX];
		utf8proc_int32_t codepoint = (utf8proc_int32_t)utf8_next(name, length, &i);
		int boundary = 0;
		utf8proc_ssize_t count =
			utf8proc_decompose_char(codepoint, decomposed, DECOMPOSED_MAX, options, &boundary);
		if (count < 0 || count > DECOMPOSED_MAX) {
			writer.gap = true;
			continue;
		}
		for (utf8proc_ssize_t j = 0; j < count; j++)
			write_decomposed(&writer, decomposed[j]);
	}
	return writer.any;
}

void name_key(struct buffer *out, const char *name, size_t length)
{
	if (!write_key(out, name, length))
		buffer_append(out, name, length);
}

bool slug_from_name(struct buffer *out, const char *name, size_t length)
{
	size_t start = out->length;
	if (!write_key(out, name, length))
		return false;
	if (out->failed)
		return true;
	size_t end = utf8_forward(out->data, out->length, start, SLUG_MAX_CODEPOINTS);
	if (out->data[end - 1] == '-')
		end--;
	out->length = end;
	out->data[end] = '\0';
	return true;
}
