// SPDX-License-Identifier: MIT
#include "server/web/html.h"

#include <string.h>

static const char *entity(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

static void append_text(struct buffer *page, const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		const char *name = entity(text[i]);
		if (name)
			buffer_append_string(page, name);
		else
			buffer_append_char(page, text[i]);
	}
}

void html_text(struct buffer *page, const char *text)
{
	append_text(page, text, strlen(text));
}

/* A backtick without a partner is only a backtick. */
static void append_marked(struct buffer *page, const char *text, size_t length)
{
	const char *end = text + length;
	while (text < end) {
		const char *open = memchr(text, '`', (size_t)(end - text));
		const char *close = open ? memchr(open + 1, '`', (size_t)(end - open) - 1) : NULL;
		append_text(page, text, (size_t)((close ? open : end) - text));
		if (!close)
			return;
		buffer_append_string(page, "<code>");
		append_text(page, open + 1, (size_t)(close - open) - 1);
		buffer_append_string(page, "</code>");
		text = close + 1;
	}
}

void html_marked(struct buffer *page, const char *text)
{
	append_marked(page, text, strlen(text));
}

void html_paragraphs(struct buffer *page, const char *text)
{
	while (*text) {
		const char *end = strstr(text, "\n\n");
		size_t length = end ? (size_t)(end - text) : strlen(text);
		buffer_append_string(page, "<p>");
		append_marked(page, text, length);
		buffer_append_string(page, "</p>\n");
		text += length + (end ? 2 : 0);
	}
}
