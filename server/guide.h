// SPDX-License-Identifier: MIT
/* What holds for all paths, in words for people: once for the page of documentation and for the OpenAPI document. */
#pragma once

#include <stddef.h>

#include "server/routes.h"

/* Text with `code` in backticks, and an empty line between paragraphs. */
struct guide_section {
	const char *title, *text;
};

extern const char guide_summary[];
extern const struct guide_section guide_sections[];
extern const size_t guide_section_count;

/* What paths are about; the order is that in which they are told. */
struct guide_topic {
	const char *name, *about;
};

extern const struct guide_topic guide_topics[];
extern const size_t guide_topic_count;

const struct guide_topic *guide_topic_of(const struct route *route);
