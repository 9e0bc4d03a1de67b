// SPDX-License-Identifier: MIT
#include "server/handlers/subjects.h"

#include "server/answer.h"
#include "server/json/items_json.h"
#include "server/problem.h"
#include "server/routes.h"
#include "server/txt.h"

/* Several of that name: the reader chooses (RFC 9110, section 15.4.1). */
static void answer_choices(struct request *request, struct response *response, const struct agent *agents, size_t count)
{
	struct answer answer;
	answer_list_begin(&answer, request, response);
	response->status = 300;
	answer.shape = SHAPE_AGENT_LIST;
	for (size_t i = 0; i < count; i++) {
		if (answer.txt)
			name_txt_line(answer.txt, agents[i].ref.slug, agents[i].ref.name);
		else
			agent_json(&answer.out, &agents[i]);
	}
	answer_list_end(&answer, (int64_t)count, NULL);
	response_header(response, "Cache-Control", "public, max-age=0, must-revalidate");
}

/* The agent exists, but not here. */
static void answer_other_kind(struct request *request, struct response *response, const struct agent *agent)
{
	const char *path = agent_kind_paths[agent->ref.kind];
	problem_answer(request, response,
		&(struct problem) { .code = "not-found",
			.detail = arena_printf(request->arena, "'%s' is of the kind %s: see /v1/%s/%s", agent->ref.slug,
				agent_kind_names[agent->ref.kind], path, agent->ref.slug) });
}

static enum db_status find_by_name(struct request *request, struct response *response, bool *ret_answered)
{
	struct agent_page page;
	size_t count = 0;
	enum db_status status = agent_by_name(request->db, request->path_id, request->arena, &page);
	if (status != DB_OK)
		return status;
	for (size_t i = 0; i < page.count; i++) {
		if (page.items[i].ref.kind == request->route->kind)
			page.items[count++] = page.items[i];
	}
	/* The page of choices tells the aliases as well: they are how one knows who is who. */
	for (size_t i = 0; i < count && count > 1 && status == DB_OK; i++)
		status = agent_get(request->db, page.items[i].ref.slug, request->arena, &page.items[i]);
	*ret_answered = count > 0;
	if (count == 1)
		answer_redirect(request, response, 302, answer_address(request, page.items[0].ref.slug));
	else if (count > 1 && status == DB_OK)
		answer_choices(request, response, page.items, count);
	return status;
}

enum db_status subject_agent(struct request *request, struct response *response, struct agent *ret_agent)
{
	struct agent agent;
	bool answered = false;
	enum db_status found = agent_find(request->db, request->path_id, request->arena, &agent);
	if (found == DB_OK && agent.ref.kind == request->route->kind) {
		*ret_agent = agent;
		return DB_OK;
	}
	if (found != DB_OK && found != DB_NOT_FOUND)
		return found;
	enum db_status status = find_by_name(request, response, &answered);
	if (status != DB_OK || answered)
		return status;
	if (found == DB_NOT_FOUND)
		return answer_not_found(request, response, NOUN_AGENT, agent_kind_names[request->route->kind]);
	answer_other_kind(request, response, &agent);
	return DB_OK;
}

enum db_status subject_review(struct request *request, struct response *response, struct review *ret_review)
{
	enum db_status status = review_get(request->db, request->path_id, request->arena, ret_review);
	return status == DB_NOT_FOUND ? answer_not_found(request, response, NOUN_REVIEW, "review") : status;
}

enum db_status subject_work(struct request *request, struct response *response, struct work *ret_work)
{
	enum db_status status = work_get(request->db, request->path_id, request->arena, ret_work);
	return status == DB_NOT_FOUND ? answer_not_found(request, response, NOUN_WORK, "work") : status;
}
