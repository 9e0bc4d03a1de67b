// SPDX-License-Identifier: MIT
#include "server/guide.h"

#include <string.h>

const char guide_summary[] = "Literary reviews, and the quotes in them with the proof of where they stand.";

/* clang-format off */
const struct guide_section guide_sections[] = {
	{ "Quotes",
	  "A quote is never a copy. It is one or more spans of a stored text, and every answer carries the "
	  "span, the words around it and the SHA-256 of the text it was cut from. A span is half-open, "
	  "`[start,end)`, and counts Unicode code points; a quote with several has ` … ` between them in its "
	  "`text`." },
	{ "Names",
	  "An id never changes. Names need not be unique: where `{id}` of a character, a person or an "
	  "organisation is a name or an alias, the answer leads to the id (302), or lists the choices (300). A "
	  "filter takes a name as well, and then everybody of that name. Case and accents do not matter." },
	{ "Parameters",
	  "Give one several times for any of its values; different ones must all hold. One that is unknown, "
	  "malformed, or given twice where it takes one value is an error, never passed over. Only `utm_*`, "
	  "`fbclid` and `gclid` are, which others add to links." },
	{ "Lists",
	  "A list is `data`, `page` and the `revision` of the store. `page.total` is exact. `page.next` is the "
	  "path of the next page, to be fetched as it is; the header `Link` has it too, and alone where the "
	  "format has no room for it. Whoever follows it to the end gets every item once, also while others "
	  "write." },
	{ "Order, and what is given",
	  "`sort` says what a list is ordered by, with `-` in front the other way around. What is equal otherwise "
	  "stays as it came, what has no date, title or name comes last. `sort=random` is an order as well: with the "
	  "same `seed` it is the same one again, and it can be followed to its end. `fields` gives only the members "
	  "that it names, also those that are always there otherwise; `include` gives a text, or what a quote refers "
	  "to, whole." },
	{ "Changes",
	  "`/v1/changes` tells what was put in and deleted behind the revision `since`, of each thing the last change. "
	  "A copy of the store asks with the `revision` of the last answer, and with `wait` it is answered as soon as "
	  "there is something to tell, or when that time is over with an empty list." },
	{ "Formats",
	  "A suffix of the path or the header `Accept` chooses; the suffix wins. Without either it is JSON: "
	  "UTF-8, a newline at the end, and with `pretty=1` line breaks. `.txt` is for reading. Lists come as "
	  "`.ndjson`, an item on each line, and as `.csv` too." },
	{ "CSV",
	  "RFC 4180: UTF-8, a header line, CR LF, a row for each item. The columns are the members of the JSON, "
	  "those of an object inside it with its name and a dot in front: `work.title`. Null is an empty cell. "
	  "Several values in a cell are joined by `|`, those of `speakers.id` in the order of `speakers.name`.\n\n"
	  "No cell is altered, so that one may begin with `=`, `+`, `-` or `@`: import the columns as text "
	  "where a spreadsheet would calculate." },
	{ "Errors",
	  "RFC 9457: `application/problem+json` with a stable `code`, a `detail` for people, the `parameter` "
	  "that is wrong, what may have been meant (`nearest`), and the `request_id` that the server's log has "
	  "as well. Where plain text is asked for it is one line. `/problems/{code}` says what a code means. "
	  "Headers over 10 KiB (431) and what is no HTTP at all (400) are refused before that, without a "
	  "problem." },
	{ "Caches and other sites",
	  "Every answer from the store has a strong `ETag`; `If-None-Match` with it is answered by 304 without "
	  "any work. gzip has a tag of its own. What takes GET takes HEAD, all paths take OPTIONS, and the pages "
	  "of all sites may ask (CORS)." },
	{ "Writing",
	  "It takes a token, as `reviewd token add NAME` prints it: `Authorization: Bearer TOKEN`; as long as "
	  "there is none, nobody writes (403). What is answered with 2xx is on disk. A PUT tells the thing "
	  "whole. It says what is there before, as DELETE does: `If-None-Match: *` for nothing, `If-Match` with"
	  " the tag of what was read, or `*` for whatever there is; so nobody overwrites what they have not "
	  "seen (412, 428). A POST with an `Idempotency-Key` may be sent again. What was deleted is gone for "
	  "ever (410), and its id with it." },
};
/* clang-format on */
const size_t guide_section_count = sizeof(guide_sections) / sizeof(guide_sections[0]);

const struct guide_topic guide_topics[] = {
	{ "quotes", "Words worth giving out, and who says them." },
	{ "characters", "Whoever is made up." },
	{ "people", "Whoever is or was real: authors, actors, readers." },
	{ "organisations", "Bodies of people, real or made up." },
	{ "reviews", "Texts about works, byte for byte as they came." },
	{ "works", "What is reviewed or named: novels, films, plays." },
	{ "finding", "What has the words, what begins so, and whether somebody said that." },
	{ "service", "The service itself: its index, its health, its description." },
};
const size_t guide_topic_count = sizeof(guide_topics) / sizeof(guide_topics[0]);

/* Of paths that are not called as their topic. */
static const char *const further_paths[][2] = {
	{ "/v1/changes", "service" },
	{ "/v1/export", "reviews" },
	{ "/v1/facets", "quotes" },
	{ "/v1/import", "reviews" },
	{ "/v1/search", "finding" },
	{ "/v1/suggest", "finding" },
	{ "/v1/verify", "finding" },
};

const struct guide_topic *guide_topic_of(const struct route *route)
{
	const char *path = strncmp(route->path, "/v1/", 4) ? "" : route->path + 4;
	for (size_t i = 0; i < sizeof(further_paths) / sizeof(further_paths[0]); i++) {
		if (!strcmp(route->path, further_paths[i][0]))
			path = further_paths[i][1];
	}
	size_t length = strcspn(path, "/");
	for (size_t i = 0; i < guide_topic_count; i++) {
		if (strlen(guide_topics[i].name) == length && !strncmp(guide_topics[i].name, path, length))
			return &guide_topics[i];
	}
	return &guide_topics[guide_topic_count - 1];
}
