// SPDX-License-Identifier: MIT
#include "db/text/utf8.h"

#include <stdbool.h>
#include <string.h>

enum { WORD_BYTES = sizeof(uint64_t) };

static const uint64_t LOW_BITS = UINT64_C(0x0101010101010101);
static const uint64_t HIGH_BITS = UINT64_C(0x8080808080808080);

static uint64_t word_at(const char *text)
{
	uint64_t word;
	memcpy(&word, text, sizeof(word));
	return word;
}

static bool is_continuation(char byte)
{
	return ((unsigned char)byte & 0xC0) == 0x80;
}

/* How many of the word's eight bytes start a code point, that is, are not 10xxxxxx. */
static size_t starts_in(uint64_t word)
{
	uint64_t continuations = (word >> 7) & ~(word >> 6) & LOW_BITS;
	return WORD_BYTES - (size_t)((continuations * LOW_BITS) >> 56);
}

/*
 * Length of the sequence at `p`, 0 when it is not valid. What the second byte may be depends on the first: that is
 * where overlong forms (E0, F0), surrogates (ED) and values above U+10FFFF (F4) are refused.
 */
static size_t sequence_length(const unsigned char *p, size_t left)
{
	unsigned char low = 0x80, high = 0xBF;
	size_t length;
	if (p[0] < 0x80)
		return 1;
	if (p[0] < 0xC2 || p[0] > 0xF4)
		return 0;
	if (p[0] < 0xE0)
		length = 2;
	else if (p[0] < 0xF0)
		length = 3;
	else
		length = 4;
	if (p[0] == 0xE0)
		low = 0xA0;
	else if (p[0] == 0xED)
		high = 0x9F;
	else if (p[0] == 0xF0)
		low = 0x90;
	else if (p[0] == 0xF4)
		high = 0x8F;
	if (left < length || p[1] < low || p[1] > high)
		return 0;
	for (size_t i = 2; i < length; i++) {
		if ((p[i] & 0xC0) != 0x80)
			return 0;
	}
	return length;
}

size_t utf8_find_invalid(const char *text, size_t length)
{
	size_t i = 0;
	while (i < length) {
		if (length - i >= WORD_BYTES && !(word_at(text + i) & HIGH_BITS)) {
			i += WORD_BYTES;
			continue;
		}
		/* Up to the end of the word one by one, lest every letter of a non-ASCII text is tried as a word. */
		size_t stop = length - i >= WORD_BYTES ? i + WORD_BYTES : length;
		while (i < stop) {
			size_t step = sequence_length((const unsigned char *)text + i, length - i);
			if (!step)
				return i;
			i += step;
		}
	}
	return length;
}

size_t utf8_count(const char *text, size_t length)
{
	size_t count = 0, i = 0;
	for (; length - i >= WORD_BYTES; i += WORD_BYTES)
		count += starts_in(word_at(text + i));
	for (; i < length; i++)
		count += !is_continuation(text[i]);
	return count;
}

size_t utf8_forward(const char *text, size_t length, size_t from, size_t codepoints)
{
	size_t i = from;
	/* A word may end inside a sequence; its remaining bytes start nothing and are passed over below. */
	while (codepoints >= WORD_BYTES && length - i >= WORD_BYTES) {
		codepoints -= starts_in(word_at(text + i));
		i += WORD_BYTES;
	}
	for (; i < length; i++) {
		if (is_continuation(text[i]))
			continue;
		if (!codepoints)
			break;
		codepoints--;
	}
	return i;
}

size_t utf8_backward(const char *text, size_t from, size_t codepoints)
{
	/* A word may begin inside a sequence, so that the last of them is looked for byte by byte. */
	while (codepoints > WORD_BYTES && from >= WORD_BYTES) {
		from -= WORD_BYTES;
		codepoints -= starts_in(word_at(text + from));
	}
	while (codepoints && from) {
		from--;
		if (!is_continuation(text[from]))
			codepoints--;
	}
	return from;
}

uint32_t utf8_next(const char *text, size_t length, size_t *offset)
{
	const unsigned char *p = (const unsigned char *)text + *offset;
	size_t left = length - *offset;
	size_t size = 1;
	uint32_t codepoint = p[0];
	if (p[0] >= 0xF0) {
		size = 4;
		codepoint &= 0x07;
	} else if (p[0] >= 0xE0) {
		size = 3;
		codepoint &= 0x0F;
	} else if (p[0] >= 0xC0) {
		size = 2;
		codepoint &= 0x1F;
	}
	/* Invalid input is a mistake of the caller, but never a read behind the end. */
	if (size > left)
		size = left;
	for (size_t i = 1; i < size; i++)
		codepoint = codepoint << 6 | (p[i] & 0x3F);
	*offset += size;
	return codepoint;
}
