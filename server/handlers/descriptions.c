// SPDX-License-Identifier: MIT
/* What describes the service to programs and people. */
#include "server/answer.h"
#include "server/handlers/handlers.h"
#include "server/openapi.h"

enum db_status handle_openapi_get(struct request *request, struct response *response)
{
	struct answer answer;
	answer_begin(&answer, request, response);
	openapi_write(&answer.out, request->arena);
	answer_end(&answer);
	return DB_OK;
}
