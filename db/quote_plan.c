// SPDX-License-Identifier: MIT
#include "db/quote_plan.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "db/fts.h"
#include "db/search_query.h"
#include "db/text/buffer.h"

#define BIT(condition) (1u << (condition))
#define BIT_OF_REVIEW(condition) BIT(QUOTE_BY_OF_REVIEW + (condition))

enum { TRAITS = BIT(QUOTE_BY_FORM) | BIT(QUOTE_BY_ATTRIBUTION) | BIT(QUOTE_BY_SPOILER) | BIT(QUOTE_BY_CODEPOINTS) };

static const struct {
	enum fragment_id where;
	unsigned needs;
} tests[QUOTE_BY_OF_REVIEW] = {
	[QUOTE_BY_REVIEW] = { FRAGMENT_QUOTE_WHERE_REVIEW, 0 },
	[QUOTE_BY_CHARACTER] = { FRAGMENT_QUOTE_WHERE_CHARACTER, NEEDS_QUOTE },
	[QUOTE_BY_PERSON] = { FRAGMENT_QUOTE_WHERE_PERSON, NEEDS_QUOTE },
	[QUOTE_BY_SPEAKER] = { FRAGMENT_QUOTE_WHERE_SPEAKER, NEEDS_QUOTE },
	[QUOTE_BY_ADDRESSEE] = { FRAGMENT_QUOTE_WHERE_ADDRESSEE, NEEDS_QUOTE },
	[QUOTE_BY_ABOUT] = { FRAGMENT_QUOTE_WHERE_ABOUT, NEEDS_QUOTE },
	[QUOTE_BY_WORK] = { FRAGMENT_QUOTE_WHERE_WORK, NEEDS_QUOTE },
	[QUOTE_BY_FORM] = { FRAGMENT_QUOTE_WHERE_FORM, NEEDS_QUOTE },
	[QUOTE_BY_ATTRIBUTION] = { FRAGMENT_QUOTE_WHERE_ATTRIBUTION, NEEDS_QUOTE },
	[QUOTE_BY_SPOILER] = { FRAGMENT_QUOTE_WHERE_SPOILER, NEEDS_QUOTE },
	[QUOTE_BY_CODEPOINTS] = { FRAGMENT_QUOTE_WHERE_CODEPOINTS, NEEDS_QUOTE },
};

