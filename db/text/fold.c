// SPDX-License-Identifier: MIT
#include "db/text/fold.h"

#include <string.h>
#include <utf8proc.h>

#include "db/text/utf8.h"

/* The small letter or the digit for each byte of ASCII, 0 for all else. */
static const char ascii_folded[128] = { ['0'] = '0',
	['1'] = '1',
	['2'] = '2',
	['3'] = '3',
	['4'] = '4',
	['5'] = '5',
	['6'] = '6',
	['7'] = '7',
	['8'] = '8',
	['9'] = '9',
	['A'] = 'a',
	['B'] = 'b',
	['C'] = 'c',
	['D'] = 'd',
	['E'] = 'e',
	['F'] = 'f',
	['G'] = 'g',
	['H'] = 'h',
	['I'] = 'i',
	['J'] = 'j',
	['K'] = 'k',
	['L'] = 'l',
	['M'] = 'm',
	['N'] = 'n',
	['O'] = 'o',
	['P'] = 'p',
	['Q'] = 'q',
	['R'] = 'r',
	['S'] = 's',
	['T'] = 't',
	['U'] = 'u',
	['V'] = 'v',
	['W'] = 'w',
	['X'] = 'x',
	['Y'] = 'y',
	['Z'] = 'z',
	['a'] = 'a',
	['b'] = 'b',
	['c'] = 'c',
	['d'] = 'd',
	['e'] = 'e',
	['f'] = 'f',
	['g'] = 'g',
	['h'] = 'h',
	['i'] = 'i',
	['j'] = 'j',
	['k'] = 'k',
	['l'] = 'l',
	['m'] = 'm',
	['n'] = 'n',
	['o'] = 'o',
	['p'] = 'p',
	['q'] = 'q',
	['r'] = 'r',
	['s'] = 's',
	['t'] = 't',
	['u'] = 'u',
	['v'] = 'v',
	['w'] = 'w',
	['x'] = 'x',
	['y'] = 'y',
	['z'] = 'z' };

/* Blocks of scripts that put no spaces between words. */
static bool is_without_spaces(int32_t codepoint)
{
	static const struct {
		int32_t first, last;
	} blocks[] = {
		{ 0x0E00, 0x0EFF },   /* Thai, Lao */
		{ 0x1000, 0x109F },   /* Myanmar */
		{ 0x1780, 0x17FF },   /* Khmer */
		{ 0x2E80, 0x2FDF },   /* radicals */
		{ 0x3005, 0x312F },   /* ideographic marks and numbers, Hiragana, Katakana, Bopomofo */
		{ 0x31A0, 0x31FF },   /* Bopomofo, strokes, Katakana */
		{ 0x3400, 0x4DBF },   /* ideographs */
		{ 0x4E00, 0x9FFF },   /* ideographs */
		{ 0xF900, 0xFAFF },   /* compatibility ideographs */
		{ 0x1AFF0, 0x1B16F }, /* Kana */
		{ 0x20000, 0x3FFFF }, /* ideographs */
	};
	if (codepoint < blocks[0].first)
		return false;
	for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++) {
		if (codepoint <= blocks[i].last)
			return codepoint >= blocks[i].first;
	}
	return false;
}

