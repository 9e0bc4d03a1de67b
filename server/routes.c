// SPDX-License-Identifier: MIT
#include "server/routes.h"

#include <ctype.h>
#include <string.h>

#include "server/format.h"
#include "server/handlers/handlers.h"

enum {
	FORMATS_BOTH = FORMAT_BIT_JSON | FORMAT_BIT_TXT,
	FORMATS_LIST = FORMATS_BOTH | FORMAT_BIT_CSV | FORMAT_BIT_NDJSON
};

#define PARAMS_PLAIN PARAM_BIT(PARAM_PRETTY)
#define PARAMS_ONE (PARAMS_PLAIN | PARAM_BIT(PARAM_FIELDS))
#define PARAMS_LIST (PARAMS_ONE | PARAM_BIT(PARAM_LIMIT) | PARAM_BIT(PARAM_CURSOR))
#define PARAMS_SORTED (PARAMS_LIST | PARAM_BIT(PARAM_SORT))
#define PARAMS_QUOTE (PARAMS_ONE | PARAM_BIT(PARAM_INCLUDE) | PARAM_BIT(PARAM_OFFSETS))
#define PARAMS_QUOTES (PARAMS_SORTED | PARAMS_QUOTE | PARAMS_QUOTE_FILTER | PARAM_BIT(PARAM_SEED))
#define PARAMS_REVIEWS                                                                                      \
	(PARAMS_SORTED | PARAMS_REVIEW_FILTER | PARAMS_LENGTH | PARAMS_WORDS | PARAM_BIT(PARAM_CHARACTER) | \
		PARAM_BIT(PARAM_INCLUDE) | PARAM_BIT(PARAM_PERSON) | PARAM_BIT(PARAM_WORK))
#define PARAMS_WORKS                                                                                        \
	(PARAMS_SORTED | PARAM_BIT(PARAM_CHARACTER) | PARAM_BIT(PARAM_LANGUAGE) | PARAM_BIT(PARAM_PERSON) | \
		PARAM_BIT(PARAM_PUBLISHED_FROM) | PARAM_BIT(PARAM_PUBLISHED_TO) | PARAM_BIT(PARAM_REVIEW))
#define PARAMS_AGENTS (PARAMS_SORTED | PARAM_BIT(PARAM_REVIEW) | PARAM_BIT(PARAM_WORK))
#define PARAMS_MENTIONS (PARAMS_LIST | PARAM_BIT(PARAM_OFFSETS))
#define PARAMS_MENTIONS_OF_AGENT \
	(PARAMS_MENTIONS | PARAMS_REVIEW_FILTER | PARAM_BIT(PARAM_REVIEW) | PARAM_BIT(PARAM_WORK))
#define PARAMS_MENTIONS_IN_REVIEW \
	(PARAMS_MENTIONS | PARAM_BIT(PARAM_CHARACTER) | PARAM_BIT(PARAM_PERSON) | PARAM_BIT(PARAM_WORK))

/* A path that names who speaks takes no further speakers. */
#define PARAMS_WHO_SPEAKS (PARAM_BIT(PARAM_CHARACTER) | PARAM_BIT(PARAM_PERSON) | PARAM_BIT(PARAM_SPEAKER))

#define INCLUDES_QUOTE (CHOICE_BIT(INCLUDE_REVIEW) | CHOICE_BIT(INCLUDE_WORK))
#define INCLUDES_REVIEWS CHOICE_BIT(INCLUDE_TEXT)
#define SORTS_AGENTS (CHOICE_BIT(SORT_ID) | CHOICE_BIT(SORT_NAME))
#define SORTS_QUOTES                                                                                               \
	(CHOICE_BIT(SORT_ADDED) | CHOICE_BIT(SORT_LENGTH) | CHOICE_BIT(SORT_PUBLISHED) | CHOICE_BIT(SORT_RANDOM) | \
		CHOICE_BIT(SORT_UPDATED))
#define SORTS_REVIEWS                                                                                            \
	(CHOICE_BIT(SORT_ADDED) | CHOICE_BIT(SORT_ID) | CHOICE_BIT(SORT_PUBLISHED) | CHOICE_BIT(SORT_REVIEWER) | \
		CHOICE_BIT(SORT_TITLE) | CHOICE_BIT(SORT_UPDATED))
