// SPDX-License-Identifier: MIT
#include "db/agents.h"

#include "server/answer.h"
#include "server/cursor.h"
#include "server/handlers/filters.h"
#include "server/handlers/handlers.h"
#include "server/handlers/subjects.h"
#include "server/json/items_json.h"
#include "server/routes.h"
#include "server/txt.h"

/* `query` has what the path asks for; the parameters add to it. */
static enum db_status answer_list(
	struct request *request, struct response *response, struct agent_query *query, enum sort_key otherwise)
{
	static const enum agent_order orders[] = {
		[SORT_ADDED] = AGENT_ADDED, [SORT_ID] = AGENT_ID, [SORT_NAME] = AGENT_NAME
	};
	struct agent_page page;
	struct answer answer;
	struct list_place place;
	const struct list_place *after;
	bool descending;
	enum sort_key sort = param_sort(&request->params, otherwise, &descending);
	struct filters filters = { request, response, DB_OK };
	query->kind = request->route->kind;
	filters_reviews(&filters, &query->reviews);
	filters_works(&filters, &query->works);
	/* They are added to a review, in its own order. */
	unsigned keys = sort == SORT_ADDED ? CURSOR_BIT_NUMBER : cursor_keys(sort);
	if (!filters_hold(&filters) || !cursor_read(request, response, keys, &place, &after))
		return filters.status;
	enum db_status status = agent_list(
		request->db, query, orders[sort], descending, after, answer_limit(request), request->arena, &page);
	if (status != DB_OK)
		return status;
	answer_list_begin(&answer, request, response);
	for (size_t i = 0; i < page.count; i++) {
		if (answer.txt)
			name_txt_line(answer.txt, page.items[i].ref.slug, page.items[i].ref.name);
		else
			agent_json(&answer.out, &page.items[i]);
	}
	answer_list_end(&answer, page.total, page.more && page.count ? &page.last : NULL);
	return DB_OK;
}

enum db_status handle_agent_list(struct request *request, struct response *response)
{
	struct agent_query query = { 0 };
	return answer_list(request, response, &query, SORT_ID);
}

enum db_status handle_agent_get(struct request *request, struct response *response)
{
	struct agent agent;
	enum db_status status = subject_agent(request, response, &agent);
	if (status == DB_OK && !response->status)
		status = agent_read_aliases(request->db, request->arena, &agent);
	if (status != DB_OK || response->status)
		return status;
	struct answer answer;
	answer_begin(&answer, request, response);
	if (answer.txt)
		agent_txt(answer.txt, &agent);
	else
		agent_json(&answer.out, &agent);
	answer_end(&answer);
	return DB_OK;
}

/* In the order of the bundle. */
enum db_status handle_agent_list_by_review(struct request *request, struct response *response)
{
	struct review review;
	enum db_status status = subject_review(request, response, &review);
	if (status != DB_OK || response->status)
		return status;
	struct agent_query query = { .reviews = { &review.review_id, 1 } };
	return answer_list(request, response, &query, SORT_ADDED);
}

enum db_status handle_agent_list_by_work(struct request *request, struct response *response)
{
	struct work work;
	enum db_status status = subject_work(request, response, &work);
	if (status != DB_OK || response->status)
		return status;
	struct agent_query query = { .works = { &work.ref.work_id, 1 } };
	return answer_list(request, response, &query, SORT_ID);
}
