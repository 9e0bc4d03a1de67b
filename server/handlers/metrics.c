// SPDX-License-Identifier: MIT
#include "server/metrics.h"

#include "server/answer.h"
#include "server/handlers/handlers.h"

enum db_status handle_metrics_get(struct request *request, struct response *response)
{
	struct answer answer;
	answer_begin(&answer, request, response);
	return metrics_write(request->metrics, request->db, request->arena, &response->body);
}
