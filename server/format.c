// SPDX-License-Identifier: MIT
#include "server/format.h"

#include <string.h>
#include <strings.h>

const char *const format_names[FORMATS] = { "json", "txt", "csv", "ndjson", "html", NULL, NULL };

const char *const format_types[FORMATS] = { "application/json", "text/plain; charset=utf-8",
	"text/csv; charset=utf-8; header=present", "application/x-ndjson", "text/html; charset=utf-8",
	"application/linkset+json; profile=\"https://www.rfc-editor.org/info/rfc9727\"",
	"text/plain; version=0.0.4; charset=utf-8" };

const char *const format_abouts[FORMATS] = { "JSON", "For reading.", "RFC 4180, a header line first.",
	"The items of `data`, each on a line.", "A page.", "RFC 9264", "Prometheus' text format." };

bool format_is_json(enum format format)
{
	return format == FORMAT_JSON || format == FORMAT_LINKSET;
}

bool format_is_text(enum format format)
{
	return format == FORMAT_TXT || format == FORMAT_METRICS;
}

/* What Accept compares with: the type that is sent, and what else people call it. */
static const struct media_type {
	enum format format;
	const char *type, *subtype;
} media_types[] = {
	{ FORMAT_JSON, "application", "json" },
	{ FORMAT_TXT, "text", "plain" },
	{ FORMAT_CSV, "text", "csv" },
	{ FORMAT_NDJSON, "application", "x-ndjson" },
	{ FORMAT_NDJSON, "application", "ndjson" },
	{ FORMAT_NDJSON, "application", "jsonl" },
	{ FORMAT_HTML, "text", "html" },
	{ FORMAT_LINKSET, "application", "linkset+json" },
	{ FORMAT_LINKSET, "application", "json" },
	{ FORMAT_METRICS, "text", "plain" },
};
enum { MEDIA_TYPES = sizeof(media_types) / sizeof(media_types[0]) };

/* Suffixes people try because others serve them. Whatever else stands behind a dot belongs to a name. */
static const char *const foreign_names[] = { "xml", "yaml", "jsonld", "atom", "rss" };

static bool ends_with(const char *segment, size_t length, const char *name)
{
	size_t size = strlen(name);
	return length > size + 1 && segment[length - size - 1] == '.' && !memcmp(segment + length - size, name, size);
}

enum suffix format_from_suffix(const char *segment, size_t length, size_t *ret_length, enum format *ret_format)
{
	for (int f = 0; f < FORMATS; f++) {
		if (format_names[f] && ends_with(segment, length, format_names[f])) {
			*ret_length = length - strlen(format_names[f]) - 1;
			*ret_format = (enum format)f;
			return SUFFIX_KNOWN;
		}
	}
	for (size_t i = 0; i < sizeof(foreign_names) / sizeof(foreign_names[0]); i++) {
		if (ends_with(segment, length, foreign_names[i])) {
			*ret_length = length - strlen(foreign_names[i]) - 1;
			return SUFFIX_FOREIGN;
		}
	}
	*ret_length = length;
	return SUFFIX_NONE;
}

const char *format_list(unsigned formats, struct arena *arena)
{
	const char *list = "";
	for (int f = 0; f < FORMATS && list; f++) {
		const char *name = format_names[f], *type = format_types[f];
		int length = (int)strcspn(type, ";");
		const char *comma = *list ? ", " : "";
		if (!(formats & 1u << f))
			continue;
		list = name ? arena_printf(arena, "%s%s.%s (%.*s)", list, comma, name, length, type)
			    : arena_printf(arena, "%s%s%.*s", list, comma, length, type);
	}
	return list;
}

static const char *skip_space(const char *c)
{
	return c + strspn(c, " \t");
}

static bool same_token(const char *token, size_t length, const char *word)
{
	return strlen(word) == length && !strncasecmp(token, word, length);
}