static const struct {
	enum fragment_id from, is;
	unsigned has;
	uint32_t covers; /* conditions that need no test */
} sources[QUOTE_SOURCES] = {
	[FROM_REVIEW] = { FRAGMENT_QUOTE_FROM_QUOTES, FRAGMENT_QUOTE_IS_REVIEW, NEEDS_QUOTE, BIT(QUOTE_BY_REVIEW) },
	[FROM_CHARACTER] = { FRAGMENT_QUOTE_FROM_AGENT, FRAGMENT_QUOTE_IS_AGENT, 0, BIT(QUOTE_BY_CHARACTER) },
	[FROM_PERSON] = { FRAGMENT_QUOTE_FROM_AGENT, FRAGMENT_QUOTE_IS_AGENT, 0, BIT(QUOTE_BY_PERSON) },
	[FROM_SPEAKER] = { FRAGMENT_QUOTE_FROM_AGENT, FRAGMENT_QUOTE_IS_AGENT, 0, BIT(QUOTE_BY_SPEAKER) },
	[FROM_ADDRESSEE] = { FRAGMENT_QUOTE_FROM_AGENT, FRAGMENT_QUOTE_IS_AGENT, 0, BIT(QUOTE_BY_ADDRESSEE) },
	[FROM_ABOUT] = { FRAGMENT_QUOTE_FROM_AGENT, FRAGMENT_QUOTE_IS_AGENT, 0, BIT(QUOTE_BY_ABOUT) },
	[FROM_WORK] = { FRAGMENT_QUOTE_FROM_WORK, FRAGMENT_QUOTE_IS_WORK, NEEDS_QUOTE, BIT(QUOTE_BY_WORK) },
	[FROM_REVIEWER] = { FRAGMENT_QUOTE_FROM_REVIEWS_BY_REVIEWER, FRAGMENT_REVIEW_IS_REVIEWER,
		NEEDS_QUOTE | NEEDS_REVIEW, BIT_OF_REVIEW(REVIEW_BY_REVIEWER) },
	[FROM_UPDATED] = { FRAGMENT_QUOTE_FROM_REVIEWS_BY_UPDATED, FRAGMENT_REVIEW_IS_UPDATED,
		NEEDS_QUOTE | NEEDS_REVIEW, BIT_OF_REVIEW(REVIEW_BY_UPDATED) },
	[FROM_REVIEWS] = { FRAGMENT_QUOTE_FROM_REVIEWS, FRAGMENT_NONE, NEEDS_QUOTE | NEEDS_REVIEW, 0 },
	[FROM_ALIKE] = { FRAGMENT_QUOTE_FROM_REVIEWS, FRAGMENT_QUOTE_IN_ALIKE, NEEDS_QUOTE | NEEDS_REVIEW, 0 },
	[FROM_QUOTES] = { FRAGMENT_QUOTE_FROM_QUOTES, FRAGMENT_NONE, NEEDS_QUOTE, 0 },
	[FROM_CODEPOINTS] = { FRAGMENT_QUOTE_FROM_CODEPOINTS, FRAGMENT_QUOTE_IN_CODEPOINTS, 0,
		BIT(QUOTE_BY_CODEPOINTS) },
	[FROM_PUBLISHED] = { FRAGMENT_QUOTE_FROM_REVIEWS_BY_PUBLISHED, FRAGMENT_NONE, NEEDS_QUOTE | NEEDS_REVIEW, 0 },
	[FROM_ALL_UPDATED] = { FRAGMENT_QUOTE_FROM_REVIEWS_BY_UPDATED, FRAGMENT_NONE, NEEDS_QUOTE | NEEDS_REVIEW, 0 },
	[FROM_ALL_WORKS] = { FRAGMENT_QUOTE_FROM_WORK, FRAGMENT_NONE, NEEDS_QUOTE, 0 },
	[FROM_WORDS] = { FRAGMENT_QUOTE_FROM_WORDS, FRAGMENT_NONE, 0, BIT(QUOTE_BY_WORDS) },
	[FROM_ONE] = { FRAGMENT_QUOTE_FROM_QUOTES, FRAGMENT_QUOTE_IS_QUOTE, NEEDS_QUOTE, 0 },
	[FROM_SOME_AGENTS] = { FRAGMENT_QUOTE_FROM_AGENT, FRAGMENT_QUOTE_IN_AGENTS, 0, 0 },
	[FROM_SOME_REVIEWS] = { FRAGMENT_QUOTE_FROM_REVIEWS, FRAGMENT_QUOTE_IN_REVIEWS, NEEDS_QUOTE | NEEDS_REVIEW,
		BIT(QUOTE_BY_REVIEW) },
	[FROM_SOME_WORKS] = { FRAGMENT_QUOTE_FROM_WORK, FRAGMENT_QUOTE_IN_WORKS, NEEDS_QUOTE, BIT(QUOTE_BY_WORK) },
};

static int compare_ints(const void *first, const void *second)
{
	const int64_t *a = first, *b = second;
	return (*a > *b) - (*a < *b);
}

/* Two names may be those of one agent. */
static enum db_status each_once(const struct int_list *list, struct arena *arena, struct int_list *ret_list)
{
	struct int_list once = { .items = arena_array(arena, list->count, sizeof(*once.items)) };
	if (!once.items)
		return DB_NO_MEMORY;
	memcpy(once.items, list->items, list->count * sizeof(*once.items));
	qsort(once.items, list->count, sizeof(*once.items), compare_ints);
	for (size_t i = 0; i < list->count; i++) {
		if (!i || once.items[once.count - 1] != once.items[i])
			once.items[once.count++] = once.items[i];
	}
	*ret_list = once;
	return DB_OK;
}

static enum db_status plan_list(struct quote_plan *plan, enum quote_condition condition, const char *argument,
	const struct int_list *list, struct arena *arena)
{
	if (!list->count)
		return DB_OK;
	struct int_list once;
	enum db_status status = each_once(list, arena, &once);
	const char *json = status == DB_OK ? assembly_ints(once.items, once.count, arena) : NULL;
	if (!json)
		return DB_NO_MEMORY;
	plan->given |= BIT(condition);
	assembly_bind_text(&plan->bound, argument, json);
	if (plan->source != FROM_QUOTES)
		return DB_OK;
	plan->source = (enum quote_source)condition;
	plan->values = once;
	assembly_bind_text(&plan->bound, ":values", json);
	return DB_OK;
}

