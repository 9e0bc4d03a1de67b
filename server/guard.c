// SPDX-License-Identifier: MIT
#include "server/guard.h"

#include <microhttpd.h>
#include <string.h>
#include <strings.h>

/* The library (as of 0.9.75) takes so much for each header besides its text, and may have read so much beyond them. */
enum { ENTRY_BYTES = 64, READ_AHEAD_BYTES = 256 };

struct guarding {
	struct arena *arena;
	struct request_headers *headers;
	size_t taken; /* of the connection's memory, besides what was read */
	unsigned hosts, lengths, codings;
	bool chunked; /* the last transfer coding is exactly that */
	bool no_memory;
	const char *reason;
};

/* What a token has besides (RFC 9110, section 5.6.2), and a host with its port (RFC 3986, section 3.2.2). */
static const char token_marks[] = "!#$%&'*+^_`|~", host_marks[] = "_~%!$&'()*+,;=:[]";

static bool is_made_of(const char *text, size_t length, const char *marks)
{
	for (size_t i = 0; i < length; i++) {
		char c = text[i];
		bool common = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '-' && c <= '9' && c != '/');
		if (!common && (!c || !strchr(marks, c)))
			return false;
	}
	return true;
}

/* To the end in any case: so the compiler takes many characters at once. */
static bool is_value(const char *value, size_t length)
{
	bool sound = true;
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)value[i];
		sound &= (c >= ' ' || c == '\t') && c != 0x7f;
	}
	return sound;
}

/* Repeated list headers are one list (RFC 9110, section 5.3). A single one is the library's until the request ends. */
static void collect(struct guarding *guarding, const char **kept, const char *value)
{
	*kept = *kept ? arena_printf(guarding->arena, "%s, %s", *kept, value) : value;
	guarding->no_memory |= !*kept;
}

static const char **place_if(const char *name, const char *wanted, const char **place)
{
	return !strcasecmp(name, wanted) ? place : NULL;
}

/* Where a header is kept; NULL: nowhere. The length of a name tells nearly all apart. */
static const char **find_place(struct request_headers *headers, const char *name, size_t length)
{
	const char **place;
	switch (length) {
	case 4:
		return place_if(name, "Host", &headers->host);
	case 5:
		return place_if(name, "Range", &headers->range);
	case 6:
		return place_if(name, "Accept", &headers->accept);
	case 7:
		return place_if(name, "Referer", &headers->referer);
	case 8:
		place = place_if(name, "If-Match", &headers->if_match);
		return place ? place : place_if(name, "If-Range", &headers->if_range);
	case 10:
		return place_if(name, "User-Agent", &headers->user_agent);
	case 12:
		return place_if(name, "Content-Type", &headers->content_type);
	case 13:
		place = place_if(name, "If-None-Match", &headers->if_none_match);
		return place ? place : place_if(name, "Authorization", &headers->authorization);
	case 14:
		return place_if(name, "Content-Length", &headers->content_length);
	case 15:
		place = place_if(name, "Accept-Encoding", &headers->accept_encoding);
		return place ? place : place_if(name, "Idempotency-Key", &headers->idempotency_key);
	case 16:
		return place_if(name, "Content-Encoding", &headers->content_encoding);
	default:
		return NULL;
	}
}

static void note_header(struct guarding *guarding, const char *name, size_t length, const char *value)
{
	struct request_headers *headers = guarding->headers;
	const char **place = find_place(headers, name, length);
	if (place) {
		collect(guarding, place, value);
	} else if (!strcasecmp(name, "Transfer-Encoding")) {
		guarding->codings++;
		guarding->chunked = !strcasecmp(value, "chunked");
	} else {
		headers->expects |= !strcasecmp(name, "Expect");
	}
	guarding->lengths += place == &headers->content_length;
	if (place != &headers->host)
		return;
	guarding->hosts++;
	if (!is_made_of(value, strlen(value), host_marks))
		guarding->reason = "Host is no host";
}

/* Cookies, which nobody wants, are copied, and each becomes an entry. */
static size_t count_taken(const char *name, size_t name_length, const char *value, size_t value_length)
{
	size_t entries = 1;
	if (name_length != strlen("Cookie") || strcasecmp(name, "Cookie") != 0)
		return ENTRY_BYTES;
	for (size_t i = 0; i < value_length; i++)
		entries += value[i] == ';' || value[i] == ',';
	return (entries + 1) * ENTRY_BYTES + value_length + 1;
}

static enum MHD_Result see_header(void *context, enum MHD_ValueKind kind, const char *name, size_t name_length,
	const char *value, size_t value_length)
{
	struct guarding *guarding = context;
	(void)kind;
	guarding->taken += count_taken(name, name_length, value, value_length);
	if (!name_length || !is_made_of(name, name_length, token_marks))
		guarding->reason = "the name of a header is no token";
	else if (!is_value(value ? value : "", value_length))
		guarding->reason = "the value of a header has a control character";
	else
		note_header(guarding, name, name_length, value ? value : "");
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

static size_t subtract(size_t from, size_t bytes)
{
	return from > bytes ? from - bytes : 0;
}

static void count_room(struct MHD_Connection *connection, size_t taken, struct request_headers *headers)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
	size_t read = info ? info->header_size + READ_AHEAD_BYTES : GUARD_CONNECTION_BYTES;
	headers->room = subtract(GUARD_CONNECTION_BYTES, read + taken);
	/* The half of it all is for reading, and may hold what comes behind the request. */
	size_t beside = subtract(GUARD_CONNECTION_BYTES / 2, taken);
	headers->sure_room = beside < headers->room ? beside : headers->room;
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
	count_room(connection, guarding.taken, ret_headers);
	*ret_reason = guarding.reason;
	return !guarding.reason && !guarding.no_memory;
}
