// SPDX-License-Identifier: MIT
#include "server/guard.h"

#include <microhttpd.h>
#include <string.h>
#include <strings.h>

struct guarding {
	struct arena *arena;
	struct request_headers *headers;
	unsigned hosts, lengths, codings;
	bool chunked; /* the last transfer coding is exactly that */
	bool no_memory;
	const char *reason;
};

static bool is_token(const char *name, size_t length)
{
	static const char token_marks[] = "!#$%&'*+-.^_`|~";
	for (size_t i = 0; i < length; i++) {
		char c = name[i];
		bool alphanumeric = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
		if (!alphanumeric && (!c || !strchr(token_marks, c)))
			return false;
	}
	return length > 0;
}

static bool is_value(const char *value, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)value[i];
		if ((c < ' ' && c != '\t') || c == 0x7f)
			return false;
	}
	return true;
}

/* The characters of a host and port (RFC 3986, section 3.2.2); an empty one is sound. */
static bool is_host(const char *value)
{
	static const char marks[] = "-._~%!$&'()*+,;=:[]";
	for (const char *c = value; *c; c++) {
		bool alphanumeric = (*c >= '0' && *c <= '9') || (*c >= 'A' && *c <= 'Z') || (*c >= 'a' && *c <= 'z');
		if (!alphanumeric && !strchr(marks, *c))
			return false;
	}
	return true;
}

/* Repeated list headers are one list (RFC 9110, section 5.3). A single one is the library's until the request ends. */
static void collect(struct guarding *guarding, const char **kept, const char *value)
{
	*kept = *kept ? arena_printf(guarding->arena, "%s, %s", *kept, value) : value;
	guarding->no_memory |= !*kept;
}

static void note_header(struct guarding *guarding, const char *name, const char *value)
{
	struct request_headers *headers = guarding->headers;
	const struct {
		const char *name;
		const char **kept;
	} wanted[] = {
		{ "Accept", &headers->accept },
		{ "Accept-Encoding", &headers->accept_encoding },
		{ "Authorization", &headers->authorization },
		{ "Content-Encoding", &headers->content_encoding },
		{ "Content-Length", &headers->content_length },
		{ "Content-Type", &headers->content_type },
		{ "Host", &headers->host },
		{ "Idempotency-Key", &headers->idempotency_key },
		{ "If-Match", &headers->if_match },
		{ "If-None-Match", &headers->if_none_match },
		{ "If-Range", &headers->if_range },
		{ "Range", &headers->range },
		{ "Referer", &headers->referer },
		{ "User-Agent", &headers->user_agent },
	};
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		if (!strcasecmp(name, wanted[i].name))
			collect(guarding, wanted[i].kept, value);
	}
	if (!strcasecmp(name, "Host")) {
		guarding->hosts++;
		if (!is_host(value))
			guarding->reason = "Host is no host";
	}
	guarding->lengths += !strcasecmp(name, "Content-Length");
	if (!strcasecmp(name, "Transfer-Encoding")) {
		guarding->codings++;
		guarding->chunked = !strcasecmp(value, "chunked");
	}
	headers->expects |= !strcasecmp(name, "Expect");
}

static enum MHD_Result see_header(void *context, enum MHD_ValueKind kind, const char *name, size_t name_length,
	const char *value, size_t value_length)
{
	struct guarding *guarding = context;
	(void)kind;
	if (!is_token(name, name_length))
		guarding->reason = "the name of a header is no token";
	else if (!is_value(value ? value : "", value_length))
		guarding->reason = "the value of a header has a control character";
	else
		note_header(guarding, name, value ? value : "");
	return guarding->reason || guarding->no_memory ? MHD_NO : MHD_YES;
}

/* What only shows when all headers have been seen. */
static const char *find_contradiction(const struct guarding *guarding, bool is_1_1)
{
	if (guarding->hosts > 1)
		return "there is more than one Host";
	if (is_1_1 && !guarding->hosts)
		return "HTTP/1.1 wants a Host";
	if (guarding->lengths > 1)
		return "there is more than one Content-Length";
	if (guarding->codings && guarding->lengths)
		return "there are both Content-Length and Transfer-Encoding";
	if (guarding->codings && (guarding->codings > 1 || !guarding->chunked || !is_1_1))
		return "the only Transfer-Encoding known is chunked, in HTTP/1.1";
	return NULL;
}

bool guard_headers(struct MHD_Connection *connection, const char *version, struct arena *arena,
	struct request_headers *ret_headers, const char **ret_reason)
{
	struct guarding guarding = { .arena = arena, .headers = ret_headers };
	*ret_headers = (struct request_headers) { 0 };
	MHD_get_connection_values_n(connection, MHD_HEADER_KIND, see_header, &guarding);
	if (!guarding.reason && !guarding.no_memory)
		guarding.reason = find_contradiction(&guarding, strcmp(version, "HTTP/1.0") != 0);
	const char *length = ret_headers->content_length;
	ret_headers->has_body = guarding.codings || (length && length[strspn(length, "0")]);
	*ret_reason = guarding.reason;
	return !guarding.reason && !guarding.no_memory;
}
