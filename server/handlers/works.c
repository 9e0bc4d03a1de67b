// SPDX-License-Identifier: MIT
#include "db/works.h"

#include "server/answer.h"
#include "server/handlers/handlers.h"
#include "server/handlers/subjects.h"
#include "server/json/items_json.h"
#include "server/txt.h"

enum db_status handle_work_list(struct request *request, struct response *response)
{
	const char *after;
	struct work_page page;
	struct answer answer;
	if (!answer_after(request, response, &after))
		return DB_OK;
	enum db_status status =
		work_list(request->db, after ? after : "", answer_limit(request), request->arena, &page);
	if (status != DB_OK)
		return status;
	answer_list_begin(&answer, request, response);
	for (size_t i = 0; i < page.count; i++) {
		if (answer.txt)
			name_txt_line(answer.txt, page.items[i].ref.slug, page.items[i].ref.title);
		else
			work_json(&answer.out, &page.items[i]);
	}
	answer_list_end(&answer, page.total, page.more && page.count ? page.items[page.count - 1].ref.slug : NULL);
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
