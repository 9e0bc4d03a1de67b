// SPDX-License-Identifier: MIT
#include "db/mentions.h"

#include "server/answer.h"
#include "server/handlers/handlers.h"
#include "server/handlers/subjects.h"
#include "server/json/items_json.h"
#include "server/txt.h"

static enum db_status answer_page(struct request *request, struct response *response, const struct mention_page *page)
{
	struct answer answer;
	enum db_status status = mentions_convert(request->db, answer_offset_unit(request), page->items, page->count);
	if (status != DB_OK)
		return status;
	answer_list_begin(&answer, request, response);
	for (size_t i = 0; i < page->count; i++) {
		if (answer.txt)
			mention_txt_line(answer.txt, &page->items[i]);
		else
			mention_json(&answer.out, &page->items[i]);
	}
	int64_t last = page->count ? page->items[page->count - 1].mention_id : 0;
	answer_list_end(&answer, page->total, answer_next_number(request, response, page->more && page->count, last));
	return DB_OK;
}

enum db_status handle_mention_list_by_agent(struct request *request, struct response *response)
{
	struct agent agent;
	struct mention_page page;
	int64_t after;
	enum db_status status = subject_agent(request, response, &agent);
	if (status != DB_OK || response->status || !answer_after_number(request, response, 0, &after))
		return status;
	status = mention_list_by_agent(
		request->db, agent.ref.agent_id, after, answer_limit(request), request->arena, &page);
	return status == DB_OK ? answer_page(request, response, &page) : status;
}

enum db_status handle_mention_list_by_review(struct request *request, struct response *response)
{
	struct review review;
	struct mention_page page;
	int64_t after;
	enum db_status status = subject_review(request, response, &review);
	if (status != DB_OK || response->status || !answer_after_number(request, response, 0, &after))
		return status;
	status = mention_list_by_review(
		request->db, review.review_id, after, answer_limit(request), request->arena, &page);
	return status == DB_OK ? answer_page(request, response, &page) : status;
}
