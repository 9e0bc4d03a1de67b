// SPDX-License-Identifier: MIT
#include "db/text/finder.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "db/text/buffer.h"
#include "db/text/utf8.h"

/*
 * The states near the root, where a text spends nearly all its time, have a full row of transitions, one column for
 * each class of bytes; the others keep their children only and fall back along the failure links. So speed is that
 * of a table and memory that of a trie: about 28 bytes for each state and at most this much for the rows.
 */
enum { ROWS_BYTES = 8 * 1024 * 1024, BYTE_VALUES = 256 };

/* Set in a transition whose target ends a name, itself or through a failure link. */
static const uint32_t ENDS_NAME = UINT32_C(1) << 31;

/* As added; the names stand one behind the other in finder.names. */
struct entry {
	size_t offset;
	uint32_t length;
	uint32_t owner;
};

/* Numbered level by level from the root, 0: the children of a state are neighbours, a failure link points back. */
struct state {
	uint32_t first_child;
	uint32_t failure;
	uint32_t output; /* the longest name that ends here: this state or one along the failure links; 0 for none */
	uint32_t depth;
	uint32_t first_owner;
	uint32_t owner_count; /* 0 unless a name ends in this state itself */
	uint16_t child_count;
	unsigned char byte;
};

/* The owners of matches outlive a rebuild, so each build adds a block. */
struct owners {
	struct owners *older;
	uint32_t at[];
};

struct finder {
	struct buffer names;
	struct entry *entries;
	size_t entry_count, entry_capacity;
	bool built;
	unsigned char classes[BYTE_VALUES]; /* 0 for bytes in no name */
	size_t class_count;
	struct state *states;
	uint32_t state_count;
	uint32_t *rows;
	uint32_t row_count;
	struct owners *owners;
};

/* The part of the sorted entries that begin with the bytes on the way to a state. */
struct range {
	size_t from, to;
};

static bool is_word_codepoint(uint32_t codepoint)
{
	if (codepoint < 0x80)
		return (codepoint >= '0' && codepoint <= '9') || (codepoint >= 'a' && codepoint <= 'z') ||
		       (codepoint >= 'A' && codepoint <= 'Z') || codepoint == '_';
	/* The categories are numbered in groups: letters, marks, digits (Nd) and letter numbers (Nl). */
	utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)codepoint);
	return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NL;
}

static bool has_letter_or_digit(const char *name, size_t length)
{
	for (size_t i = 0; i < length;) {
		uint32_t codepoint = utf8_next(name, length, &i);
		utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)codepoint);
		bool is_mark = category >= UTF8PROC_CATEGORY_MN && category <= UTF8PROC_CATEGORY_ME;
		if (codepoint != '_' && !is_mark && is_word_codepoint(codepoint))
			return true;
	}
	return false;
}

struct finder *finder_new(void)
{
	return calloc(1, sizeof(struct finder));
}

static void automaton_free(struct finder *finder)
{
	free(finder->states);
	free(finder->rows);
	finder->states = NULL;
	finder->rows = NULL;
	finder->built = false;
}

void finder_free(struct finder *finder)
{
	if (!finder)
		return;
	automaton_free(finder);
	while (finder->owners) {
		struct owners *owners = finder->owners;
		finder->owners = owners->older;
		free(owners);
	}
	buffer_deinit(&finder->names);
	free(finder->entries);
	free(finder);
}

bool finder_add(struct finder *finder, const char *name, size_t length, uint32_t owner)
{
	if (!has_letter_or_digit(name, length))
		return true;
	/* States are counted in 31 bits, and there are at most as many as bytes. */
	if (length >= ENDS_NAME - 1 - finder->names.length)
		return false;
	if (finder->entry_count == finder->entry_capacity) {
		size_t capacity = finder->entry_capacity ? finder->entry_capacity * 2 : 16;
		struct entry *entries = reallocarray(finder->entries, capacity, sizeof(*entries));
		if (!entries)
			return false;
		finder->entries = entries;
		finder->entry_capacity = capacity;
	}
	size_t offset = finder->names.length;
	buffer_append(&finder->names, name, length);
	if (finder->names.failed) {
		/* The content is as before, and a later, smaller name may fit. */
		finder->names.failed = false;
		return false;
	}
	finder->entries[finder->entry_count++] =
		(struct entry) { .offset = offset, .length = (uint32_t)length, .owner = owner };
	finder->built = false;
	return true;
}

static int compare_entries(const void *left, const void *right, void *context)
{
	const struct entry *a = left, *b = right;
	const char *names = context;
	uint32_t shorter = a->length < b->length ? a->length : b->length;
	int order = memcmp(names + a->offset, names + b->offset, shorter);
	if (order)
		return order;
	if (a->length != b->length)
		return a->length < b->length ? -1 : 1;
	return (a->owner > b->owner) - (a->owner < b->owner);
}