static enum db_status plan_lists(struct quote_plan *plan, const struct quote_filter *filter, struct arena *arena)
{
	/* The first one that is given is the source: a review has few quotes, and an agent mostly fewer than a work. */
	const struct {
		enum quote_condition condition;
		const char *argument;
		const struct int_list *list;
	} lists[] = {
		{ QUOTE_BY_REVIEW, ":review", &filter->reviews },
		{ QUOTE_BY_CHARACTER, ":character", &filter->characters },
		{ QUOTE_BY_PERSON, ":person", &filter->people },
		{ QUOTE_BY_SPEAKER, ":speaker", &filter->speakers },
		{ QUOTE_BY_ADDRESSEE, ":addressee", &filter->addressees },
		{ QUOTE_BY_ABOUT, ":about", &filter->about },
		{ QUOTE_BY_WORK, ":work", &filter->works },
	};
	enum db_status status = DB_OK;
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]) && status == DB_OK; i++)
		status = plan_list(plan, lists[i].condition, lists[i].argument, lists[i].list, arena);
	return status;
}

static void plan_traits(struct quote_plan *plan, const struct quote_filter *filter)
{
	const unsigned all_forms = BIT(QUOTE_FORMS) - 1, all_attributions = BIT(ATTRIBUTIONS) - 1;
	unsigned forms = filter->forms ? filter->forms : all_forms;
	unsigned attributions = filter->attributions ? filter->attributions : all_attributions;
	unsigned spoilers = !filter->spoiler_given ? 3 : filter->spoiler ? 2 : 1;
	plan->given |= filter->forms ? BIT(QUOTE_BY_FORM) : 0;
	plan->given |= filter->attributions ? BIT(QUOTE_BY_ATTRIBUTION) : 0;
	plan->given |= filter->spoiler_given ? BIT(QUOTE_BY_SPOILER) : 0;
	plan->given |= filter->codepoints_given ? BIT(QUOTE_BY_CODEPOINTS) : 0;
	assembly_bind_int(&plan->bound, ":forms", forms);
	assembly_bind_int(&plan->bound, ":attributions", attributions);
	assembly_bind_int(&plan->bound, ":spoilers", spoilers);
	assembly_bind_int(&plan->bound, ":min_codepoints", filter->codepoints_given ? filter->min_codepoints : 0);
	assembly_bind_int(
		&plan->bound, ":max_codepoints", filter->codepoints_given ? filter->max_codepoints : INT64_MAX);
}

/* One review is a range of numbers; several are tested, in the range of them all. */
static void plan_range(struct quote_plan *plan, const struct int_list *reviews)
{
	int64_t lowest = INT64_MAX, highest = 0;
	for (size_t i = 0; i < reviews->count; i++) {
		lowest = reviews->items[i] < lowest ? reviews->items[i] : lowest;
		highest = reviews->items[i] > highest ? reviews->items[i] : highest;
	}
	assembly_bind_int(&plan->bound, ":first", reviews->count ? lowest * ITEMS_PER_REVIEW : 0);
	assembly_bind_int(&plan->bound, ":until",
		reviews->count ? (highest + 1) * ITEMS_PER_REVIEW : search_rowid(SEARCH_AGENT, 0));
	if (reviews->count == 1)
		plan->given &= ~BIT(QUOTE_BY_REVIEW);
}

static void write_set(struct buffer *match, enum search_label label, unsigned set, int members)
{
	int64_t items[8];
	size_t count = 0;
	for (int i = 0; i < members; i++) {
		if (set & 1u << i)
			items[count++] = i;
	}
	search_write_labels(match, label, items, count);
}

/*
 * Words lead to the quotes, whatever else is asked for, and what labels stand for is asked of the index and no longer
 * tested: a common word does not lead to all its quotes first.
 */
