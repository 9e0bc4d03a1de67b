// SPDX-License-Identifier: MIT
#include "db/agents.h"

#include "server/answer.h"
#include "server/handlers/handlers.h"
#include "server/handlers/subjects.h"
#include "server/json/items_json.h"
#include "server/routes.h"
#include "server/txt.h"

static void answer_page(
	struct request *request, struct response *response, const struct agent_page *page, const char *next)
{
	struct answer answer;
	answer_list_begin(&answer, request, response);
	for (size_t i = 0; i < page->count; i++) {
		if (answer.txt)
			name_txt_line(answer.txt, page->items[i].ref.slug, page->items[i].ref.name);
		else
			agent_json(&answer.out, &page->items[i]);
	}
	answer_list_end(&answer, page->total, next);
}

static const char *last_slug(const struct agent_page *page)
{
	return page->more && page->count ? page->items[page->count - 1].ref.slug : NULL;
}

enum db_status handle_agent_list(struct request *request, struct response *response)
{
	const char *after;
	struct agent_page page;
	if (!answer_after(request, response, &after))
		return DB_OK;
	enum db_status status = agent_list(
		request->db, request->route->kind, after ? after : "", answer_limit(request), request->arena, &page);
	if (status == DB_OK)
		answer_page(request, response, &page, last_slug(&page));
	return status;
}

enum db_status handle_agent_get(struct request *request, struct response *response)
{
	struct agent agent;
	enum db_status status = subject_agent(request, response, &agent);
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

enum db_status handle_agent_list_by_review(struct request *request, struct response *response)
{
	struct review review;
	struct agent_page page;
	int64_t after;
	enum db_status status = subject_review(request, response, &review);
	if (status != DB_OK || response->status || !answer_after_number(request, response, -1, &after))
		return status;
	status = agent_list_by_review(request->db, review.review_id, request->route->kind, after, answer_limit(request),
		request->arena, &page);
	if (status == DB_OK)
		answer_page(request, response, &page,
			answer_next_number(request, response, page.more && page.count, page.last));
	return status;
}

enum db_status handle_agent_list_by_work(struct request *request, struct response *response)
{
	struct work work;
	struct agent_page page;
	const char *after;
	enum db_status status = subject_work(request, response, &work);
	if (status != DB_OK || response->status || !answer_after(request, response, &after))
		return status;
	status = agent_list_by_work(request->db, work.ref.work_id, request->route->kind, after ? after : "",
		answer_limit(request), request->arena, &page);
	if (status == DB_OK)
		answer_page(request, response, &page, last_slug(&page));
	return status;
}