/*
 * A qvalue (RFC 9110, section 12.4.2) in thousandths; digits behind those are passed over. What is no qvalue counts as
 * 1, as if it were not there. strtod() would take hexadecimal digits and "nan", and the comma of some locales.
 */
static int read_qvalue(const char *c)
{
	if ((*c != '0' && *c != '1') || (c[1] && !strchr(". \t;,", c[1])))
		return 1000;
	int weight = *c++ == '1' ? 1000 : 0;
	if (*c == '.')
		c++;
	for (int digit = 100; *c >= '0' && *c <= '9'; c++, digit /= 10)
		weight += digit * (*c - '0');
	return weight > 1000 || (*c && !strchr(" \t;,", *c)) ? 1000 : weight;
}

/* The weight of a range in thousandths. */
static int read_weight(const char *parameters, const char *end)
{
	for (const char *c = parameters; c < end && *c == ';';) {
		c = skip_space(c + 1);
		if ((*c == 'q' || *c == 'Q') && c[1] == '=')
			return read_qvalue(c + 2);
		c += strcspn(c, ";,");
	}
	return 1000;
}

/* How exactly a range of Accept fits: 3 type/subtype, 2 type/any, 1 any, 0 not. */
static int range_fits(const char *range, const char *end, const struct media_type *media)
{
	const char *slash = memchr(range, '/', (size_t)(end - range));
	if (!slash)
		return 0;
	const char *subtype = slash + 1;
	size_t type_length = (size_t)(slash - range);
	size_t subtype_length = strcspn(subtype, "; \t,");
	bool any_type = same_token(range, type_length, "*"), any_subtype = same_token(subtype, subtype_length, "*");
	if (any_type && any_subtype)
		return 1;
	if (!same_token(range, type_length, media->type))
		return 0;
	return any_subtype ? 2 : same_token(subtype, subtype_length, media->subtype) ? 3 : 0;
}

static int accept_weight(const char *accept, enum format format)
{
	int best_fit = 0, weight = 0;
	for (const char *c = skip_space(accept); *c;) {
		const char *end = c + strcspn(c, ",");
		for (int m = 0; m < MEDIA_TYPES; m++) {
			int fit = media_types[m].format == format ? range_fits(c, end, &media_types[m]) : 0;
			if (fit > best_fit) {
				best_fit = fit;
				weight = read_weight(c + strcspn(c, ";,"), end);
			}
		}
		c = skip_space(*end ? end + 1 : end);
	}
	return weight;
}

bool format_negotiate(const char *accept, unsigned offered, enum format *ret_format)
{
	int best = 0;
	for (int f = 0; f < FORMATS; f++) {
		if (!(offered & 1u << f))
			continue;
		int weight = accept && *skip_space(accept) ? accept_weight(accept, (enum format)f) : 1000;
		if (weight > best) {
			best = weight;
			*ret_format = (enum format)f;
		}
	}
	return best > 0;
}

unsigned coding_negotiate(const char *accept_encoding)
{
	/* In thousandths; -1: not mentioned. */
	int gzip = -1, identity = -1, any = -1;
	for (const char *c = skip_space(accept_encoding ? accept_encoding : ""); *c;) {
		const char *end = c + strcspn(c, ",");
		size_t length = strcspn(c, "; \t,");
		int weight = read_weight(c + strcspn(c, ";,"), end);
		if (same_token(c, length, "gzip") || same_token(c, length, "x-gzip"))
			gzip = weight;
		else if (same_token(c, length, "identity"))
			identity = weight;
		else if (same_token(c, length, "*"))
			any = weight;
		c = skip_space(*end ? end + 1 : end);
	}
	if (gzip < 0)
		gzip = any > 0 ? any : 0;
	bool takes_identity = identity > 0 || (identity < 0 && any != 0);
	bool takes_gzip = gzip > 0 && gzip >= identity;
	return (takes_identity ? CODING_BIT_IDENTITY : 0u) | (takes_gzip ? CODING_BIT_GZIP : 0u);
}
