// SPDX-License-Identifier: MIT
#include "db/text/language.h"

#include <string.h>
#include <strings.h>

enum { SUBTAG_MAX = 8, EXTLANGS_MAX = 3 };

/* Walks over the subtags of a tag; `length` is 0 behind the last one. */
struct subtags {
	const char *at, *end;
	size_t length;
};

static bool is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static void subtags_measure(struct subtags *subtags)
{
	size_t left = (size_t)(subtags->end - subtags->at);
	const char *hyphen = left ? memchr(subtags->at, '-', left) : NULL;
	subtags->length = hyphen ? (size_t)(hyphen - subtags->at) : left;
}

static void subtags_next(struct subtags *subtags)
{
	subtags->at += subtags->length;
	if (subtags->at < subtags->end)
		subtags->at++;
	subtags_measure(subtags);
}

/* What every tag has in common: subtags of one to eight ASCII letters and digits, between single hyphens. */
static bool is_plain(const char *tag, size_t length)
{
	size_t run = 0;
	for (size_t i = 0; i < length; i++) {
		if (tag[i] == '-') {
			if (!run)
				return false;
			run = 0;
		} else if (!is_alpha(tag[i]) && !is_digit(tag[i])) {
			return false;
		} else if (++run > SUBTAG_MAX) {
			return false;
		}
	}
	return run > 0;
}

static bool is_all(const struct subtags *subtags, bool (*belongs)(char c))
{
	for (size_t i = 0; i < subtags->length; i++) {
		if (!belongs(subtags->at[i]))
			return false;
	}
	return subtags->length > 0;
}

static bool is_private(const struct subtags *subtags)
{
	return subtags->length == 1 && (subtags->at[0] == 'x' || subtags->at[0] == 'X');
}

static bool is_variant(const struct subtags *subtags)
{
	return subtags->length >= 5 || (subtags->length == 4 && is_digit(subtags->at[0]));
}

static bool take_language(struct subtags *subtags)
{
	size_t length = subtags->length;
	if (length < 2 || !is_all(subtags, is_alpha))
		return false;
	subtags_next(subtags);
	for (int i = 0; length <= 3 && i < EXTLANGS_MAX; i++) {
		if (subtags->length != 3 || !is_all(subtags, is_alpha))
			break;
		subtags_next(subtags);
	}
	return true;
}

/* A singleton and at least one subtag of two letters or more; for private use, of one or more. */
static bool take_extension(struct subtags *subtags)
{
	size_t shortest = is_private(subtags) ? 1 : 2;
	size_t count = 0;
	for (subtags_next(subtags); subtags->length >= shortest; subtags_next(subtags))
		count++;
	return count > 0;
}

/* RFC 5646, section 2.1, `langtag` and `privateuse`; the regular grandfathered tags have the form of a `langtag`. */
static bool is_langtag(const char *tag, size_t length)
{
	struct subtags subtags = { .at = tag, .end = tag + length };
	subtags_measure(&subtags);
	if (is_private(&subtags))
		return take_extension(&subtags);
	if (!take_language(&subtags))
		return false;
	if (subtags.length == 4 && is_all(&subtags, is_alpha))
		subtags_next(&subtags);
	if ((subtags.length == 2 && is_all(&subtags, is_alpha)) || (subtags.length == 3 && is_all(&subtags, is_digit)))
		subtags_next(&subtags);
	while (is_variant(&subtags))
		subtags_next(&subtags);
	while (subtags.length == 1) {
		bool last = is_private(&subtags);
		if (!take_extension(&subtags))
			return false;
		if (last)
			break;
	}
	return subtags.length == 0;
}

static bool is_irregular(const char *tag, size_t length)
{
	static const char *const IRREGULAR[] = { "en-GB-oed", "i-ami", "i-bnn", "i-default", "i-enochian", "i-hak",
		"i-klingon", "i-lux", "i-mingo", "i-navajo", "i-pwn", "i-tao", "i-tay", "i-tsu", "sgn-BE-FR",
		"sgn-BE-NL", "sgn-CH-DE" };
	for (size_t i = 0; i < sizeof(IRREGULAR) / sizeof(IRREGULAR[0]); i++) {
		if (strlen(IRREGULAR[i]) == length && strncasecmp(IRREGULAR[i], tag, length) == 0)
			return true;
	}
	return false;
}

static char lower(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

static char upper(char c)
{
	return (char)(c >= 'a' && c <= 'z' ? c - ('a' - 'A') : c);
}

bool language_canonical(struct buffer *out, const char *tag, size_t length)
{
	if (!is_plain(tag, length) || (!is_langtag(tag, length) && !is_irregular(tag, length)))
		return false;
	bool plain_case = true; /* for the first subtag and all behind a singleton */
	bool singleton = false;
	struct subtags subtags = { .at = tag, .end = tag + length };
	for (subtags_measure(&subtags); subtags.length; subtags_next(&subtags)) {
		if (subtags.at != tag)
			buffer_append_char(out, '-');
		for (size_t i = 0; i < subtags.length; i++) {
			bool raised = !plain_case && (subtags.length == 2 || (subtags.length == 4 && i == 0));
			buffer_append_char(out, raised ? upper(subtags.at[i]) : lower(subtags.at[i]));
		}
		singleton = singleton || subtags.length == 1;
		plain_case = singleton;
	}
	return true;
}

bool language_fits(const char *range, const char *tag)
{
	size_t length = strlen(range);
	return !strncmp(range, tag, length) && (!tag[length] || tag[length] == '-');
}
