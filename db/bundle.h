// SPDX-License-Identifier: MIT
/*
 * A bundle as plain data: one review with everything said about it.
 *
 * What the JSON reader makes, what the store takes and gives back, what the
 * JSON writer prints. All memory is in the arena of whoever made the bundle. A
 * struct bundle is always sound: every index is in range, every span lies in the
 * text on code point borders, every id is a slug and unique in its list.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SHA256_BYTES = 32, SHA256_HEX_LENGTH = 64 };

/* The longest text. */
enum { BUNDLE_TEXT_BYTES_MAX = 64 * 1024 * 1024 };

/* No reference: a review without a work, a quote whose work is unknown. */
#define BUNDLE_NONE SIZE_MAX

enum agent_kind { AGENT_CHARACTER, AGENT_PERSON, AGENT_ORGANISATION };
enum { AGENT_KINDS = 3 };

enum quote_form { FORM_DIRECT, FORM_INDIRECT, FORM_FREE_INDIRECT, FORM_REPORTED, FORM_PULL };
enum { QUOTE_FORMS = 5 };

enum attribution { ATTRIBUTION_STATED, ATTRIBUTION_INFERRED, ATTRIBUTION_DISPUTED, ATTRIBUTION_UNKNOWN };
enum { ATTRIBUTIONS = 4 };

/* A half-open span [start,end) in code points, and the same in bytes. */
struct span {
	uint32_t start, end;
	uint32_t byte_start, byte_end;
};

/* Borrowed strings and indexes with their number. */
struct string_list {
	const char **items;
	size_t count;
};

struct index_list {
	size_t *items;
	size_t count;
};

/* What a bundle says of an agent. NULL or not given: the store keeps what it has. */
struct bundle_agent {
	const char *slug;
	const char *name; /* NULL: not given */
	const char *description;
	struct string_list aliases; /* added to those the store has */
	struct string_list same_as;
	enum agent_kind kind;
	bool kind_given, description_given, same_as_given;
	bool declared; /* stands in "agents"; false: known only as a contributor */
	bool whole;    /* these are all aliases there are: others are taken away */
};

struct bundle_contributor {
	const char *role;
	size_t agent;     /* index into agents */
	size_t character; /* index into agents: whom an actor plays, or BUNDLE_NONE */
};

struct bundle_relation {
	const char *kind;
	const char *to; /* slug of a work that need not be in the store */
};

/* What a bundle says of a work. The *_given flags as above. */
struct bundle_work {
	const char *slug;
	const char *kind, *title, *language, *published, *description;
	struct bundle_contributor *contributors;
	size_t contributor_count;
	struct bundle_relation *relations;
	size_t relation_count;
	struct string_list same_as;
	bool kind_given, title_given, language_given, published_given, description_given;
	bool contributors_given, relations_given, same_as_given;
};

struct bundle_rating {
	double value, best, worst;
	bool given;
};

struct bundle_quote {
	const char *id; /* inside the bundle */
	enum quote_form form;
	enum attribution attribution;
	struct index_list speakers, addressees, about; /* agents */
	struct span *spans;
	size_t span_count; /* 1 or more */
	size_t work;       /* index into works, or BUNDLE_NONE */
	bool spoiler;
};

/* Agents, or a work: exactly one of the two is there. */
struct bundle_mention {
	struct span span;
	struct index_list agents;
	size_t work;
};

struct bundle {
	const char *slug;
	const char *title, *language, *reviewer, *published, *source, *licence; /* NULL: unknown */
	struct bundle_rating rating;
	const char *text; /* NUL-terminated for convenience; the NUL is not counted */
	size_t text_bytes, text_codepoints;
	char text_sha256[SHA256_HEX_LENGTH + 1]; /* lower-case hex */
	struct bundle_work *works;               /* the review's own work first, if it has one */
	size_t work_count;
	size_t work;                 /* 0, or BUNDLE_NONE */
	struct bundle_agent *agents; /* the declared ones first, in their order */
	size_t agent_count;
	struct bundle_quote *quotes;
	size_t quote_count;
	struct bundle_mention *mentions;
	size_t mention_count;
	const struct text_words *words; /* db/text/text_words.h of the text; NULL: nobody has looked for them */
	/* What bundle_digest() (db/review_digest.h) makes of the rest. */
	struct index_list review_agents;
	char digest[SHA256_HEX_LENGTH + 1];
};

/* The words used outside for the enumerations, in their order: "character", "free-indirect", "stated" … */
extern const char *const agent_kind_names[AGENT_KINDS];
extern const char *const quote_form_names[QUOTE_FORMS];
extern const char *const attribution_names[ATTRIBUTIONS];
