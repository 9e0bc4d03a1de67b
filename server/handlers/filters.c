// SPDX-License-Identifier: MIT
#include "server/handlers/filters.h"

#include <string.h>

#include "db/store.h"
#include "db/text/date.h"
#include "db/text/key.h"
#include "db/text/language.h"
#include "db/text/time.h"
#include "server/answer.h"
#include "server/problem.h"

bool filters_hold(const struct filters *filters)
{
	return filters->status == DB_OK && !filters->response->status;
}

static const struct param_values *values_of(const struct filters *filters, enum param param)
{
	return &filters->request->params.values[param];
}

static enum db_status add_number(struct filters *filters, struct int_list *list, int64_t number)
{
	int64_t *items = arena_push(filters->request->arena, list->items, list->count, sizeof(*items));
	if (!items)
		return DB_NO_MEMORY;
	list->items = items;
	items[list->count++] = number;
	return DB_OK;
}

static enum db_status add_string(struct filters *filters, struct string_list *list, const char *string)
{
	const char **items = arena_push(filters->request->arena, list->items, list->count, sizeof(*items));
	if (!items || !string)
		return DB_NO_MEMORY;
	list->items = items;
	items[list->count++] = string;
	return DB_OK;
}

static void answer_unknown(struct filters *filters, enum param param, const char *what, const char *value,
	const struct string_list *nearest)
{
	problem_answer(filters->request, filters->response,
		&(struct problem) { .code = "not-found",
			.parameter = param_specs[param].name,
			.detail = arena_printf(filters->request->arena, "there is no %s '%s'", what, value),
			.nearest = *nearest });
}

/* Of agents those of one kind, or of any for -1. */
static enum db_status find_nearest(
	struct filters *filters, enum param param, enum noun noun, int kind, const char *what, const char *value)
{
	struct string_list nearest;
	enum db_status status = answer_nearest(filters->request, noun, kind, value, &nearest);
	if (status == DB_OK)
		answer_unknown(filters, param, what, value, &nearest);
	return status;
}

/* Adds all agents of the kind (-1: any) that have this id, name or alias. */
static enum db_status add_agents(struct filters *filters, int kind, const char *value, struct int_list *list)
{
	struct request *request = filters->request;
	struct agent agent;
	struct agent_page page;
	enum db_status status = agent_find(request->db, value, request->arena, &agent);
	if (status == DB_OK && (kind < 0 || (int)agent.ref.kind == kind))
		return add_number(filters, list, agent.ref.agent_id);
	if (status != DB_OK && status != DB_NOT_FOUND)
		return status;
	status = agent_by_name(request->db, value, request->arena, &page);
	for (size_t i = 0; status == DB_OK && i < page.count; i++) {
		if (kind < 0 || (int)page.items[i].ref.kind == kind)
			status = add_number(filters, list, page.items[i].ref.agent_id);
	}
	return status;
}

static enum db_status read_agent(
	struct filters *filters, enum param param, int kind, const char *value, struct int_list *list)
{
	size_t count = list->count;
	enum db_status status = add_agents(filters, kind, value, list);
	if (status == DB_OK && list->count == count)
		status = find_nearest(
			filters, param, NOUN_AGENT, kind, kind < 0 ? "agent" : agent_kind_names[kind], value);
	return status;
}

void filters_agents(struct filters *filters, enum param param, int kind, struct int_list *list)
{
	const struct param_values *values = values_of(filters, param);
	for (size_t i = 0; i < values->count && filters_hold(filters); i++)
		filters->status = read_agent(filters, param, kind, values->texts[i], list);
}

void filters_claimed(struct filters *filters, struct int_list *list)
{
	const struct param_values *values = values_of(filters, PARAM_SPEAKER);
	for (size_t i = 0; i < values->count && filters_hold(filters); i++)
		filters->status = add_agents(filters, -1, values->texts[i], list);
}

void filters_characters(struct filters *filters, struct int_list *list)
{
	filters_agents(filters, PARAM_CHARACTER, AGENT_CHARACTER, list);
}

void filters_people(struct filters *filters, struct int_list *list)
{
	filters_agents(filters, PARAM_PERSON, AGENT_PERSON, list);
}

void filters_works(struct filters *filters, struct int_list *list)
{
	const struct param_values *values = values_of(filters, PARAM_WORK);
	for (size_t i = 0; i < values->count && filters_hold(filters); i++) {
		struct work work;
		filters->status = work_get(filters->request->db, values->texts[i], filters->request->arena, &work);
		if (filters->status == DB_OK)
			filters->status = add_number(filters, list, work.ref.work_id);
		else if (filters->status == DB_NOT_FOUND)
			filters->status = find_nearest(filters, PARAM_WORK, NOUN_WORK, -1, "work", values->texts[i]);
	}
}

void filters_reviews(struct filters *filters, struct int_list *list)
{
	const struct param_values *values = values_of(filters, PARAM_REVIEW);
	for (size_t i = 0; i < values->count && filters_hold(filters); i++) {
		struct review review;
		filters->status = review_get(filters->request->db, values->texts[i], filters->request->arena, &review);
		if (filters->status == DB_OK)
			filters->status = add_number(filters, list, review.review_id);
		else if (filters->status == DB_NOT_FOUND)
			filters->status =
				find_nearest(filters, PARAM_REVIEW, NOUN_REVIEW, -1, "review", values->texts[i]);
	}
}

