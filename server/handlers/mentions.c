// SPDX-License-Identifier: MIT
#include "db/mentions.h"

#include "server/answer.h"
#include "server/cursor.h"
#include "server/handlers/filters.h"
#include "server/handlers/handlers.h"
#include "server/handlers/subjects.h"
#include "server/json/items_json.h"
#include "server/txt.h"

static enum db_status answer_list(struct request *request, struct response *response, const struct mention_query *query)
{
	struct mention_page page;
	struct answer answer;
	struct list_place place;
	const struct list_place *after;
	if (!cursor_read(request, response, CURSOR_BIT_ID, &place, &after))
		return DB_OK;
	enum db_status status = mention_list(request->db, query, after, answer_limit(request), request->arena, &page);
	if (status == DB_OK)
		status = mentions_convert(request->db, answer_offset_unit(request), page.items, page.count);
	if (status != DB_OK)
		return status;
	answer_list_begin(&answer, request, response);
	for (size_t i = 0; i < page.count; i++) {
		if (answer.txt)
			mention_txt_line(answer.txt, &page.items[i]);
		else
			mention_json(&answer.out, &page.items[i]);
	}
	answer_list_end(&answer, page.total, page.more && page.count ? &page.last : NULL);
	return DB_OK;
}

enum db_status handle_mention_list_by_agent(struct request *request, struct response *response)
{
	struct agent agent;
	enum db_status status = subject_agent(request, response, &agent);
	if (status != DB_OK || response->status)
		return status;
	struct mention_query query = { .agent_id = agent.ref.agent_id };
	struct filters filters = { request, response, DB_OK };
	filters_reviews(&filters, &query.reviews);
	filters_works(&filters, &query.works);
	filters_of_review(&filters, &query.filter);
	return filters_hold(&filters) ? answer_list(request, response, &query) : filters.status;
}

enum db_status handle_mention_list_by_review(struct request *request, struct response *response)
{
	struct review review;
	enum db_status status = subject_review(request, response, &review);
	if (status != DB_OK || response->status)
		return status;
	struct mention_query query = { .review_id = review.review_id };
	struct filters filters = { request, response, DB_OK };
	filters_works(&filters, &query.works);
	filters_characters(&filters, &query.characters);
	filters_people(&filters, &query.people);
	return filters_hold(&filters) ? answer_list(request, response, &query) : filters.status;
}