static enum db_status plan_words(struct quote_plan *plan, const struct quote_filter *filter, struct arena *arena)
{
	const struct {
		enum search_label label;
		const struct int_list *list;
	} labels[] = {
		{ LABEL_SPEAKER, &filter->characters },
		{ LABEL_SPEAKER, &filter->people },
		{ LABEL_SPEAKER, &filter->speakers },
		{ LABEL_ADDRESSEE, &filter->addressees },
		{ LABEL_ABOUT, &filter->about },
		{ LABEL_WORK, &filter->works },
	};
	const uint32_t labelled = BIT(QUOTE_BY_CHARACTER) | BIT(QUOTE_BY_PERSON) | BIT(QUOTE_BY_SPEAKER) |
				  BIT(QUOTE_BY_ADDRESSEE) | BIT(QUOTE_BY_ABOUT) | BIT(QUOTE_BY_WORK) |
				  BIT(QUOTE_BY_FORM) | BIT(QUOTE_BY_ATTRIBUTION);
	plan->given &= ~labelled;
	const char *match = SEARCH_MATCH_NOTHING;
	if (filter->words->match) {
		struct buffer text = { 0 };
		if (search_write_quotes(&text, filter->words, &filter->review.languages))
			plan->given &= ~BIT_OF_REVIEW(REVIEW_BY_LANGUAGE);
		for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++)
			search_write_labels(&text, labels[i].label, labels[i].list->items, labels[i].list->count);
		write_set(&text, LABEL_FORM, filter->forms, QUOTE_FORMS);
		write_set(&text, LABEL_ATTRIBUTION, filter->attributions, ATTRIBUTIONS);
		match = text.failed ? NULL : arena_strndup(arena, text.data, text.length);
		buffer_deinit(&text);
	}
	if (!match)
		return DB_NO_MEMORY;
	assembly_bind_text(&plan->bound, ":match", match);
	plan->given |= BIT(QUOTE_BY_WORDS);
	plan->source = FROM_WORDS;
	plan->values = (struct int_list) { 0 };
	plan_range(plan, &filter->reviews);
	return DB_OK;
}

enum db_status quote_plan_make(
	struct db *db, const struct quote_filter *filter, struct arena *arena, struct quote_plan *ret_plan)
{
	struct quote_plan plan = { .source = FROM_QUOTES };
	unsigned of_review = 0;
	enum db_status status = plan_lists(&plan, filter, arena);
	plan_traits(&plan, filter);
	if (status == DB_OK)
		status = review_filter_bind(db, &filter->review, arena, &plan.bound, &of_review);
	plan.given |= of_review << QUOTE_BY_OF_REVIEW;
	if (plan.source == FROM_QUOTES && filter->review.reviewers.count == 1)
		plan.source = FROM_REVIEWER;
	if (status == DB_OK && filter->words)
		status = plan_words(&plan, filter, arena);
	assembly_bind_int(&plan.bound, ":role",
		plan.source == FROM_ABOUT       ? ROLE_ABOUT
		: plan.source == FROM_ADDRESSEE ? ROLE_ADDRESSEE
						: ROLE_SPEAKER);
	if (status == DB_OK)
		*ret_plan = plan;
	return status;
}

bool quote_plan_is_of_words(const struct quote_plan *plan)
{
	return plan->source == FROM_WORDS;
}

static bool is_of_agents(const struct quote_plan *plan)
{
	return plan->source >= FROM_CHARACTER && plan->source <= FROM_ABOUT;
}

bool quote_plan_repeats(const struct quote_plan *plan)
{
	return is_of_agents(plan) && plan->values.count > 1;
}

bool quote_plan_is_of_one_agent(const struct quote_plan *plan)
{
	return is_of_agents(plan) && plan->values.count == 1 && plan->given == BIT(plan->source);
}

bool quote_plan_is_on_reviews(const struct quote_plan *plan)
{
	return plan->given >> QUOTE_BY_OF_REVIEW != 0;
}

bool quote_plan_is_on_traits(const struct quote_plan *plan)
{
	return (plan->given & TRAITS) != 0;
}

enum quote_source quote_plan_scan(const struct quote_plan *plan)
{
	if (plan->source != FROM_QUOTES)
		return plan->source;
	if (plan->given & BIT_OF_REVIEW(REVIEW_BY_UPDATED))
		return FROM_UPDATED;
	if (quote_plan_is_on_reviews(plan))
		return FROM_REVIEWS;
	if (plan->given & BIT(QUOTE_BY_CODEPOINTS))
		return FROM_CODEPOINTS;
	return quote_plan_is_on_traits(plan) ? FROM_ALIKE : FROM_QUOTES;
}