#define SORTS_WORKS (CHOICE_BIT(SORT_ID) | CHOICE_BIT(SORT_PUBLISHED) | CHOICE_BIT(SORT_TITLE))

static const char detail_by_name[] = "A name or an alias leads to the id (302); that of several lists them (300).";

/* clang-format off */
/* What the handlers answer, besides what every path may. */
#define SAYS_ALWAYS { 200, 304 }
#define SAYS_FILTERED { 200, 304, 404 }
#define SAYS_BY_ID { 200, 304, 404, 410 }
#define SAYS_BY_NAME { 200, 300, 302, 304, 404, 410 }
#define SAYS_TO_WRITERS 401, 403, 429
#define SAYS_PUT { 200, 201, SAYS_TO_WRITERS, 410, 412, 415, 422, 428 }
#define SAYS_PUT_FOR_EVER { 200, 201, SAYS_TO_WRITERS, 412, 415, 422, 428 }

const struct route routes[] = {
	{ .name = "root_get", .path = "/",
	  .handler = handle_root_get, .about = "leads browsers to this description, all others to the index",
	  .reply = SHAPE_REDIRECT, .statuses = { 302 },
	  .params = PARAMS_PLAIN, .formats = FORMATS_BOTH | FORMAT_BIT_HTML, .is_static = true },
	{ .name = "catalog_get", .path = "/.well-known/api-catalog",
	  .handler = handle_catalog_get, .about = "where the interface and its descriptions are (RFC 9727)",
	  .reply = SHAPE_LINKSET, .statuses = SAYS_ALWAYS,
	  .params = PARAMS_PLAIN, .formats = FORMAT_BIT_LINKSET, .is_static = true },
	{ .name = "docs_get", .path = "/docs",
	  .handler = handle_docs_get, .about = "this description, for people",
	  .statuses = SAYS_ALWAYS,
	  .params = 0, .formats = FORMAT_BIT_HTML, .is_static = true },
	{ .name = "livez", .path = "/livez",
	  .handler = handle_livez, .about = "whether the service runs",
	  .reply = SHAPE_LIVEZ, .statuses = { 200 },
	  .params = PARAMS_PLAIN, .formats = FORMATS_BOTH, .is_static = true },
	{ .name = "metrics_get", .path = "/metrics",
	  .handler = handle_metrics_get, .about = "figures of the service (Prometheus)",
	  .statuses = { 200 },
	  .params = 0, .formats = FORMAT_BIT_METRICS, .is_static = true },
	{ .name = "openapi_get", .path = "/openapi.json",
	  .handler = handle_openapi_get, .about = "this description, for programs (OpenAPI 3.1)",
	  .statuses = SAYS_ALWAYS,
	  .params = PARAMS_PLAIN, .formats = FORMAT_BIT_JSON, .is_static = true },
	{ .name = "problem_get", .path = "/problems/{code}",
	  .handler = handle_problem_get, .about = "what a problem means",
	  .reply = SHAPE_PROBLEM_TYPE, .statuses = { 200, 304, 404 },
	  .example = "/problems/not-found",
	  .params = PARAMS_PLAIN, .formats = FORMATS_BOTH, .is_static = true },
	{ .name = "readyz", .path = "/readyz",
	  .handler = handle_readyz, .about = "whether the service can answer from its store",
	  .detail = "503 when the store cannot be read. /livez only tells that the process answers.",
	  .reply = SHAPE_READYZ, .statuses = { 200 },
	  .params = PARAMS_PLAIN, .formats = FORMATS_BOTH, .is_static = true },
	{ .name = "store_get", .path = "/v1",
	  .handler = handle_store_get, .about = "index: version, revision, counts and where to go on",
	  .detail = "The revision is raised by every write that changes anything, and every tag is made of it.",
	  .reply = SHAPE_STORE, .statuses = SAYS_ALWAYS,
	  .params = PARAMS_PLAIN, .formats = FORMATS_BOTH },
	{ .name = "change_list", .path = "/v1/changes",
	  .handler = handle_change_list, .about = "what has changed since a revision, the last change of each thing",
	  .detail = "To keep a copy: take all, then ask again with the revision that was answered as since, and with "
		    "wait to be told at once. 410: the store never was there, so that the copy has to be made anew.",
	  .reply = SHAPE_CHANGE_LIST, .statuses = { 200, 304, 410 },
	  .params = PARAMS_LIST | PARAM_BIT(PARAM_SINCE) | PARAM_BIT(PARAM_WAIT), .formats = FORMATS_LIST },
	{ .name = "agent_list", .path = "/v1/characters",
	  .handler = handle_agent_list, .about = "all characters",
	  .reply = SHAPE_AGENT_LIST, .statuses = SAYS_FILTERED,
	  .params = PARAMS_AGENTS, .sorts = SORTS_AGENTS, .formats = FORMATS_LIST, .kind = AGENT_CHARACTER },
	{ .name = "agent_get", .path = "/v1/characters/{id}",
	  .handler = handle_agent_get, .about = "one character, by id, name or alias",
	  .detail = detail_by_name,
	  .reply = SHAPE_AGENT, .statuses = SAYS_BY_NAME,
	  .example = "/v1/characters/darko-kerim-bey",
	  .params = PARAMS_ONE, .formats = FORMATS_BOTH, .kind = AGENT_CHARACTER },
	{ .name = "agent_put", .path = "/v1/characters/{id}", .method = METHOD_PUT,
	  .handler = handle_agent_put, .about = "puts in the character, or replaces it",
	  .takes = SHAPE_GIVEN_AGENT, .reply = SHAPE_AGENT, .statuses = SAYS_PUT_FOR_EVER,
	  .example = "/v1/characters/my-character",
	  .params = PARAMS_PLAIN, .formats = FORMAT_BIT_JSON, .kind = AGENT_CHARACTER,
	  .body = BODY_JSON, .needs_token = true },
	{ .name = "mention_list_by_agent", .path = "/v1/characters/{id}/mentions",
	  .handler = handle_mention_list_by_agent, .about = "where the character is named",
	  .reply = SHAPE_MENTION_LIST, .statuses = SAYS_BY_NAME,
	  .example = "/v1/characters/darko-kerim-bey/mentions",
	  .params = PARAMS_MENTIONS_OF_AGENT, .formats = FORMATS_LIST, .kind = AGENT_CHARACTER },
	{ .name = "quote_list_by_agent", .path = "/v1/characters/{id}/quotes",
	  .handler = handle_quote_list_by_agent, .about = "what the character says",
	  .reply = SHAPE_QUOTE_LIST, .statuses = SAYS_BY_NAME,
	  .example = "/v1/characters/darko-kerim-bey/quotes",
	  .params = PARAMS_QUOTES & ~PARAMS_WHO_SPEAKS, .includes = INCLUDES_QUOTE, .sorts = SORTS_QUOTES,
	  .formats = FORMATS_LIST, .kind = AGENT_CHARACTER },
	{ .name = "review_list_by_agent", .path = "/v1/characters/{id}/reviews",
	  .handler = handle_review_list_by_agent, .about = "reviews the character stands in",
	  .reply = SHAPE_REVIEW_LIST, .statuses = SAYS_BY_NAME,
	  .example = "/v1/characters/darko-kerim-bey/reviews",
	  .params = PARAMS_REVIEWS, .includes = INCLUDES_REVIEWS, .sorts = SORTS_REVIEWS,
	  .formats = FORMATS_LIST, .kind = AGENT_CHARACTER },
	{ .name = "export", .path = "/v1/export",
	  .handler = handle_export, .about = "all reviews as bundles, one a line",
	  .detail = "What the store holds at one moment, in the order of the ids, as `reviewd import` takes it. It is "
		    "made while it leaves: its length is not known before, and one that is broken off has no end. Only "
		    "a few are possible at a time (503).",
	  .reply = SHAPE_BUNDLE, .statuses = { 200 },
	  .params = 0, .formats = FORMAT_BIT_NDJSON },
	{ .name = "facet_list", .path = "/v1/facets",
	  .handler = handle_facet_list, .about = "how many quotes each speaker, work, language and so on has",
	  .reply = SHAPE_FACETS, .statuses = SAYS_FILTERED, .example = "/v1/facets?by=character&by=form",
	  .params = PARAMS_PLAIN | PARAMS_QUOTE_FILTER | PARAM_BIT(PARAM_BY) | PARAM_BIT(PARAM_LIMIT),
	  .formats = FORMATS_BOTH },
	{ .name = "bundle_import", .path = "/v1/import", .method = METHOD_POST,
	  .handler = handle_bundle_import, .about = "takes bundles, one a line, and tells what came of each",
	  .takes = SHAPE_GIVEN_REVIEW, .reply = SHAPE_IMPORT_LINE, .statuses = { 200, SAYS_TO_WRITERS, 415 },
	  .params = PARAM_BIT(PARAM_DRY_RUN), .formats = FORMAT_BIT_NDJSON, .body = BODY_LINES, .needs_token = true },
	{ .name = "agent_list", .path = "/v1/organisations",
	  .handler = handle_agent_list, .about = "all organisations",
	  .reply = SHAPE_AGENT_LIST, .statuses = SAYS_FILTERED,
	  .params = PARAMS_AGENTS, .sorts = SORTS_AGENTS, .formats = FORMATS_LIST, .kind = AGENT_ORGANISATION },
	{ .name = "agent_get", .path = "/v1/organisations/{id}",
	  .handler = handle_agent_get, .about = "one organisation, by id, name or alias",
	  .detail = detail_by_name,
	  .reply = SHAPE_AGENT, .statuses = SAYS_BY_NAME,
	  .example = "/v1/organisations/smersh",
	  .params = PARAMS_ONE, .formats = FORMATS_BOTH, .kind = AGENT_ORGANISATION },
	{ .name = "agent_put", .path = "/v1/organisations/{id}", .method = METHOD_PUT,
	  .handler = handle_agent_put, .about = "puts in the organisation, or replaces it",
	  .takes = SHAPE_GIVEN_AGENT, .reply = SHAPE_AGENT, .statuses = SAYS_PUT_FOR_EVER,
	  .example = "/v1/organisations/my-organisation",
	  .params = PARAMS_PLAIN, .formats = FORMAT_BIT_JSON, .kind = AGENT_ORGANISATION,
	  .body = BODY_JSON, .needs_token = true },
	{ .name = "mention_list_by_agent", .path = "/v1/organisations/{id}/mentions",
	  .handler = handle_mention_list_by_agent, .about = "where the organisation is named",
	  .reply = SHAPE_MENTION_LIST, .statuses = SAYS_BY_NAME,
	  .example = "/v1/organisations/smersh/mentions",
	  .params = PARAMS_MENTIONS_OF_AGENT, .formats = FORMATS_LIST, .kind = AGENT_ORGANISATION },
	{ .name = "quote_list_by_agent", .path = "/v1/organisations/{id}/quotes",
	  .handler = handle_quote_list_by_agent, .about = "what the organisation says",
	  .reply = SHAPE_QUOTE_LIST, .statuses = SAYS_BY_NAME,
	  .example = "/v1/organisations/smersh/quotes",
	  .params = PARAMS_QUOTES & ~PARAMS_WHO_SPEAKS, .includes = INCLUDES_QUOTE, .sorts = SORTS_QUOTES,
	  .formats = FORMATS_LIST, .kind = AGENT_ORGANISATION },
	{ .name = "review_list_by_agent", .path = "/v1/organisations/{id}/reviews",
	  .handler = handle_review_list_by_agent, .about = "reviews the organisation stands in",
	  .reply = SHAPE_REVIEW_LIST, .statuses = SAYS_BY_NAME,
	  .example = "/v1/organisations/smersh/reviews",
	  .params = PARAMS_REVIEWS, .includes = INCLUDES_REVIEWS, .sorts = SORTS_REVIEWS,
	  .formats = FORMATS_LIST, .kind = AGENT_ORGANISATION },
	{ .name = "agent_list", .path = "/v1/people",
	  .handler = handle_agent_list, .about = "all people",
	  .reply = SHAPE_AGENT_LIST, .statuses = SAYS_FILTERED,
	  .params = PARAMS_AGENTS, .sorts = SORTS_AGENTS, .formats = FORMATS_LIST, .kind = AGENT_PERSON },
	{ .name = "agent_get", .path = "/v1/people/{id}",
	  .handler = handle_agent_get, .about = "one person, by id, name or alias",
	  .detail = detail_by_name,
	  .reply = SHAPE_AGENT, .statuses = SAYS_BY_NAME,
	  .example = "/v1/people/john-f-kennedy",
	  .params = PARAMS_ONE, .formats = FORMATS_BOTH, .kind = AGENT_PERSON },
	{ .name = "agent_put", .path = "/v1/people/{id}", .method = METHOD_PUT,
	  .handler = handle_agent_put, .about = "puts in the person, or replaces it",
	  .takes = SHAPE_GIVEN_AGENT, .reply = SHAPE_AGENT, .statuses = SAYS_PUT_FOR_EVER,
	  .example = "/v1/people/my-person",
	  .params = PARAMS_PLAIN, .formats = FORMAT_BIT_JSON, .kind = AGENT_PERSON,
	  .body = BODY_JSON, .needs_token = true },
	{ .name = "mention_list_by_agent", .path = "/v1/people/{id}/mentions",
	  .handler = handle_mention_list_by_agent, .about = "where the person is named",
	  .reply = SHAPE_MENTION_LIST, .statuses = SAYS_BY_NAME,
	  .example = "/v1/people/john-f-kennedy/mentions",
	  .params = PARAMS_MENTIONS_OF_AGENT, .formats = FORMATS_LIST, .kind = AGENT_PERSON },
	{ .name = "quote_list_by_agent", .path = "/v1/people/{id}/quotes",
	  .handler = handle_quote_list_by_agent, .about = "what the person says",
	  .reply = SHAPE_QUOTE_LIST, .statuses = SAYS_BY_NAME,
	  .example = "/v1/people/john-f-kennedy/quotes",
	  .params = PARAMS_QUOTES & ~PARAMS_WHO_SPEAKS, .includes = INCLUDES_QUOTE, .sorts = SORTS_QUOTES,
	  .formats = FORMATS_LIST, .kind = AGENT_PERSON },
	{ .name = "review_list_by_agent", .path = "/v1/people/{id}/reviews",
	  .handler = handle_review_list_by_agent, .about = "reviews the person stands in",
	  .reply = SHAPE_REVIEW_LIST, .statuses = SAYS_BY_NAME,
	  .example = "/v1/people/john-f-kennedy/reviews",
	  .params = PARAMS_REVIEWS, .includes = INCLUDES_REVIEWS, .sorts = SORTS_REVIEWS,
	  .formats = FORMATS_LIST, .kind = AGENT_PERSON },
	{ .name = "quote_list", .path = "/v1/quotes",
	  .handler = handle_quote_list, .about = "all quotes, filtered",
	  .reply = SHAPE_QUOTE_LIST, .statuses = SAYS_FILTERED,
	  .example = "/v1/quotes?about=rosa-klebb",
	  .params = PARAMS_QUOTES, .includes = INCLUDES_QUOTE, .sorts = SORTS_QUOTES,
	  .formats = FORMATS_LIST },
	{ .name = "quote_daily", .path = "/v1/quotes/daily",
	  .handler = handle_quote_daily, .about = "the quote of the day",
	  .detail = "The same all day long (UTC), and one of another day is hardly ever changed by what is added.",
	  .reply = SHAPE_QUOTE, .statuses = SAYS_FILTERED,
	  .params = PARAMS_QUOTE | PARAMS_QUOTE_FILTER | PARAM_BIT(PARAM_DATE), .includes = INCLUDES_QUOTE,
	  .formats = FORMATS_BOTH },
	{ .name = "quote_random", .path = "/v1/quotes/random",
	  .handler = handle_quote_random, .about = "one quote, each equally likely",
	  .detail = "Another one each time, unless there is a seed. Several: /v1/quotes?sort=random&seed=7.",
	  .reply = SHAPE_QUOTE, .statuses = SAYS_FILTERED,
	  .params = PARAMS_QUOTE | PARAMS_QUOTE_FILTER | PARAM_BIT(PARAM_SEED), .includes = INCLUDES_QUOTE,
	  .formats = FORMATS_BOTH },
	{ .name = "quote_get", .path = "/v1/quotes/{id}",
	  .handler = handle_quote_get, .about = "one quote",
	  .reply = SHAPE_QUOTE, .statuses = SAYS_BY_ID,
	  .example = "/v1/quotes/from-russia-with-love-nl~1",
	  .params = PARAMS_QUOTE, .includes = INCLUDES_QUOTE, .formats = FORMATS_BOTH },
	{ .name = "quote_context", .path = "/v1/quotes/{id}/context",
	  .handler = handle_quote_context, .about = "one quote with the text around it",
	  .reply = SHAPE_CONTEXT, .statuses = SAYS_BY_ID,
	  .example = "/v1/quotes/from-russia-with-love-nl~1/context",
	  .params = PARAMS_ONE | PARAM_BIT(PARAM_CHARS) | PARAM_BIT(PARAM_OFFSETS), .formats = FORMATS_BOTH },
	{ .name = "review_list", .path = "/v1/reviews",
	  .handler = handle_review_list, .about = "all reviews",
	  .reply = SHAPE_REVIEW_LIST, .statuses = SAYS_FILTERED,
	  .params = PARAMS_REVIEWS, .includes = INCLUDES_REVIEWS, .sorts = SORTS_REVIEWS,
	  .formats = FORMATS_LIST },
	{ .name = "review_post", .path = "/v1/reviews", .method = METHOD_POST,
	  .handler = handle_review_post, .about = "puts in a new review, as a bundle",
	  .takes = SHAPE_GIVEN_REVIEW, .reply = SHAPE_REVIEW,
	  .statuses = { 201, SAYS_TO_WRITERS, 409, 410, 415, 422 },
	  .params = PARAMS_PLAIN, .formats = FORMAT_BIT_JSON, .body = BODY_JSON, .needs_token = true },
	{ .name = "review_get", .path = "/v1/reviews/{id}",
	  .handler = handle_review_get, .about = "one review with its text",
	  .reply = SHAPE_REVIEW_WITH_TEXT, .statuses = SAYS_BY_ID,
	  .example = "/v1/reviews/from-russia-with-love-nl",
	  .params = PARAMS_ONE, .formats = FORMATS_BOTH },
	{ .name = "review_delete", .path = "/v1/reviews/{id}", .method = METHOD_DELETE,
	  .handler = handle_review_delete, .about = "takes the review out",
	  .statuses = { 204, SAYS_TO_WRITERS, 404, 410, 412, 428 }, .example = "/v1/reviews/my-review",
	  .params = 0, .formats = FORMAT_BIT_JSON, .needs_token = true },
	{ .name = "review_put", .path = "/v1/reviews/{id}", .method = METHOD_PUT,
	  .handler = handle_review_put, .about = "puts in the review, or replaces it, as a bundle",
	  .takes = SHAPE_GIVEN_REVIEW, .reply = SHAPE_REVIEW, .statuses = SAYS_PUT,
	  .example = "/v1/reviews/my-review",
	  .params = PARAMS_PLAIN, .formats = FORMAT_BIT_JSON, .body = BODY_JSON, .needs_token = true },
	{ .name = "bundle_get", .path = "/v1/reviews/{id}/bundle",
	  .handler = handle_bundle_get, .about = "the review as a bundle, as export writes it",
	  .detail = "What `reviewd import` takes, so that it can be changed and given back.",
	  .reply = SHAPE_BUNDLE, .statuses = SAYS_BY_ID,
	  .example = "/v1/reviews/from-russia-with-love-nl/bundle",
	  .params = PARAMS_PLAIN, .formats = FORMAT_BIT_JSON },
	{ .name = "agent_list_by_review", .path = "/v1/reviews/{id}/characters",
	  .handler = handle_agent_list_by_review, .about = "characters of the review",
	  .reply = SHAPE_AGENT_LIST, .statuses = SAYS_BY_ID,
	  .example = "/v1/reviews/from-russia-with-love-nl/characters",
	  .params = PARAMS_AGENTS & ~PARAM_BIT(PARAM_REVIEW), .sorts = SORTS_AGENTS | CHOICE_BIT(SORT_ADDED),
	  .formats = FORMATS_LIST, .kind = AGENT_CHARACTER },
	{ .name = "mention_list_by_review", .path = "/v1/reviews/{id}/mentions",
	  .handler = handle_mention_list_by_review, .about = "who and what is named in the review, and where",
	  .reply = SHAPE_MENTION_LIST, .statuses = SAYS_BY_ID,
	  .example = "/v1/reviews/from-russia-with-love-nl/mentions",
	  .params = PARAMS_MENTIONS_IN_REVIEW, .formats = FORMATS_LIST },
	{ .name = "quote_list_by_review", .path = "/v1/reviews/{id}/quotes",
	  .handler = handle_quote_list_by_review, .about = "quotes of the review",
	  .reply = SHAPE_QUOTE_LIST, .statuses = SAYS_BY_ID,
	  .example = "/v1/reviews/from-russia-with-love-nl/quotes",
	  .params = PARAMS_QUOTES & ~PARAM_BIT(PARAM_REVIEW), .includes = INCLUDES_QUOTE, .sorts = SORTS_QUOTES,
	  .formats = FORMATS_LIST },
	{ .name = "review_text_get", .path = "/v1/reviews/{id}/text",
	  .handler = handle_review_text_get, .about = "the text, byte for byte",
	  .detail = "Without a byte added or changed: spans count from here. A range of bytes may be asked for.",
	  .statuses = { 200, 206, 304, 404, 410, 416 },
	  .example = "/v1/reviews/from-russia-with-love-nl/text",
	  .params = 0, .formats = FORMAT_BIT_TXT },
	{ .name = "search", .path = "/v1/search",
	  .handler = handle_search, .about = "everything that has the words, the best first",
	  .reply = SHAPE_HIT_LIST, .statuses = SAYS_ALWAYS, .example = "/v1/search?q=grafsteen",
	  .params = PARAMS_LIST | PARAM_BIT(PARAM_OFFSETS) | PARAMS_WORDS, .needs = PARAM_BIT(PARAM_Q),
	  .formats = FORMATS_LIST },
	{ .name = "suggest", .path = "/v1/suggest",
	  .handler = handle_suggest, .about = "agents and works that are called what q begins with",
	  .reply = SHAPE_SUGGESTION_LIST, .statuses = SAYS_ALWAYS, .example = "/v1/suggest?q=ker",
	  .params = PARAMS_LIST | PARAM_BIT(PARAM_Q), .needs = PARAM_BIT(PARAM_Q), .formats = FORMATS_LIST },
	{ .name = "verify", .path = "/v1/verify",
	  .handler = handle_verify, .about = "whether a passage stands in the store, and who says it",
	  .reply = SHAPE_VERIFICATION, .statuses = SAYS_ALWAYS,
	  .example = "/v1/verify?text=Maar%20ik%20leef%20te%20gulzig&speaker=darko-kerim-bey",
	  .params = PARAMS_PLAIN | PARAM_BIT(PARAM_OFFSETS) | PARAM_BIT(PARAM_PASSAGE) | PARAM_BIT(PARAM_SPEAKER),
	  .needs = PARAM_BIT(PARAM_PASSAGE), .formats = FORMATS_BOTH },
	{ .name = "verify_post", .path = "/v1/verify", .method = METHOD_POST,
	  .handler = handle_verify_post, .about = "the same of a long passage",
	  .detail = "It takes no token, for it stores nothing: JSON, or the passage itself as text/plain with "
		    "`speaker` in the address; 256 KiB at most.",
	  .takes = SHAPE_GIVEN_PASSAGE, .reply = SHAPE_VERIFICATION, .statuses = { 200, 415, 422 },
	  .params = PARAMS_PLAIN | PARAM_BIT(PARAM_OFFSETS) | PARAM_BIT(PARAM_SPEAKER), .formats = FORMATS_BOTH,
	  .body = BODY_WORDS, .body_max = 256 * 1024 },
	{ .name = "work_list", .path = "/v1/works",
	  .handler = handle_work_list, .about = "all works",
	  .reply = SHAPE_WORK_LIST, .statuses = SAYS_FILTERED,
	  .params = PARAMS_WORKS, .sorts = SORTS_WORKS, .formats = FORMATS_LIST },
	{ .name = "work_get", .path = "/v1/works/{id}",
	  .handler = handle_work_get, .about = "one work",
	  .reply = SHAPE_WORK, .statuses = SAYS_BY_ID,
	  .example = "/v1/works/from-russia-with-love",
	  .params = PARAMS_ONE, .formats = FORMATS_BOTH },
	{ .name = "work_put", .path = "/v1/works/{id}", .method = METHOD_PUT,
	  .handler = handle_work_put, .about = "puts in the work, or replaces it",
	  .takes = SHAPE_GIVEN_WORK, .reply = SHAPE_WORK, .statuses = SAYS_PUT_FOR_EVER,
	  .example = "/v1/works/my-work",
	  .params = PARAMS_PLAIN, .formats = FORMAT_BIT_JSON, .body = BODY_JSON, .needs_token = true },
	{ .name = "agent_list_by_work", .path = "/v1/works/{id}/characters",
	  .handler = handle_agent_list_by_work, .about = "characters in the reviews of the work",
	  .reply = SHAPE_AGENT_LIST, .statuses = SAYS_BY_ID,
	  .example = "/v1/works/from-russia-with-love/characters",
	  .params = PARAMS_AGENTS & ~PARAM_BIT(PARAM_WORK), .sorts = SORTS_AGENTS,
	  .formats = FORMATS_LIST, .kind = AGENT_CHARACTER },
	{ .name = "quote_list_by_work", .path = "/v1/works/{id}/quotes",
	  .handler = handle_quote_list_by_work, .about = "quotes from the work",
	  .reply = SHAPE_QUOTE_LIST, .statuses = SAYS_BY_ID,
	  .example = "/v1/works/from-russia-with-love/quotes",
	  .params = PARAMS_QUOTES & ~PARAM_BIT(PARAM_WORK), .includes = INCLUDES_QUOTE, .sorts = SORTS_QUOTES,
	  .formats = FORMATS_LIST },
	{ .name = "review_list_by_work", .path = "/v1/works/{id}/reviews",
	  .handler = handle_review_list_by_work, .about = "reviews of the work",
	  .reply = SHAPE_REVIEW_LIST, .statuses = SAYS_BY_ID,
	  .example = "/v1/works/from-russia-with-love/reviews",
	  .params = PARAMS_REVIEWS & ~PARAM_BIT(PARAM_WORK), .includes = INCLUDES_REVIEWS, .sorts = SORTS_REVIEWS,
	  .formats = FORMATS_LIST },
};
/* clang-format on */
const char *const method_names[METHODS] = { "GET", "DELETE", "POST", "PUT" };

