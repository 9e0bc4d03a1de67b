// SPDX-License-Identifier: MIT
#include "db/text/query.h"

#include <string.h>
#include <utf8proc.h>

#include "db/text/utf8.h"

struct typed {
	const char *text;
	size_t length;
	size_t at;
};

static bool is_space(uint32_t codepoint)
{
	if (codepoint < 0x80)
		return codepoint <= ' ';
	utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)codepoint);
	return category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL || category == UTF8PROC_CATEGORY_ZP;
}

/* Of a phrase; which of them opens and which closes differs from language to language. */
static bool is_quote(uint32_t codepoint)
{
	return codepoint == '"' || (codepoint >= 0x201C && codepoint <= 0x201F) || codepoint == 0xAB ||
	       codepoint == 0xBB || codepoint == 0xFF02;
}

static uint32_t peek(const struct typed *typed, size_t at, size_t *ret_next)
{
	*ret_next = at;
	return utf8_next(typed->text, typed->length, ret_next);
}

/* Offset of the first quote or, unless `only_quotes`, space from `at` on; the length when there is none. */
static size_t find_end(const struct typed *typed, size_t at, bool only_quotes)
{
	while (at < typed->length) {
		size_t next;
		uint32_t codepoint = peek(typed, at, &next);
		if (is_quote(codepoint) || (!only_quotes && is_space(codepoint)))
			break;
		at = next;
	}
	return at;
}

/* Makes a term of what stands in [from,to). */
static void add_term(struct query *query, const struct typed *typed, size_t from, size_t to, struct query_term term)
{
	struct fold fold;
	struct fold_token token = { .end = 0 };
	bool starred = !term.quoted && to > from && typed->text[to - 1] == '*';
	term.first = query->token_count;
	fold_init(&fold, typed->text + from, to - from);
	while (query->token_count < QUERY_TOKENS_MAX && fold_next_token(&fold, &token))
		memcpy(query->tokens[query->token_count++], token.bytes, token.length + 1);
	term.count = query->token_count - term.first;
	if (!term.count)
		return;
	term.prefix =
		starred && token.end == to - from - 1 && utf8_count(token.bytes, token.length) >= QUERY_PREFIX_MIN;
	query->terms[query->term_count++] = term;
}

/* True when a minus stands here that takes away what is written right behind it; passes over it. */
static bool take_minus(struct typed *typed)
{
	size_t next;
	if (typed->text[typed->at] != '-' || typed->at + 1 == typed->length)
		return false;
	uint32_t behind = peek(typed, typed->at + 1, &next);
	if (behind == '-' || is_space(behind))
		return false;
	typed->at++;
	return true;
}

void query_parse(const char *text, size_t length, struct query *ret_query)
{
	struct typed typed = { .text = text, .length = length };
	ret_query->token_count = ret_query->term_count = 0;
	while (typed.at < length && ret_query->token_count < QUERY_TOKENS_MAX) {
		size_t next;
		if (is_space(peek(&typed, typed.at, &next))) {
			typed.at = next;
			continue;
		}
		struct query_term term = { .excluded = take_minus(&typed) };
		size_t end = length;
		if (is_quote(peek(&typed, typed.at, &next))) {
			end = find_end(&typed, next, true);
			/* A quote that is never closed means nothing. */
			term.quoted = end < length;
			typed.at = next;
		}
		if (!term.quoted)
			end = find_end(&typed, typed.at, false);
		add_term(ret_query, &typed, typed.at, end, term);
		typed.at = end;
		if (term.quoted)
			peek(&typed, end, &typed.at);
	}
}

bool query_finds(const struct query *query)
{
	for (size_t i = 0; i < query->term_count; i++) {
		if (!query->terms[i].excluded)
			return true;
	}
	return false;
}