bool quote_source_begins_with_reviews(enum quote_source source)
{
	return (sources[source].has & NEEDS_REVIEW) != 0;
}

static void add_tests(uint32_t tested, struct assembly *assembly)
{
	for (int c = 0; c < QUOTE_CONDITIONS; c++) {
		if (tested & BIT(c))
			assembly_add_condition(assembly, c < QUOTE_BY_OF_REVIEW
								 ? tests[c].where
								 : review_condition_fragments[c - QUOTE_BY_OF_REVIEW]);
	}
}

/* `covered`: the conditions that the source sees to. */
static void add(const struct quote_plan *plan, enum quote_source source, uint32_t covered, unsigned needs,
	enum fragment_id join, struct assembly *assembly)
{
	uint32_t tested = plan->given & ~covered;
	for (int c = 0; c < QUOTE_CONDITIONS; c++) {
		if (tested & BIT(c))
			needs |= c < QUOTE_BY_OF_REVIEW ? tests[c].needs : NEEDS_REVIEW;
	}
	needs &= ~sources[source].has;
	assembly_add(assembly, sources[source].from);
	enum fragment_id join_quote =
		source == FROM_CODEPOINTS ? FRAGMENT_QUOTE_JOIN_QUOTE_OF_LENGTH : FRAGMENT_QUOTE_JOIN_QUOTE;
	assembly_add(assembly, needs & NEEDS_QUOTE ? join_quote : FRAGMENT_NONE);
	assembly_add(assembly, needs & NEEDS_REVIEW ? FRAGMENT_QUOTE_JOIN_REVIEW : FRAGMENT_NONE);
	assembly_add(assembly, join);
	assembly_add_condition(assembly, sources[source].is);
	add_tests(tested, assembly);
}

void quote_plan_add(const struct quote_plan *plan, enum quote_source source, unsigned needs, enum fragment_id join,
	struct assembly *assembly)
{
	add(plan, source, sources[source].covers, needs, join, assembly);
}

void quote_plan_add_all(const struct quote_plan *plan, unsigned needs, enum fragment_id join, struct assembly *assembly)
{
	enum quote_source source = quote_plan_scan(plan);
	if (plan->values.count == 1)
		assembly_bind_int(assembly, ":value", plan->values.items[0]);
	if (plan->values.count > 1)
		source = is_of_agents(plan)            ? FROM_SOME_AGENTS
			 : plan->source == FROM_REVIEW ? FROM_SOME_REVIEWS
						       : FROM_SOME_WORKS;
	uint32_t covered = sources[source].covers | (source == FROM_SOME_AGENTS ? BIT(plan->source) : 0);
	add(plan, source, covered, needs, join, assembly);
}

bool quote_plan_is_summed(const struct quote_plan *plan, unsigned *needs)
{
	*needs |= quote_plan_is_on_reviews(plan) ? NEEDS_REVIEW : 0;
	*needs |= quote_plan_is_on_traits(plan) ? NEEDS_QUOTE : 0;
	return (plan->source == FROM_QUOTES || plan->source == FROM_REVIEWER) &&
	       !(plan->given & BIT(QUOTE_BY_CODEPOINTS));
}

void quote_plan_add_summed(const struct quote_plan *plan, unsigned needs, struct assembly *assembly)
{
	if (!(needs & NEEDS_REVIEW)) {
		assembly_add(assembly, FRAGMENT_QUOTE_FROM_ALIKE);
		add_tests(plan->given, assembly);
		return;
	}
	/* An index of reviews may lead to some of them. */
	enum quote_source source = quote_plan_scan(plan);
	bool narrow = source == FROM_REVIEWER || source == FROM_UPDATED;
	assembly_add(assembly, FRAGMENT_QUOTE_FROM_WHOLE_REVIEWS);
	assembly_add(assembly, needs & NEEDS_QUOTE ? FRAGMENT_QUOTE_JOIN_ALIKE : FRAGMENT_NONE);
	assembly_add_condition(assembly, narrow ? sources[source].is : FRAGMENT_NONE);
	add_tests(plan->given & ~(narrow ? sources[source].covers : 0), assembly);
}

void quote_plan_add_tests(const struct quote_plan *plan, struct assembly *assembly)
{
	add_tests(plan->given, assembly);
}