/* What a typist writes for letters that have no decomposition; ß and ĳ have one, by case folding and NFKD. */
static const char *typed_as(int32_t letter)
{
	switch (letter) {
	case 0x00E6:
		return "ae";
	case 0x00F0:
	case 0x0111:
		return "d";
	case 0x00F8:
		return "o";
	case 0x00FE:
		return "th";
	case 0x0127:
		return "h";
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

/*
 * Marks by their combining class: accents and points are from 10 on (overlays are 1), while the vowel signs of Indic
 * scripts, the virama, the nukta and the kana voicing marks have 0 and 7 to 9, and those of Thai and Lao 103 to 122.
 */
static bool mark_is_dropped(const utf8proc_property_t *property)
{
	int class = property->combining_class;
	return class == 1 || (class >= 10 && class <= 36) || class >= 200;
}

static enum fold_class classify(int32_t codepoint)
{
	/* Letters to Unicode, but written in turn with apostrophes that are none. */
	if (codepoint >= 0x02BB && codepoint <= 0x02BD)
		return FOLD_GAP;
	const utf8proc_property_t *property = utf8proc_get_property(codepoint);
	switch (property->category) {
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_LT:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_LO:
	case UTF8PROC_CATEGORY_ND:
	case UTF8PROC_CATEGORY_NL:
		return is_without_spaces(codepoint) ? FOLD_ALONE : FOLD_WORD;
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_MC:
	case UTF8PROC_CATEGORY_ME:
		return mark_is_dropped(property) ? FOLD_DROPPED : FOLD_SIGN;
	default:
		return FOLD_GAP;
	}
}

void fold_init(struct fold *fold, const char *text, size_t length)
{
	fold->text = text;
	fold->length = length;
	fold->at = 0;
	fold->decomposed_count = fold->decomposed_next = 0;
	fold->has_held = false;
}

/* Takes apart the code point at `at`, which is not ASCII, code point by code point: NFKD of the whole would differ only
 * in the order of marks. */
static void decompose(struct fold *fold)
{
	enum { ZERO_WIDTH_SPACE = 0x200B };
	const utf8proc_option_t options = UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE;
	fold->decomposed_start = fold->at;
	int32_t codepoint = (int32_t)utf8_next(fold->text, fold->length, &fold->at);
	int boundary = 0;
	utf8proc_ssize_t count = 0;
	/* Ignorable, but it separates. */
	if (codepoint != ZERO_WIDTH_SPACE)
		count = utf8proc_decompose_char(codepoint, fold->decomposed, FOLD_DECOMPOSED_MAX, options, &boundary);
	if (count < 0 || count > FOLD_DECOMPOSED_MAX || codepoint == ZERO_WIDTH_SPACE) {
		fold->decomposed[0] = ' ';
		count = 1;
	}
	fold->decomposed_next = 0;
	fold->decomposed_count = (int)count;
}

static void unit_from_ascii(struct fold_unit *unit, unsigned char c)
{
	char folded = ascii_folded[c];
	unit->class = folded ? FOLD_WORD : FOLD_GAP;
	unit->bytes[0] = folded;
	unit->length = folded ? 1 : 0;
}

static void unit_from_decomposed(struct fold_unit *unit, int32_t codepoint)
{
	if (codepoint < 0x80) {
		unit_from_ascii(unit, (unsigned char)codepoint);
		return;
	}
	unit->class = classify(codepoint);
	unit->length = 0;
	if (unit->class == FOLD_GAP || unit->class == FOLD_DROPPED)
		return;
	const char *typed = typed_as(codepoint);
	if (typed) {
		unit->length = strlen(typed);
		memcpy(unit->bytes, typed, unit->length);
	} else {
		unit->length = (size_t)utf8proc_encode_char(codepoint, (utf8proc_uint8_t *)unit->bytes);
	}
}

bool fold_next_unit(struct fold *fold, struct fold_unit *ret_unit)
{
	for (;;) {
		if (fold->decomposed_next < fold->decomposed_count) {
			unit_from_decomposed(ret_unit, fold->decomposed[fold->decomposed_next++]);
			ret_unit->start = fold->decomposed_start;
			ret_unit->end = fold->at;
			return true;
		}
		if (fold->at >= fold->length)
			return false;
		unsigned char c = (unsigned char)fold->text[fold->at];
		if (c < 0x80) {
			unit_from_ascii(ret_unit, c);
			ret_unit->start = fold->at++;
			ret_unit->end = fold->at;
			return true;
		}
		decompose(fold);
	}
}

static void token_begin(struct fold_token *token, const struct fold_unit *unit)
{
	memcpy(token->bytes, unit->bytes, unit->length);
	token->length = unit->length;
	token->start = unit->start;
	token->end = unit->end;
}

/* What is cut is cut for good: a shorter letter behind it must not slip in. */
static void token_extend(struct fold_token *token, const struct fold_unit *unit, bool *full)
{
	token->end = unit->end;
	*full = *full || token->length + unit->length > FOLD_TOKEN_BYTES_MAX;
	if (*full)
		return;
	memcpy(token->bytes + token->length, unit->bytes, unit->length);
	token->length += unit->length;
}

/* The letters of ASCII that come next, which are most of what comes. */
static void take_ascii(struct fold *fold, struct fold_token *token)
{
	const char *text = fold->text;
	size_t at = fold->at, length = token->length;
	while (at < fold->length && length < FOLD_TOKEN_BYTES_MAX) {
		unsigned char c = (unsigned char)text[at];
		if (c >= 0x80 || !ascii_folded[c])
			break;
		token->bytes[length++] = ascii_folded[c];
		at++;
	}
	token->length = length;
	token->end = fold->at = at;
}

/* The first letter of a token; signs without one are passed over. */
static bool find_letter(struct fold *fold, struct fold_unit *ret_unit)
{
	if (fold->has_held) {
		fold->has_held = false;
		*ret_unit = fold->held;
		return true;
	}
	while (fold_next_unit(fold, ret_unit)) {
		if (ret_unit->class == FOLD_WORD || ret_unit->class == FOLD_ALONE)
			return true;
	}
	return false;
}

static bool is_between_units(const struct fold *fold)
{
	return fold->decomposed_next >= fold->decomposed_count && !fold->has_held;
}

/* True when a word begins with ASCII here, behind nothing but ASCII; its first letters are then in the token. */
static bool begin_in_ascii(struct fold *fold, struct fold_token *token)
{
	if (!is_between_units(fold))
		return false;
	while (fold->at < fold->length) {
		unsigned char c = (unsigned char)fold->text[fold->at];
		if (c >= 0x80)
			return false;
		if (ascii_folded[c])
			break;
		fold->at++;
	}
	if (fold->at == fold->length)
		return false;
	token->length = 0;
	token->start = fold->at;
	take_ascii(fold, token);
	return true;
}

/* True when ASCII, or the end, shows that no more of a word comes. */
static bool ends_in_ascii(const struct fold *fold)
{
	if (!is_between_units(fold))
		return false;
	if (fold->at >= fold->length)
		return true;
	unsigned char c = (unsigned char)fold->text[fold->at];
	return c < 0x80 && !ascii_folded[c];
}

bool fold_next_token(struct fold *fold, struct fold_token *ret_token)
{
	struct fold_unit unit;
	bool alone = false, full = false;
	if (!begin_in_ascii(fold, ret_token)) {
		if (!find_letter(fold, &unit))
			return false;
		alone = unit.class == FOLD_ALONE;
		token_begin(ret_token, &unit);
	}
	while (alone || !ends_in_ascii(fold)) {
		if (!fold_next_unit(fold, &unit) || unit.class == FOLD_GAP)
			break;
		if (unit.class == FOLD_ALONE || (alone && unit.class == FOLD_WORD)) {
			fold->held = unit;
			fold->has_held = true;
			break;
		}
		token_extend(ret_token, &unit, &full);
		if (!alone && !full && is_between_units(fold))
			take_ascii(fold, ret_token);
	}
	ret_token->bytes[ret_token->length] = '\0';
	return true;
}

size_t fold_prefix_end(const char *text, size_t start, size_t end, size_t count)
{
	struct fold fold;
	struct fold_unit unit;
	size_t folded = 0, found = end;
	fold_init(&fold, text + start, end - start);
	while (fold_next_unit(&fold, &unit)) {
		/* An accent goes with its letter. */
		if (folded >= count && unit.class != FOLD_DROPPED)
			break;
		folded += unit.length;
		found = start + unit.end;
	}
	return found;
}
