// SPDX-License-Identifier: MIT
/*
 * What the files of the bundle reader share; nobody else includes this.
 *
 * A reader goes on behind a problem, so that all of them are told. What could
 * not be read is then NULL, 0 or left out, and the bundle is thrown away in the
 * end. Running out of memory is noted in the reading and looked at there, too.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "db/bundle.h"
#include "db/text/anchor.h"
#include "db/text/buffer.h"
#include "db/text/nearest.h"
#include "server/json/bundle_read.h"
#include "server/json/string_index.h"

struct bundle_reading {
	struct arena *arena;
	struct bundle *bundle;
	struct bundle_problem *problems;
	size_t problem_count;
	bool no_memory;
	const char *own_id;      /* the document's, from its place; NULL: it has to say it itself */
	bool whole;              /* one agent or work; what GET answers is taken */
	const char *lifted_text; /* what stands for the text in the document, which is long; NULL: nothing does */
	size_t lifted_bytes;
	bool text_known;                           /* bundle->text and map are there */
	struct text_map map;                       /* of bundle->text */
	size_t declared;                           /* agents that stand in "agents": the first ones */
	struct string_index agents, works, quotes; /* from id to index */
	size_t *agent_stamp;                       /* by agent: the last list of agents it stood in */
	size_t lists;                              /* of agents so far */
	struct buffer words;                       /* for whoever needs one for a moment */
	size_t offers;                             /* names compared for "did you mean" */
};

/* Where in the document: a chain on the stack, made to a JSON pointer only when a problem is told. */
struct place {
	const struct place *parent; /* NULL: the document */
	const char *key;            /* NULL: item `index` of an array */
	size_t index;
};

struct place place_key(const struct place *parent, const char *key);
struct place place_item(const struct place *parent, size_t index);

void problem(struct bundle_reading *reading, const struct place *place, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* "a string is wanted, this is a number"; `wanted` as in "a string". */
void wrong_type(struct bundle_reading *reading, const struct place *place, const char *wanted, const json_t *value);
/* A problem at the field `key` of `parent`. */
void field_problem(struct bundle_reading *reading, const struct place *parent, const char *key, const char *reason);
/* At most 40 code points of a string, then `…`; for problems. */
const char *shown(struct bundle_reading *reading, const char *string, size_t length);

/* "Did you mean": offer candidates, then take the words for the end of a reason, which may be "". */
void offer(struct bundle_reading *reading, struct nearest *nearest, const char *candidate);
void offer_agents(struct bundle_reading *reading, struct nearest *nearest);
void offer_works(struct bundle_reading *reading, struct nearest *nearest);
const char *did_you_mean(struct bundle_reading *reading, const struct nearest *nearest);

/* There and not null. */
bool is_given(const json_t *value);

/*
 * Sorts the fields of an object into `ret_values` by their position in `names`; those that are missing become NULL,
 * those that nobody knows become problems. False, with a problem, when it is no object.
 */
bool read_fields(struct bundle_reading *reading, const struct place *place, json_t *object, const char *const *names,
	size_t count, json_t **ret_values);

/* True when it is given and an array; a problem when it is given and something else. */
bool read_array(struct bundle_reading *reading, const struct place *place, json_t *value);

/* Copies in the arena; NULL when not given or after a problem. A string is never empty. */
const char *read_string(struct bundle_reading *reading, const struct place *parent, const char *key, json_t *value);
const char *read_string_at(struct bundle_reading *reading, const struct place *place, json_t *value);
const char *read_slug(struct bundle_reading *reading, const struct place *parent, const char *key, json_t *value);
const char *read_slug_at(struct bundle_reading *reading, const struct place *place, json_t *value);
/* The id of the document itself, from `value` or from its place. */
const char *read_own_id(struct bundle_reading *reading, const struct place *root, json_t *value);
/* A slug without capital letters, as `part_of`. */
const char *read_word(struct bundle_reading *reading, const struct place *parent, const char *key, json_t *value);
const char *read_language(struct bundle_reading *reading, const struct place *parent, const char *key, json_t *value);
const char *read_date(struct bundle_reading *reading, const struct place *parent, const char *key, json_t *value);
/* The id in `value`; or, when it is not given, one made from `name`; NULL when there is neither, without a problem. */
const char *read_id(struct bundle_reading *reading, const struct place *parent, json_t *value, const char *name);
/* The position of a given word in `names`, `otherwise` when not given or after a problem. */
size_t read_choice(struct bundle_reading *reading, const struct place *parent, const char *key, json_t *value,
	const char *const *names, size_t count, size_t otherwise);
/* Strings, each once; `urls`: http and https URLs. */
struct string_list read_strings(
	struct bundle_reading *reading, const struct place *parent, const char *key, json_t *value, bool urls);

/* Lists of agents of the bundle, each once. */
struct index_list read_agent_list(
	struct bundle_reading *reading, const struct place *parent, const char *key, json_t *value);

/* Both note when memory runs out. */
void *reading_array(struct bundle_reading *reading, size_t count, size_t size);
const char *keep(struct bundle_reading *reading, const char *string, size_t length);
/* The index of the agent, BUNDLE_NONE when memory ran out. Its slug is new. */
size_t add_agent(struct bundle_reading *reading, const struct bundle_agent *agent);
/* Enters an id; false when it is known already or memory ran out. */
bool enter_id(struct bundle_reading *reading, struct string_index *index, const char *id, size_t number);

/* The words that say or prove where a span is; each NULL, a string, or an array of strings. */
struct span_words {
	json_t *exact, *prefix, *suffix;
};

/* One [start,end]. False after a problem. */
bool read_span(struct bundle_reading *reading, const struct place *place, json_t *pair, struct span *ret_span);
/* Whether the words stand where the spans say; the problems name the fields below `parent`. */
bool check_words(struct bundle_reading *reading, const struct place *parent, const struct span_words *words,
	const struct span *spans, size_t count);
/* Spans from the words alone; at most `max` of them. False after a problem. */
bool find_words(struct bundle_reading *reading, const struct place *parent, const struct span_words *words, size_t max,
	struct span **ret_spans, size_t *ret_count);

/* The parts of the document, in the order in which they need each other; `root` is the document's place. */
void read_agents(struct bundle_reading *reading, const struct place *root, json_t *value);
void read_works(struct bundle_reading *reading, const struct place *root, json_t *work, json_t *works);
void read_quotes(struct bundle_reading *reading, const struct place *root, json_t *value);
void read_mentions(struct bundle_reading *reading, const struct place *root, json_t *value);

/* A document that is one agent, or one work, told whole. */
void read_whole_agent(struct bundle_reading *reading, const struct place *root, json_t *document);
void read_whole_work(struct bundle_reading *reading, const struct place *root, json_t *document);
