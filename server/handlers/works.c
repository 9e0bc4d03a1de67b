// SPDX-License-Identifier: MIT
#include "db/works.h"

#include "server/answer.h"
#include "server/cursor.h"
#include "server/handlers/filters.h"
#include "server/handlers/handlers.h"
#include "server/handlers/subjects.h"
#include "server/json/items_json.h"
#include "server/txt.h"

enum db_status handle_work_list(struct request *request, struct response *response)
{
	static const enum work_order orders[] = {
		[SORT_ID] = WORK_ID, [SORT_PUBLISHED] = WORK_PUBLISHED, [SORT_TITLE] = WORK_TITLE
	};
	struct work_query query = { 0 };
	struct work_page page;
	struct answer answer;
	struct list_place place;
	const struct list_place *after;
	bool descending;
	enum sort_key sort = param_sort(&request->params, SORT_ID, &descending);
	struct filters filters = { request, response, DB_OK };
	filters_characters(&filters, &query.characters);
	filters_people(&filters, &query.people);
	filters_reviews(&filters, &query.reviews);
	filters_languages(&filters, &query.languages);
	filters_published(&filters, &query.published_given, &query.published_from, &query.published_to);
	if (!filters_hold(&filters) || !cursor_read(request, response, cursor_keys(sort), &place, &after))
		return filters.status;
	enum db_status status = work_list(
		request->db, &query, orders[sort], descending, after, answer_limit(request), request->arena, &page);
	if (status != DB_OK)
		return status;
	answer_list_begin(&answer, request, response);
	for (size_t i = 0; i < page.count; i++) {
		if (answer.txt)
			name_txt_line(answer.txt, page.items[i].ref.slug, page.items[i].ref.title);
		else
			work_json(&answer.out, &page.items[i]);
	}
	answer_list_end(&answer, page.total, page.more && page.count ? &page.last : NULL);
	return DB_OK;
}

enum db_status handle_work_get(struct request *request, struct response *response)
{
	struct work work;
	enum db_status status = subject_work(request, response, &work);
	if (status != DB_OK || response->status)
		return status;
	struct answer answer;
	answer_begin(&answer, request, response);
	if (answer.txt)
		work_txt(answer.txt, &work);
	else
		work_json(&answer.out, &work);
	answer_end(&answer);
	return DB_OK;
}
