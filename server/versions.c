// SPDX-License-Identifier: MIT
/* What this program is made of: the libraries that run, which need not be those it was built with. */
#include <jansson.h>
#include <pthread.h>
#include <stdio.h>
#include <utf8proc.h>
#include <zlib.h>

#include "db/db.h"
#include "server/http.h"
#include "server/reviewd.h"

const char *reviewd_version(void)
{
	return REVIEWD_VERSION;
}

static char lines[512];

static void write_lines(void)
{
	snprintf(lines, sizeof(lines),
		"reviewd %s\nlibmicrohttpd %s\njansson %s\nsqlite %s\nutf8proc %s\nunicode %s\nzlib %s\nstore schema "
		"%d\n",
		REVIEWD_VERSION, http_library_version(), jansson_version_str(), db_library_version(),
		utf8proc_version(), utf8proc_unicode_version(), zlibVersion(), db_schema_version());
}

const char *reviewd_versions(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, write_lines);
	return lines;
}