const size_t route_count = sizeof(routes) / sizeof(routes[0]);

struct param_scope route_scope(const struct route *route)
{
	enum shape shape = route->params & PARAM_BIT(PARAM_FIELDS) ? route->reply : SHAPE_NONE;
	return (struct param_scope) {
		.takes = route->params,
		.includes = route->includes,
		.sorts = route->sorts,
		.fields = shape_fields[shape],
	};
}

bool route_says(const struct route *route, unsigned status)
{
	/* What has a tag may be asked for by another one. */
	if (status == 412 && route_says(route, 304))
		return true;
	for (size_t i = 0; i < ROUTE_STATUSES_MAX; i++) {
		if (route->statuses[i] == status)
			return true;
	}
	return false;
}

const char *route_summary(const struct route *route, struct arena *arena)
{
	char *summary = arena_strdup(arena, route->about);
	if (summary)
		summary[0] = (char)toupper((unsigned char)summary[0]);
	return summary;
}

const char *route_example(const struct route *route)
{
	return route->example ? route->example : route->path;
}

const char *route_operation_id(const struct route *route, struct arena *arena)
{
	static const char agent[] = "agent";
	const char *found = strstr(route->name, agent);
	if (!found)
		return arena_strdup(arena, route->name);
	return arena_printf(arena, "%.*s%s%s", (int)(found - route->name), route->name, agent_kind_names[route->kind],
		found + sizeof(agent) - 1);
}