static void read_language(struct filters *filters, const char *value, struct string_list *list)
{
	struct request *request = filters->request;
	struct buffer tag = { 0 };
	bool formed = language_canonical(&tag, value, strlen(value));
	if (formed || tag.failed)
		filters->status = add_string(filters, list, tag.failed ? NULL : arena_strdup(request->arena, tag.data));
	else
		problem_answer(request, filters->response,
			&(struct problem) { .code = "invalid-parameter",
				.detail = arena_printf(
					request->arena, "'%s' is no language tag such as nl or nl-BE (BCP 47)", value),
				.parameter = "language" });
	buffer_deinit(&tag);
}

void filters_languages(struct filters *filters, struct string_list *list)
{
	const struct param_values *values = values_of(filters, PARAM_LANGUAGE);
	for (size_t i = 0; i < values->count && filters_hold(filters); i++)
		read_language(filters, values->texts[i], list);
}

/* The key of a name; NULL when memory runs out. */
static const char *key_of(struct filters *filters, const char *name)
{
	struct buffer key = { 0 };
	name_key(&key, name, strlen(name));
	const char *kept = key.failed ? NULL : arena_strdup(filters->request->arena, key.data ? key.data : "");
	buffer_deinit(&key);
	return kept;
}

static enum db_status read_reviewer(struct filters *filters, const char *value, struct string_list *list)
{
	struct string_list nearest;
	const char *key = key_of(filters, value);
	bool found;
	if (!key)
		return DB_NO_MEMORY;
	enum db_status status =
		store_find_reviewer(filters->request->db, key, filters->request->arena, &found, &nearest);
	if (status == DB_OK && found)
		return add_string(filters, list, key);
	if (status == DB_OK)
		answer_unknown(filters, PARAM_REVIEWER, "reviewer", value, &nearest);
	return status;
}

static void read_reviewers(struct filters *filters, struct string_list *list)
{
	const struct param_values *values = values_of(filters, PARAM_REVIEWER);
	for (size_t i = 0; i < values->count && filters_hold(filters); i++)
		filters->status = read_reviewer(filters, values->texts[i], list);
}

void filters_words(struct filters *filters, const struct search_query **ret_words)
{
	struct request *request = filters->request;
	const char *typed = param_text(&request->params, PARAM_Q);
	*ret_words = NULL;
	if (!typed || !filters_hold(filters))
		return;
	struct search_query *words = arena_alloc(request->arena, sizeof(*words));
	/* The first of the choices. */
	bool with_forms = param_number(&request->params, PARAM_MATCH, 0) == 0;
	filters->status =
		words ? search_query_make(request->db, typed, with_forms, request->arena, words) : DB_NO_MEMORY;
	*ret_words = words;
}

void filters_published(struct filters *filters, bool *given, int64_t *from, int64_t *to)
{
	const char *first = param_text(&filters->request->params, PARAM_PUBLISHED_FROM);
	const char *last = param_text(&filters->request->params, PARAM_PUBLISHED_TO);
	int64_t unused;
	*given = first || last;
	/* The parameters were read this way before; now the other end of each is of no interest. */
	if (!first || !edtf_parse(first, strlen(first), from, &unused))
		*from = INT64_MIN;
	if (!last || !edtf_parse(last, strlen(last), &unused, to))
		*to = INT64_MAX;
}

void filters_length(struct filters *filters, bool *given, int64_t *min, int64_t *max)
{
	const struct params *params = &filters->request->params;
	*given = values_of(filters, PARAM_MIN_LENGTH)->count || values_of(filters, PARAM_MAX_LENGTH)->count;
	*min = param_number(params, PARAM_MIN_LENGTH, 0);
	*max = param_number(params, PARAM_MAX_LENGTH, INT64_MAX);
}

void filters_of_review(struct filters *filters, struct review_filter *filter)
{
	const struct param_values *since = values_of(filters, PARAM_UPDATED_SINCE);
	filters_languages(filters, &filter->languages);
	read_reviewers(filters, &filter->reviewers);
	filters_published(filters, &filter->published_given, &filter->published_from, &filter->published_to);
	if (since->count && filters_hold(filters)) {
		char time[TIME_BYTES];
		time_format(since->numbers[0], time);
		filter->updated_since = arena_strdup(filters->request->arena, time);
		filters->status = filter->updated_since ? DB_OK : DB_NO_MEMORY;
	}
}

void filters_of_quote(struct filters *filters, struct quote_filter *filter)
{
	const struct params *params = &filters->request->params;
	filters_characters(filters, &filter->characters);
	filters_people(filters, &filter->people);
	filters_agents(filters, PARAM_SPEAKER, -1, &filter->speakers);
	filters_agents(filters, PARAM_ADDRESSEE, -1, &filter->addressees);
	filters_agents(filters, PARAM_ABOUT, -1, &filter->about);
	filters_works(filters, &filter->works);
	filters_reviews(filters, &filter->reviews);
	filters_length(filters, &filter->codepoints_given, &filter->min_codepoints, &filter->max_codepoints);
	filters_of_review(filters, &filter->review);
	filters_words(filters, &filter->words);
	/* The choices of these two are listed in the order of their enumerations. */
	filter->forms = param_choices(params, PARAM_FORM);
	filter->attributions = param_choices(params, PARAM_ATTRIBUTION);
	filter->spoiler_given = values_of(filters, PARAM_SPOILER)->count > 0;
	filter->spoiler = param_number(params, PARAM_SPOILER, 0) != 0;
}
