// SPDX-License-Identifier: MIT
/*
 * Folding: text as it is compared, without case, accents and punctuation.
 *
 * NFKD (Unicode 15, through utf8proc), case-folded; accents, Hebrew and Arabic
 * points and what is ignorable by default (soft hyphen, joiners) dropped; the
 * letters that NFKD leaves alone but a typist writes otherwise replaced: ø o,
 * ł l, đ ð d, ħ h, ı i, þ th, ß ss, æ ae, œ oe, ĳ ij. Full width, ligatures and
 * superscripts are what they stand for. Folding what is folded changes nothing.
 *
 * A token is a run of letters and digits (and the vowel signs of scripts that
 * have them). All else separates, apostrophes too: `Kerim's` is `kerim` and
 * `s`, with whatever apostrophe it is written. In scripts without spaces between
 * words (Chinese, Japanese, Thai, Lao, Khmer, Burmese) each letter is a token of
 * its own. Symbols, such as emoji, are no tokens.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum fold_class {
	FOLD_WORD,    /* a letter or digit */
	FOLD_ALONE,   /* a letter that is a token of its own */
	FOLD_SIGN,    /* belongs to the letter before it, and is kept */
	FOLD_DROPPED, /* belongs to the letter before it, and is dropped */
	FOLD_GAP      /* separates */
};

/* One folded code point; several may come from one of the text. */
struct fold_unit {
	enum fold_class class;
	char bytes[4]; /* empty for a gap and for what is dropped */
	size_t length;
	size_t start, end; /* bytes of the text it comes from */
};

/* The longest decomposition of one code point, U+FDFA, has 18. */
enum { FOLD_DECOMPOSED_MAX = 32 };

struct fold {
	const char *text; /* borrowed, valid UTF-8 */
	size_t length;
	size_t at;
	int32_t decomposed[FOLD_DECOMPOSED_MAX]; /* of the code point that ends at `at` */
	int decomposed_count, decomposed_next;
	size_t decomposed_start;
	struct fold_unit held; /* read, but part of the next token */
	bool has_held;
};

void fold_init(struct fold *fold, const char *text, size_t length);

/* False at the end of the text. */
bool fold_next_unit(struct fold *fold, struct fold_unit *ret_unit);

/* Longer words are compared by their first bytes. */
enum { FOLD_TOKEN_BYTES_MAX = 64 };

struct fold_token {
	char bytes[FOLD_TOKEN_BYTES_MAX + 1]; /* NUL-terminated */
	size_t length;
	size_t start, end; /* bytes of the text, with the accents that were dropped */
};

/* Where the first `count` folded bytes of the token in [start,end) end in the text. */
size_t fold_prefix_end(const char *text, size_t start, size_t end, size_t count);

/* False at the end of the text; the token is then untouched. Not to be mixed with fold_next_unit(). */
bool fold_next_token(struct fold *fold, struct fold_token *ret_token);
