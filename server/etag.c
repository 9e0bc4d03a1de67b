// SPDX-License-Identifier: MIT
#include "server/etag.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/text/decimal.h"
#include "server/request.h"
#include "server/routes.h"

/* Digits of what a tag is of, and of the representation. */
enum { SUBJECT_DIGITS = 8, FORM_DIGITS = 16 };

static const char coded_mark[] = "-gzip";

static uint64_t hash_bytes(uint64_t hash, const char *bytes, size_t length)
{
	/* FNV-1a; a zero byte is hashed behind each and keeps neighbours apart. */
	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (unsigned char)bytes[i]) * 0x100000001b3u;
	return hash * 0x100000001b3u;
}

static uint64_t hash_string(uint64_t hash, const char *string)
{
	return hash_bytes(hash, string, strlen(string));
}

static const char *store_name(const struct request *request)
{
	return request->route->is_static ? "" : request->store.uuid;
}

/* The review of a bundle, of a text and of a list of quotes is the same. */
static uint32_t hash_subject(const struct request *request, const char *route_path, const char *id)
{
	const char *brace = strchr(route_path, '}');
	uint64_t hash = hash_string(0xcbf29ce484222325u, store_name(request));
	hash = hash_bytes(hash, route_path, brace ? (size_t)(brace - route_path) : strlen(route_path));
	hash = hash_string(hash, id ? id : "");
	return (uint32_t)(hash ^ hash >> 32);
}

/* Hexadecimal digits in front of `end`; gives the first of them. */
static char *hex_before(char *end, uint64_t number, int digits)
{
	for (; digits > 0; digits--, number >>= 4)
		*--end = "0123456789abcdef"[number & 0xf];
	return end;
}

/* "<revision>-<subject>-<form>" in its quotes, without printf, which would take most of what an address costs. */
static const char *write_tag(struct arena *arena, int64_t revision, uint32_t subject, uint64_t form)
{
	char tag[DECIMAL_BYTES + SUBJECT_DIGITS + FORM_DIGITS + 5];
	char *at = tag + sizeof(tag);
	*--at = '\0';
	*--at = '"';
	at = hex_before(at, form, FORM_DIGITS);
	*--at = '-';
	at = hex_before(at, subject, SUBJECT_DIGITS);
	*--at = '-';
	at = decimal_before(at, (uint64_t)revision);
	*--at = '"';
	return arena_strdup(arena, at);
}

static const char *make(const struct request *request, int64_t revision, uint32_t subject, const char *address,
	const char *query, enum format format)
{
	uint64_t hash = hash_string(0xcbf29ce484222325u, REVIEWD_VERSION);
	hash = hash_string(hash, store_name(request));
	hash = hash_string(hash, address);
	hash = hash_string(hash, query ? query : "");
	hash = hash_string(hash, format_types[format]);
	/* The page for people tells them where it is. */
	hash = hash_string(hash, format == FORMAT_HTML && request->headers.host ? request->headers.host : "");
	return write_tag(request->arena, revision, subject, hash);
}

const char *etag_of_request(const struct request *request)
{
	uint32_t subject = hash_subject(request, request->route->path, request->path_id);
	/* It may not be in the query: today. */
	const char *date = param_text(&request->params, PARAM_DATE), *query = request->target.query;
	if (date)
		query = arena_printf(request->arena, "%s&%s", query ? query : "", date);
	return date && !query
		       ? NULL
		       : make(request, request->store.revision, subject, request->target.path, query, request->format);
}

const char *etag_of_subject(
	const struct request *request, const char *route_path, const char *id, const char *address, int64_t revision)
{
	return make(request, revision, hash_subject(request, route_path, id), address, NULL, FORMAT_JSON);
}

const char *etag_of_coded(const struct request *request, const char *etag)
{
	return etag ? arena_printf(request->arena, "%.*s%s\"", (int)strlen(etag) - 1, etag, coded_mark) : NULL;
}

/* The next tag of a list, `W/` included, with its length; NULL at the end. A tag may have commas inside its quotes. */
static const char *next_tag(const char **list, size_t *ret_length)
{
	const char *tag = *list + strspn(*list, " \t,");
	if (!*tag)
		return NULL;
	const char *opening = tag + (strncmp(tag, "W/", 2) ? 0 : 2);
	const char *closing = *opening == '"' ? strchr(opening + 1, '"') : NULL;
	const char *end = closing ? closing + 1 : opening;
	end += strcspn(end, ",");
	*list = end;
	while (end > tag && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	*ret_length = (size_t)(end - tag);
	return tag;
}

static bool has_tag(const char *list, const char *etag, bool weakly)
{
	size_t length;
	for (const char *tag; (tag = next_tag(&list, &length));) {
		size_t mark = weakly && !strncmp(tag, "W/", 2) ? 2 : 0;
		if (length - mark == strlen(etag) && !memcmp(tag + mark, etag, length - mark))
			return true;
	}
	return false;
}

bool etag_is_listed(const char *list, const char *etag)
{
	return has_tag(list, etag, true);
}

bool etag_is_listed_strongly(const char *list, const char *etag)
{
	return has_tag(list, etag, false);
}

/* The revision of a tag as it is written above, if it is of the subject; -1. */
static int64_t read_revision(const char *tag, size_t length, uint32_t subject)
{
	char middle[SUBJECT_DIGITS + 3];
	snprintf(middle, sizeof(middle), "-%08" PRIx32 "-", subject);
	size_t digits = length > 1 ? strspn(tag + 1, "0123456789") : 0;
	/* More digits than a revision can have. */
	if (*tag != '"' || !digits || digits > 18)
		return -1;
	const char *form = tag + 1 + digits + SUBJECT_DIGITS + 2;
	const char *end = form + FORM_DIGITS;
	if (length < (size_t)(end - tag) + 1 || strncmp(tag + 1 + digits, middle, SUBJECT_DIGITS + 2) != 0 ||
		strspn(form, "0123456789abcdef") != FORM_DIGITS)
		return -1;
	if (!strncmp(end, coded_mark, sizeof(coded_mark) - 1))
		end += sizeof(coded_mark) - 1;
	return *end == '"' && end + 1 == tag + length ? strtoll(tag + 1, NULL, 10) : -1;
}

int64_t etag_latest_revision(const struct request *request, const char *list)
{
	uint32_t subject = hash_subject(request, request->route->path, request->path_id);
	int64_t latest = -1;
	size_t length;
	for (const char *tag; (tag = next_tag(&list, &length));) {
		int64_t revision = read_revision(tag, length, subject);
		latest = revision > latest ? revision : latest;
	}
	return latest;
}

bool etag_is_any(const char *list)
{
	list += strspn(list, " \t");
	return *list == '*' && !list[1 + strspn(list + 1, " \t")];
}
