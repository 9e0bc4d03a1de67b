// SPDX-License-Identifier: MIT
/* What describes the service to programs and people. */
#include "server/answer.h"
#include "server/handlers/handlers.h"
#include "server/openapi.h"
#include "server/web/docs.h"

enum db_status handle_openapi_get(struct request *request, struct response *response)
{
	struct answer answer;
	answer_begin(&answer, request, response);
	openapi_write(&answer.out, request->arena);
	answer_end(&answer);
	return DB_OK;
}

enum db_status handle_docs_get(struct request *request, struct response *response)
{
	struct answer answer;
	answer_begin(&answer, request, response);
	response_header(response, "Content-Security-Policy", docs_policy(request->arena));
	docs_write(&response->body, request->headers.host, request->arena);
	return DB_OK;
}

static void write_links(struct out *out, const char *relation, const char *address, const char *type)
{
	out_key(out, relation);
	out_array_begin(out);
	out_object_begin(out);
	out_field_string(out, "href", address);
	if (type)
		out_field_string(out, "type", type);
	out_object_end(out);
	out_array_end(out);
}

enum db_status handle_catalog_get(struct request *request, struct response *response)
{
	struct answer answer;
	answer_begin(&answer, request, response);
	response_header(response, "Link", "</v1>; rel=\"item\", </.well-known/api-catalog>; rel=\"api-catalog\"");
	struct out *out = &answer.out;
	out_object_begin(out);
	out_key(out, "linkset");
	out_array_begin(out);
	out_object_begin(out);
	out_field_string(out, "anchor", "/.well-known/api-catalog");
	write_links(out, "item", "/v1", NULL);
	out_object_end(out);
	out_object_begin(out);
	out_field_string(out, "anchor", "/v1");
	write_links(out, "service-desc", "/openapi.json", "application/json");
	write_links(out, "service-doc", "/docs", "text/html");
	write_links(out, "status", "/readyz", "application/json");
	out_object_end(out);
	out_array_end(out);
	out_object_end(out);
	answer_end(&answer);
	return DB_OK;
}
