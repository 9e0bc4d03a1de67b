// SPDX-License-Identifier: MIT
#include "db/text/key.h"

#include <utf8proc.h>

#include "db/text/fold.h"
#include "db/text/utf8.h"

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

/* False, with nothing written, when there is no letter or digit. */
static bool write_key(struct buffer *out, const char *name, size_t length)
{
	struct fold fold;
	struct fold_unit unit;
	bool any = false, gap = false;
	fold_init(&fold, name, length);
	while (fold_next_unit(&fold, &unit)) {
		bool letter = unit.class == FOLD_WORD || unit.class == FOLD_ALONE;
		if (letter && gap && any)
			buffer_append_char(out, '-');
		if (letter || (unit.class == FOLD_SIGN && any && !gap))
			buffer_append(out, unit.bytes, unit.length);
		any |= letter;
		gap = unit.class == FOLD_GAP || (gap && !letter);
	}
	return any;
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
