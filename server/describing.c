// SPDX-License-Identifier: MIT
/* The OpenAPI document without a server. */
#include <errno.h>
#include <string.h>

#include "server/openapi.h"
#include "server/reviewd.h"

enum reviewd_status reviewd_openapi(FILE *out, struct reviewd_error *ret_error)
{
	struct arena arena = { 0 };
	struct buffer document = { 0 };
	struct out writing;
	enum reviewd_status status = REVIEWD_OK;
	out_init(&writing, &document, true);
	openapi_write(&writing, &arena);
	buffer_append_char(&document, '\n');
	if (document.failed) {
		snprintf(ret_error->message, sizeof(ret_error->message), "out of memory");
		status = REVIEWD_INTERNAL;
	} else if (fwrite(document.data, 1, document.length, out) != document.length || fflush(out) != 0) {
		snprintf(ret_error->message, sizeof(ret_error->message), "cannot write: %s", strerror(errno));
		status = REVIEWD_IO;
	}
	buffer_deinit(&document);
	arena_deinit(&arena);
	return status;
}
