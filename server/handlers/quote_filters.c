// SPDX-License-Identifier: MIT
#include "server/handlers/quote_filters.h"

#include <string.h>

#include "db/agents.h"
#include "db/reviews.h"
#include "db/store.h"
#include "db/text/language.h"
#include "db/works.h"
#include "server/answer.h"
#include "server/problem.h"

struct reading {
	struct request *request;
	struct response *response;
	enum param param;
};

static enum db_status add_number(struct reading *reading, struct int_list *list, int64_t number)
{
	int64_t *items = arena_push(reading->request->arena, list->items, list->count, sizeof(*items));
	if (!items)
		return DB_NO_MEMORY;
	list->items = items;
	items[list->count++] = number;
	return DB_OK;
}

/* A filter by what is not there would take nothing; more likely it is a typing error. */
static enum db_status answer_unknown(
	struct reading *reading, enum noun noun, int kind, const char *what, const char *value)
{
	struct request *request = reading->request;
	struct problem problem = { .code = "not-found", .parameter = param_specs[reading->param].name };
	enum db_status status = answer_nearest(request, noun, kind, value, &problem.nearest);
	problem.detail = arena_printf(request->arena, "there is no %s '%s'", what, value);
	if (status == DB_OK)
		problem_answer(request, reading->response, &problem);
	return status;
}

/* All agents of the kind (-1: any) that have this id, name or alias. */
static enum db_status read_agent(struct reading *reading, const char *value, int kind, struct int_list *list)
{
	struct request *request = reading->request;
	struct agent agent;
	struct agent_page page;
	size_t count = list->count;
	enum db_status status = agent_get(request->db, value, request->arena, &agent);
	if (status == DB_OK && (kind < 0 || (int)agent.ref.kind == kind))
		return add_number(reading, list, agent.ref.agent_id);
	if (status != DB_OK && status != DB_NOT_FOUND)
		return status;
	status = agent_by_name(request->db, value, request->arena, &page);
	for (size_t i = 0; status == DB_OK && i < page.count; i++) {
		if (kind < 0 || (int)page.items[i].ref.kind == kind)
			status = add_number(reading, list, page.items[i].ref.agent_id);
	}
	if (status == DB_OK && list->count == count)
		status = answer_unknown(reading, NOUN_AGENT, kind, kind < 0 ? "agent" : agent_kind_names[kind], value);
	return status;
}

static enum db_status read_agents(
	struct request *request, struct response *response, enum param param, int kind, struct int_list *list)
{
	struct reading reading = { request, response, param };
	const struct param_values *values = &request->params.values[param];
	enum db_status status = DB_OK;
	for (size_t i = 0; i < values->count && status == DB_OK && !response->status; i++)
		status = read_agent(&reading, values->texts[i], kind, list);
	return status;
}

static enum db_status read_works(struct request *request, struct response *response, struct int_list *list)
{
	struct reading reading = { request, response, PARAM_WORK };
	const struct param_values *values = &request->params.values[PARAM_WORK];
	enum db_status status = DB_OK;
	for (size_t i = 0; i < values->count && status == DB_OK && !response->status; i++) {
		struct work work;
		status = work_get(request->db, values->texts[i], request->arena, &work);
		if (status == DB_OK)
			status = add_number(&reading, list, work.ref.work_id);
		else if (status == DB_NOT_FOUND)
			status = answer_unknown(&reading, NOUN_WORK, -1, "work", values->texts[i]);
	}
	return status;
}

static enum db_status read_reviews(struct request *request, struct response *response, struct int_list *list)
{
	struct reading reading = { request, response, PARAM_REVIEW };
	const struct param_values *values = &request->params.values[PARAM_REVIEW];
	enum db_status status = DB_OK;
	for (size_t i = 0; i < values->count && status == DB_OK && !response->status; i++) {
		struct review review;
		status = review_get(request->db, values->texts[i], request->arena, &review);
		if (status == DB_OK)
			status = add_number(&reading, list, review.review_id);
		else if (status == DB_NOT_FOUND)
			status = answer_unknown(&reading, NOUN_REVIEW, -1, "review", values->texts[i]);
	}
	return status;
}

static enum db_status read_languages(struct request *request, struct response *response, struct string_list *list)
{
	const struct param_values *values = &request->params.values[PARAM_LANGUAGE];
	list->items = arena_array(request->arena, values->count, sizeof(*list->items));
	if (!list->items)
		return DB_NO_MEMORY;
	for (size_t i = 0; i < values->count; i++) {
		struct buffer tag = { 0 };
		bool formed = language_canonical(&tag, values->texts[i], strlen(values->texts[i]));
		const char *kept = formed && !tag.failed ? arena_strdup(request->arena, tag.data) : NULL;
		bool failed = tag.failed || (formed && !kept);
		buffer_deinit(&tag);
		if (failed)
			return DB_NO_MEMORY;
		if (!formed) {
			problem_answer(request, response,
				&(struct problem) { .code = "invalid-parameter",
					.detail = arena_printf(request->arena,
						"'%s' is no language tag such as nl or nl-BE (BCP 47)",
						values->texts[i]),
					.parameter = "language" });
			return DB_OK;
		}
		list->items[list->count++] = kept;
	}
	return DB_OK;
}

/* The choices of these two are listed in the order of their enumerations. */
static void read_choices(const struct request *request, struct quote_filter *filter)
{
	const struct param_values *forms = &request->params.values[PARAM_FORM];
	const struct param_values *attributions = &request->params.values[PARAM_ATTRIBUTION];
	filter->forms = (struct int_list) { forms->numbers, forms->count };
	filter->attributions = (struct int_list) { attributions->numbers, attributions->count };
}

enum db_status quote_filters_read(struct request *request, struct response *response, struct quote_filter *filter)
{
	const struct {
		enum param param;
		int kind; /* -1: any */
		struct int_list *list;
	} agents[] = {
		{ PARAM_CHARACTER, AGENT_CHARACTER, &filter->characters },
		{ PARAM_PERSON, AGENT_PERSON, &filter->people },
		{ PARAM_SPEAKER, -1, &filter->speakers },
		{ PARAM_ADDRESSEE, -1, &filter->addressees },
		{ PARAM_ABOUT, -1, &filter->about },
	};
	enum db_status status = DB_OK;
	for (size_t i = 0; i < sizeof(agents) / sizeof(agents[0]) && status == DB_OK && !response->status; i++)
		status = read_agents(request, response, agents[i].param, agents[i].kind, agents[i].list);
	if (status == DB_OK && !response->status)
		status = read_works(request, response, &filter->works);
	if (status == DB_OK && !response->status)
		status = read_reviews(request, response, &filter->reviews);
	if (status == DB_OK && !response->status)
		status = read_languages(request, response, &filter->languages);
	read_choices(request, filter);
	return status;
}
