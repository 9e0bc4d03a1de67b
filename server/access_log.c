// SPDX-License-Identifier: MIT
#include "server/access_log.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "db/log.h"
#include "db/text/utf8.h"
#include "server/json/out.h"
#include "server/routes.h"

/* In quotes, as Apache does it: what is no printable ASCII becomes \xHH. */
static void append_quoted(struct buffer *line, const char *text)
{
	buffer_append_char(line, '"');
	for (const char *c = text; *c; c++) {
		if (*c == '"' || *c == '\\')
			buffer_printf(line, "\\%c", *c);
		else if ((unsigned char)*c < ' ' || (unsigned char)*c >= 0x7f)
			buffer_printf(line, "\\x%02x", (unsigned char)*c);
		else
			buffer_append_char(line, *c);
	}
	buffer_append_char(line, '"');
}

static const char *or_dash(const char *text)
{
	return text && *text ? text : "-";
}

static void write_combined(struct buffer *line, const struct access *access, const struct timespec *now)
{
	static const char months[][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov",
		"Dec" };
	const struct request *request = access->request;
	struct tm tm;
	struct buffer first = { 0 };
	gmtime_r(&now->tv_sec, &tm);
	buffer_printf(&first, "%s %s %s", request->method, request->raw_target, request->version);
	buffer_printf(line, "%s - - [%02d/%s/%d:%02d:%02d:%02d +0000] ", or_dash(access->remote), tm.tm_mday,
		months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
	append_quoted(line, first.failed ? "-" : first.data);
	buffer_printf(line, " %u %zu ", access->status, access->bytes);
	append_quoted(line, or_dash(request->headers.referer));
	buffer_append_char(line, ' ');
	append_quoted(line, or_dash(request->headers.user_agent));
	buffer_printf(line, " %s %.6f", request->id, (double)access->nanoseconds / 1e9);
	buffer_deinit(&first);
}

/* JSON is UTF-8, whatever a client sends: a byte that is none becomes U+FFFD. */
static void field_of_client(struct out *out, const char *key, const char *text)
{
	struct buffer sound = { 0 };
	size_t length = text ? strlen(text) : 0;
	out_key(out, key);
	while (length) {
		size_t good = utf8_find_invalid(text, length);
		good = good < length ? good : length;
		buffer_append(&sound, text, good);
		if (good < length)
			buffer_append_string(&sound, "\xef\xbf\xbd");
		good += good < length;
		text += good;
		length -= good;
	}
	out_string(out, text ? sound.data ? sound.data : "" : NULL);
	out->buffer->failed |= sound.failed;
	buffer_deinit(&sound);
}

static void write_json(struct buffer *line, const struct access *access, const struct timespec *now)
{
	const struct request *request = access->request;
	char time[64];
	struct tm tm;
	struct out out;
	gmtime_r(&now->tv_sec, &tm);
	size_t length = strftime(time, sizeof(time), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(time + length, sizeof(time) - length, ".%03ldZ", now->tv_nsec / 1000000);
	out_init(&out, line, false);
	out_object_begin(&out);
	out_field_string(&out, "time", time);
	out_field_string(&out, "remote", access->remote);
	field_of_client(&out, "method", request->method);
	field_of_client(&out, "target", request->raw_target);
	out_field_string(&out, "version", request->version);
	out_field_string(&out, "route", request->route ? request->route->path : NULL);
	out_field_int(&out, "status", access->status);
	out_field_int(&out, "bytes", (int64_t)access->bytes);
	out_key(&out, "seconds");
	out_real(&out, (double)(access->nanoseconds / 1000) / 1e6);
	field_of_client(&out, "referer", request->headers.referer);
	field_of_client(&out, "user_agent", request->headers.user_agent);
	out_field_string(&out, "request_id", request->id);
	out_object_end(&out);
}

void access_log(enum reviewd_access_log format, const struct access *access)
{
	struct timespec now;
	struct buffer line = { 0 };
	clock_gettime(CLOCK_REALTIME, &now);
	if (format == REVIEWD_ACCESS_JSON)
		write_json(&line, access, &now);
	else
		write_combined(&line, access, &now);
	if (line.failed)
		log_line("out of memory: request %s is not in the access log", access->request->id);
	else
		log_record(line.data);
	buffer_deinit(&line);
}
