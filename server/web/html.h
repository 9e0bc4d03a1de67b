// SPDX-License-Identifier: MIT
/* Words in a page of HTML. */
#pragma once

#include <stddef.h>

#include "db/text/buffer.h"

/* As they are, whatever is in them, between tags or in the quotes of an attribute. */
void html_text(struct buffer *page, const char *text);

/* The same, with what stands in `backticks` as code. */
void html_marked(struct buffer *page, const char *text);

/* The same, in a paragraph for each up to an empty line. */
void html_paragraphs(struct buffer *page, const char *text);