/* The root and, for each sorted name, what it does not share with the one before. */
static uint32_t count_states(const struct finder *finder)
{
	const char *names = finder->names.data;
	uint32_t count = 1;
	for (size_t i = 0; i < finder->entry_count; i++) {
		const struct entry *entry = &finder->entries[i];
		uint32_t shared = 0;
		if (i) {
			const struct entry *before = entry - 1;
			while (shared < entry->length && shared < before->length &&
				names[entry->offset + shared] == names[before->offset + shared])
				shared++;
		}
		count += entry->length - shared;
	}
	return count;
}

static void assign_classes(struct finder *finder)
{
	memset(finder->classes, 0, sizeof(finder->classes));
	for (size_t i = 0; i < finder->names.length; i++)
		finder->classes[(unsigned char)finder->names.data[i]] = 1;
	/* Valid UTF-8 leaves thirteen byte values unused, so the classes fit into a byte. */
	size_t count = 1;
	for (size_t byte = 0; byte < BYTE_VALUES; byte++) {
		if (finder->classes[byte])
			finder->classes[byte] = (unsigned char)count++;
	}
	finder->class_count = count;
}

/* The names that end in this state come first in its range; returns where the longer ones start. */
static size_t take_owners(const struct finder *finder, struct state *state, struct range range, struct owners *owners,
	uint32_t *owner_count)
{
	size_t i = range.from;
	state->first_owner = *owner_count;
	for (; i < range.to && finder->entries[i].length == state->depth; i++) {
		uint32_t owner = finder->entries[i].owner;
		if (*owner_count == state->first_owner || owners->at[*owner_count - 1] != owner)
			owners->at[(*owner_count)++] = owner;
	}
	state->owner_count = *owner_count - state->first_owner;
	return i;
}

static void build_trie(struct finder *finder, struct range *ranges, struct owners *owners)
{
	uint32_t owner_count = 0, next = 1;
	finder->states[0] = (struct state) { 0 };
	ranges[0] = (struct range) { 0, finder->entry_count };
	for (uint32_t s = 0; s < next; s++) {
		struct state *state = &finder->states[s];
		size_t i = take_owners(finder, state, ranges[s], owners, &owner_count);
		state->first_child = next;
		while (i < ranges[s].to) {
			const struct entry *entry = &finder->entries[i];
			char byte = finder->names.data[entry->offset + state->depth];
			ranges[next].from = i;
			while (i < ranges[s].to && finder->names.data[finder->entries[i].offset + state->depth] == byte)
				i++;
			ranges[next].to = i;
			finder->states[next++] =
				(struct state) { .depth = state->depth + 1, .byte = (unsigned char)byte };
			state->child_count++;
		}
	}
}

/* The child for this byte, 0 if there is none; the children are in the order of their bytes. */
static uint32_t child_of(const struct finder *finder, uint32_t s, unsigned char byte)
{
	uint32_t low = finder->states[s].first_child;
	uint32_t high = low + finder->states[s].child_count;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (finder->states[middle].byte == byte)
			return middle;
		if (finder->states[middle].byte < byte)
			low = middle + 1;
		else
			high = middle;
	}
	return 0;
}

static void link_failures(struct finder *finder)
{
	struct state *states = finder->states;
	for (uint32_t s = 0; s < finder->state_count; s++) {
		for (uint32_t c = 0; c < states[s].child_count; c++) {
			uint32_t child = states[s].first_child + c;
			uint32_t target = 0, at = s;
			while (at && !target) {
				at = states[at].failure;
				target = child_of(finder, at, states[child].byte);
			}
			states[child].failure = target;
			states[child].output = states[child].owner_count ? child : states[target].output;
		}
	}
}

static void fill_rows(struct finder *finder)
{
	size_t width = finder->class_count;
	memset(finder->rows, 0, width * sizeof(*finder->rows));
	for (uint32_t s = 0; s < finder->row_count; s++) {
		const struct state *state = &finder->states[s];
		uint32_t *row = finder->rows + s * width;
		if (s)
			memcpy(row, finder->rows + state->failure * width, width * sizeof(*row));
		for (uint32_t c = 0; c < state->child_count; c++) {
			uint32_t child = state->first_child + c;
			const struct state *target = &finder->states[child];
			row[finder->classes[target->byte]] = child | (target->output ? ENDS_NAME : 0);
		}
	}
}

static bool finder_build(struct finder *finder)
{
	automaton_free(finder);
	if (finder->entry_count)
		qsort_r(finder->entries, finder->entry_count, sizeof(*finder->entries), compare_entries,
			finder->names.data);
	assign_classes(finder);
	finder->state_count = count_states(finder);
	size_t rows = ROWS_BYTES / (finder->class_count * sizeof(*finder->rows));
	finder->row_count = rows < finder->state_count ? (uint32_t)rows : finder->state_count;

	struct range *ranges = calloc(finder->state_count, sizeof(*ranges));
	struct owners *owners = malloc(sizeof(*owners) + finder->entry_count * sizeof(owners->at[0]));
	finder->states = calloc(finder->state_count, sizeof(*finder->states));
	finder->rows = calloc(finder->row_count, finder->class_count * sizeof(*finder->rows));
	if (!ranges || !owners || !finder->states || !finder->rows) {
		free(ranges);
		free(owners);
		automaton_free(finder);
		return false;
	}
	build_trie(finder, ranges, owners);
	free(ranges);
	owners->older = finder->owners;
	finder->owners = owners;
	link_failures(finder);
	fill_rows(finder);
	finder->built = true;
	return true;
}

