// SPDX-License-Identifier: MIT
#include "server/response.h"

#include <assert.h>
#include <strings.h>

static void close_source(struct response *response)
{
	if (response->source)
		response->source->close(response->source);
	response->source = NULL;
	response->has_no_length = false;
}

void response_deinit(struct response *response)
{
	close_source(response);
	buffer_deinit(&response->body);
}

void response_clear(struct response *response)
{
	close_source(response);
	buffer_clear(&response->body);
	response->status = 0;
	response->header_count = 0;
	response->no_memory = false;
}

void response_header(struct response *response, const char *name, const char *value)
{
	assert(response->header_count < RESPONSE_HEADERS_MAX && !response_find(response, name));
	if (value)
		response->headers[response->header_count++] = (struct response_header) { name, value };
	else
		response->no_memory = true;
}

const char *response_find(const struct response *response, const char *name)
{
	for (size_t i = 0; i < response->header_count; i++) {
		if (!strcasecmp(response->headers[i].name, name))
			return response->headers[i].value;
	}
	return NULL;
}

bool response_is_whole(const struct response *response)
{
	return response->status && !response->no_memory && !response->body.failed;
}
