// SPDX-License-Identifier: MIT
#include "db/text/phrase.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "db/text/utf8.h"

/* White space, and what passages are put between when they are quoted. */
static bool is_around(uint32_t codepoint)
{
	if (codepoint < 0x80)
		return codepoint <= ' ' || codepoint == '"' || codepoint == '\'';
	/* ‚ and „ count as opening brackets. */
	if (codepoint == 0x201A || codepoint == 0x201E)
		return true;
	utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)codepoint);
	return category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL ||
	       category == UTF8PROC_CATEGORY_ZP || category == UTF8PROC_CATEGORY_PI || category == UTF8PROC_CATEGORY_PF;
}

static void trim(struct phrase *phrase, const char *text, size_t length)
{
	size_t start = 0, end = length;
	while (start < length) {
		size_t next = start;
		if (!is_around(utf8_next(text, length, &next)))
			break;
		start = next;
	}
	while (end > start) {
		size_t before = utf8_backward(text, end, 1), next = before;
		if (!is_around(utf8_next(text, length, &next)))
			break;
		end = before;
	}
	phrase->text = text + start;
	phrase->length = end - start;
}

static bool read_tokens(struct phrase *phrase)
{
	struct fold fold;
	struct fold_token token = { .end = 0 };
	size_t capacity = 0;
	fold_init(&fold, phrase->text, phrase->length);
	while (fold_next_token(&fold, &token)) {
		if (phrase->count == capacity) {
			capacity = capacity ? capacity * 2 : 32;
			char(*tokens)[FOLD_TOKEN_BYTES_MAX + 1] =
				reallocarray(phrase->tokens, capacity, sizeof(*tokens));
			if (!tokens)
				return false;
			phrase->tokens = tokens;
		}
		if (!phrase->count)
			phrase->lead = token.start;
		memcpy(phrase->tokens[phrase->count++], token.bytes, token.length + 1);
	}
	phrase->tail = phrase->length - token.end;
	return true;
}

static bool link_failures(struct phrase *phrase)
{
	phrase->failure = calloc(phrase->count + 1, sizeof(*phrase->failure));
	if (!phrase->failure)
		return false;
	size_t matched = 0;
	for (size_t i = 1; i < phrase->count; i++) {
		while (matched && strcmp(phrase->tokens[i], phrase->tokens[matched]) != 0)
			matched = phrase->failure[matched];
		if (!strcmp(phrase->tokens[i], phrase->tokens[matched]))
			matched++;
		phrase->failure[i + 1] = matched;
	}
	return true;
}

bool phrase_init(struct phrase *phrase, const char *text, size_t length)
{
	*phrase = (struct phrase) { .text = text };
	trim(phrase, text, length);
	if (read_tokens(phrase) && link_failures(phrase))
		return true;
	phrase_deinit(phrase);
	return false;
}

void phrase_deinit(struct phrase *phrase)
{
	free(phrase->tokens);
	free(phrase->failure);
	phrase->tokens = NULL;
	phrase->failure = NULL;
}

bool phrase_find(const struct phrase *phrase, const char *text, size_t length, struct phrase_place *places, size_t max,
	size_t *ret_count)
{
	struct fold fold;
	struct fold_token token;
	size_t found = 0, matched = 0;
	*ret_count = 0;
	if (!phrase->count)
		return true;
	/* Where the last tokens began, as many as the phrase has. */
	size_t *starts = calloc(phrase->count, sizeof(*starts));
	if (!starts)
		return false;
	fold_init(&fold, text, length);
	for (size_t i = 0; found < max && fold_next_token(&fold, &token); i++) {
		starts[i % phrase->count] = token.start;
		while (matched && strcmp(token.bytes, phrase->tokens[matched]) != 0)
			matched = phrase->failure[matched];
		if (!strcmp(token.bytes, phrase->tokens[matched]))
			matched++;
		if (matched < phrase->count)
			continue;
		places[found++] = (struct phrase_place) { starts[(i + 1) % phrase->count], token.end };
		matched = phrase->failure[matched];
	}
	free(starts);
	*ret_count = found;
	return true;
}

bool phrase_is_exact(const struct phrase *phrase, const char *text, size_t length, struct phrase_place place)
{
	if (place.start < phrase->lead || length - place.end < phrase->tail ||
		place.end - place.start + phrase->lead + phrase->tail != phrase->length)
		return false;
	return !memcmp(text + place.start - phrase->lead, phrase->text, phrase->length);
}