/* The next state, with ENDS_NAME if it ends a name. */
static uint32_t finder_step(const struct finder *finder, uint32_t s, unsigned char byte)
{
	while (s >= finder->row_count) {
		uint32_t child = child_of(finder, s, byte);
		if (child)
			return child | (finder->states[child].output ? ENDS_NAME : 0);
		s = finder->states[s].failure;
	}
	return finder->rows[s * finder->class_count + finder->classes[byte]];
}

/* A search between two matches; the candidate is the leftmost and then longest name so far. */
struct scan {
	const struct finder *finder;
	const char *text;
	size_t length;
	uint32_t found; /* the state of the candidate; 0 for none */
	size_t start;   /* of the candidate */
	size_t end;     /* of the candidate, with its genitive */
};

static bool word_follows(const struct scan *scan, size_t at)
{
	return at < scan->length && is_word_codepoint(utf8_next(scan->text, scan->length, &at));
}

static bool word_precedes(const struct scan *scan, size_t at)
{
	if (!at)
		return false;
	size_t before = utf8_backward(scan->text, at, 1);
	return is_word_codepoint(utf8_next(scan->text, at, &before));
}

/* Bytes of the apostrophe at this place, ' or U+2019; 0 if there is none. */
static size_t apostrophe_at(const struct scan *scan, size_t at)
{
	static const char CURLY[] = "\xE2\x80\x99";
	size_t curly = sizeof(CURLY) - 1;
	if (at < scan->length && scan->text[at] == '\'')
		return 1;
	if (scan->length - at >= curly && memcmp(scan->text + at, CURLY, curly) == 0)
		return curly;
	return 0;
}

/* Whether a name may end here, before a boundary or a genitive. */
static bool name_ends(const struct scan *scan, size_t end, size_t *ret_end)
{
	size_t apostrophe = apostrophe_at(scan, end);
	size_t behind = end + apostrophe;
	bool s_follows = behind < scan->length && scan->text[behind] == 's';
	if (s_follows && !word_follows(scan, behind + 1)) {
		*ret_end = behind + 1;
		return true;
	}
	char last = scan->text[end - 1];
	if (apostrophe && (last == 's' || last == 'x' || last == 'z') && !word_follows(scan, behind)) {
		*ret_end = behind;
		return true;
	}
	if (word_follows(scan, end))
		return false;
	*ret_end = end;
	return true;
}

/* Of the names that end at `end`, the longest that starts a word; it replaces a candidate that does not start earlier.
 */
static void scan_consider(struct scan *scan, uint32_t s, size_t end)
{
	const struct state *states = scan->finder->states;
	size_t genitive_end;
	if (!name_ends(scan, end, &genitive_end))
		return;
	for (s = states[s].output; s; s = states[states[s].failure].output) {
		size_t start = end - states[s].depth;
		if (scan->found && start > scan->start)
			return;
		if (word_precedes(scan, start))
			continue;
		scan->found = s;
		scan->start = start;
		scan->end = genitive_end;
		return;
	}
}

/* Looks for the next match from `from` on, where nothing of the text before is part of a name. */
static bool scan_next(struct scan *scan, size_t from)
{
	const struct finder *finder = scan->finder;
	uint32_t s = 0;
	scan->found = 0;
	for (size_t i = from; i < scan->length; i++) {
		uint32_t next = finder_step(finder, s, (unsigned char)scan->text[i]);
		s = next & ~ENDS_NAME;
		if (next & ENDS_NAME)
			scan_consider(scan, s, i + 1);
		/* What is still being read starts behind the candidate: nothing better can come. */
		if (scan->found && i + 1 - finder->states[s].depth > scan->start)
			break;
	}
	return scan->found != 0;
}

bool finder_run(struct finder *finder, const char *text, size_t length,
	bool (*found)(const struct finder_match *match, void *context), void *context)
{
	if (!finder->built && !finder_build(finder))
		return false;
	struct scan scan = { .finder = finder, .text = text, .length = length };
	/* Behind a match the text is read again from its end: at most the length of the longest name. */
	for (size_t from = 0; scan_next(&scan, from); from = scan.end) {
		const struct state *state = &finder->states[scan.found];
		struct finder_match match = {
			.start = scan.start,
			.end = scan.end,
			.owners = finder->owners->at + state->first_owner,
			.owner_count = state->owner_count,
		};
		if (!found(&match, context))
			return false;
	}
	return true;
}
