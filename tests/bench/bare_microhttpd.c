// SPDX-License-Identifier: MIT
/*
 * What libmicrohttpd costs by itself: one event loop that answers every request with one shared response of the
 * bytes in FILE: bare_microhttpd PORT FILE. Runs until it is killed.
 */
#include <err.h>
#include <microhttpd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { BODY_BYTES_MAX = 1 << 20, CONNECTION_BYTES = 8 * 1024, CONNECTIONS_MAX = 2000 };

static char body[BODY_BYTES_MAX];

static enum MHD_Result answer(void *context, struct MHD_Connection *connection, const char *url, const char *method,
	const char *version, const char *upload_data, size_t *upload_data_size, void **request_context)
{
	static int seen;
	(void)url;
	(void)method;
	(void)version;
	(void)upload_data;
	(void)upload_data_size;
	/* An answer in the first call, before the headers are done with, closes the connection. */
	if (!*request_context) {
		*request_context = &seen;
		return MHD_YES;
	}
	return MHD_queue_response(connection, MHD_HTTP_OK, context);
}

static struct MHD_Response *make_response(const char *path)
{
	FILE *file = fopen(path, "re");
	if (!file)
		err(1, "%s", path);
	size_t length = fread(body, 1, sizeof(body), file);
	fclose(file);
	struct MHD_Response *response = MHD_create_response_from_buffer(length, body, MHD_RESPMEM_PERSISTENT);
	if (!response || MHD_add_response_header(response, "Content-Type", "application/json") != MHD_YES ||
		MHD_add_response_header(response, "ETag", "\"1\"") != MHD_YES ||
		MHD_add_response_header(response, "Cache-Control", "public, max-age=0, must-revalidate") != MHD_YES)
		errx(1, "out of memory");
	return response;
}

int main(int argc, char **argv)
{
	if (argc != 3)
		errx(64, "usage: bare_microhttpd PORT FILE");
	struct MHD_Daemon *daemon = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_TURBO,
		(uint16_t)strtoul(argv[1], NULL, 10), NULL, NULL, answer, make_response(argv[2]),
		MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
		(size_t)CONNECTION_BYTES, MHD_OPTION_END);
	if (!daemon)
		err(1, "port %s", argv[1]);
	for (;;)
		pause();
}
