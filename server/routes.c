// SPDX-License-Identifier: MIT
#include "server/routes.h"

#include "server/format.h"
#include "server/handlers/handlers.h"

enum { FORMATS_BOTH = FORMAT_BIT_JSON | FORMAT_BIT_TXT };

#define PARAMS_PLAIN PARAM_BIT(PARAM_PRETTY)
#define PARAMS_ONE (PARAMS_PLAIN | PARAM_BIT(PARAM_FIELDS))
#define PARAMS_LIST (PARAMS_ONE | PARAM_BIT(PARAM_LIMIT) | PARAM_BIT(PARAM_CURSOR))
#define PARAMS_SORTED (PARAMS_LIST | PARAM_BIT(PARAM_SORT))
#define PARAMS_QUOTE (PARAMS_ONE | PARAM_BIT(PARAM_INCLUDE))
#define PARAMS_QUOTES (PARAMS_SORTED | PARAMS_QUOTE | PARAMS_QUOTE_FILTER | PARAM_BIT(PARAM_SEED))
#define PARAMS_REVIEWS                                                                       \
	(PARAMS_SORTED | PARAMS_REVIEW_FILTER | PARAMS_LENGTH | PARAM_BIT(PARAM_CHARACTER) | \
		PARAM_BIT(PARAM_INCLUDE) | PARAM_BIT(PARAM_PERSON) | PARAM_BIT(PARAM_WORK))
#define PARAMS_WORKS                                                                                        \
	(PARAMS_SORTED | PARAM_BIT(PARAM_CHARACTER) | PARAM_BIT(PARAM_LANGUAGE) | PARAM_BIT(PARAM_PERSON) | \
		PARAM_BIT(PARAM_PUBLISHED_FROM) | PARAM_BIT(PARAM_PUBLISHED_TO) | PARAM_BIT(PARAM_REVIEW))
#define PARAMS_AGENTS (PARAMS_SORTED | PARAM_BIT(PARAM_REVIEW) | PARAM_BIT(PARAM_WORK))
#define PARAMS_MENTIONS_OF_AGENT (PARAMS_LIST | PARAMS_REVIEW_FILTER | PARAM_BIT(PARAM_REVIEW) | PARAM_BIT(PARAM_WORK))
#define PARAMS_MENTIONS_IN_REVIEW \
	(PARAMS_LIST | PARAM_BIT(PARAM_CHARACTER) | PARAM_BIT(PARAM_PERSON) | PARAM_BIT(PARAM_WORK))

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

/* clang-format off */
const struct route routes[] = {
	{ .name = "root_get", .path = "/",
	  .handler = handle_root_get, .about = "leads to the index",
	  .params = PARAMS_PLAIN, .formats = FORMATS_BOTH, .is_static = true },
	{ .name = "livez", .path = "/livez",
	  .handler = handle_livez, .about = "whether the service runs",
	  .params = PARAMS_PLAIN, .formats = FORMATS_BOTH, .is_static = true },
	{ .name = "problem_get", .path = "/problems/{code}",
	  .handler = handle_problem_get, .about = "what a problem means",
	  .params = PARAMS_PLAIN, .formats = FORMATS_BOTH, .is_static = true },
	{ .name = "store_get", .path = "/v1",
	  .handler = handle_store_get, .about = "index: version, revision, counts and where to go on",
	  .params = PARAMS_PLAIN, .formats = FORMATS_BOTH },
	{ .name = "change_list", .path = "/v1/changes",
	  .handler = handle_change_list, .about = "what has changed since a revision, the last change of each thing",
	  .params = PARAMS_LIST | PARAM_BIT(PARAM_SINCE),
	  .item = "change",
	  .formats = FORMATS_BOTH },
	{ .name = "agent_list", .path = "/v1/characters",
	  .handler = handle_agent_list, .about = "all characters",
	  .params = PARAMS_AGENTS,
	  .sorts = SORTS_AGENTS, .item = "agent",
	  .formats = FORMATS_BOTH, .kind = AGENT_CHARACTER },
	{ .name = "agent_get", .path = "/v1/characters/{id}",
	  .handler = handle_agent_get, .about = "one character, by id, name or alias",
	  .params = PARAMS_ONE,
	  .item = "agent",
	  .formats = FORMATS_BOTH, .kind = AGENT_CHARACTER },
	{ .name = "mention_list_by_agent", .path = "/v1/characters/{id}/mentions",
	  .handler = handle_mention_list_by_agent, .about = "where the character is named",
	  .params = PARAMS_MENTIONS_OF_AGENT,
	  .item = "mention",
	  .formats = FORMATS_BOTH, .kind = AGENT_CHARACTER },
	{ .name = "quote_list_by_agent", .path = "/v1/characters/{id}/quotes",
	  .handler = handle_quote_list_by_agent, .about = "what the character says",
	  .params = PARAMS_QUOTES & ~PARAMS_WHO_SPEAKS,
	  .includes = INCLUDES_QUOTE, .sorts = SORTS_QUOTES, .item = "quote",
	  .formats = FORMATS_BOTH, .kind = AGENT_CHARACTER },
	{ .name = "review_list_by_agent", .path = "/v1/characters/{id}/reviews",
	  .handler = handle_review_list_by_agent, .about = "reviews the character stands in",
	  .params = PARAMS_REVIEWS,
	  .includes = INCLUDES_REVIEWS, .sorts = SORTS_REVIEWS, .item = "review_with_text",
	  .formats = FORMATS_BOTH, .kind = AGENT_CHARACTER },
	{ .name = "facet_list", .path = "/v1/facets",
	  .handler = handle_facet_list, .about = "how many quotes each speaker, work, language and so on has",
	  .params = PARAMS_PLAIN | PARAMS_QUOTE_FILTER | PARAM_BIT(PARAM_BY) | PARAM_BIT(PARAM_LIMIT),
	  .formats = FORMATS_BOTH },
	{ .name = "agent_list", .path = "/v1/organisations",
	  .handler = handle_agent_list, .about = "all organisations",
	  .params = PARAMS_AGENTS,
	  .sorts = SORTS_AGENTS, .item = "agent",
	  .formats = FORMATS_BOTH, .kind = AGENT_ORGANISATION },
	{ .name = "agent_get", .path = "/v1/organisations/{id}",
	  .handler = handle_agent_get, .about = "one organisation, by id, name or alias",
	  .params = PARAMS_ONE,
	  .item = "agent",
	  .formats = FORMATS_BOTH, .kind = AGENT_ORGANISATION },
	{ .name = "mention_list_by_agent", .path = "/v1/organisations/{id}/mentions",
	  .handler = handle_mention_list_by_agent, .about = "where the organisation is named",
	  .params = PARAMS_MENTIONS_OF_AGENT,
	  .item = "mention",
	  .formats = FORMATS_BOTH, .kind = AGENT_ORGANISATION },
	{ .name = "quote_list_by_agent", .path = "/v1/organisations/{id}/quotes",
	  .handler = handle_quote_list_by_agent, .about = "what the organisation says",
	  .params = PARAMS_QUOTES & ~PARAMS_WHO_SPEAKS,
	  .includes = INCLUDES_QUOTE, .sorts = SORTS_QUOTES, .item = "quote",
	  .formats = FORMATS_BOTH, .kind = AGENT_ORGANISATION },
	{ .name = "review_list_by_agent", .path = "/v1/organisations/{id}/reviews",
	  .handler = handle_review_list_by_agent, .about = "reviews the organisation stands in",
	  .params = PARAMS_REVIEWS,
	  .includes = INCLUDES_REVIEWS, .sorts = SORTS_REVIEWS, .item = "review_with_text",
	  .formats = FORMATS_BOTH, .kind = AGENT_ORGANISATION },
	{ .name = "agent_list", .path = "/v1/people",
	  .handler = handle_agent_list, .about = "all people",
	  .params = PARAMS_AGENTS,
	  .sorts = SORTS_AGENTS, .item = "agent",
	  .formats = FORMATS_BOTH, .kind = AGENT_PERSON },
	{ .name = "agent_get", .path = "/v1/people/{id}",
	  .handler = handle_agent_get, .about = "one person, by id, name or alias",
	  .params = PARAMS_ONE,
	  .item = "agent",
	  .formats = FORMATS_BOTH, .kind = AGENT_PERSON },
	{ .name = "mention_list_by_agent", .path = "/v1/people/{id}/mentions",
	  .handler = handle_mention_list_by_agent, .about = "where the person is named",
	  .params = PARAMS_MENTIONS_OF_AGENT,
	  .item = "mention",
	  .formats = FORMATS_BOTH, .kind = AGENT_PERSON },
	{ .name = "quote_list_by_agent", .path = "/v1/people/{id}/quotes",
	  .handler = handle_quote_list_by_agent, .about = "what the person says",
	  .params = PARAMS_QUOTES & ~PARAMS_WHO_SPEAKS,
	  .includes = INCLUDES_QUOTE, .sorts = SORTS_QUOTES, .item = "quote",
	  .formats = FORMATS_BOTH, .kind = AGENT_PERSON },
	{ .name = "review_list_by_agent", .path = "/v1/people/{id}/reviews",
	  .handler = handle_review_list_by_agent, .about = "reviews the person stands in",
	  .params = PARAMS_REVIEWS,
	  .includes = INCLUDES_REVIEWS, .sorts = SORTS_REVIEWS, .item = "review_with_text",
	  .formats = FORMATS_BOTH, .kind = AGENT_PERSON },
	{ .name = "quote_list", .path = "/v1/quotes",
	  .handler = handle_quote_list, .about = "all quotes, filtered",
	  .params = PARAMS_QUOTES,
	  .includes = INCLUDES_QUOTE, .sorts = SORTS_QUOTES, .item = "quote",
	  .formats = FORMATS_BOTH },
	{ .name = "quote_daily", .path = "/v1/quotes/daily",
	  .handler = handle_quote_daily, .about = "the quote of the day",
	  .params = PARAMS_QUOTE | PARAMS_QUOTE_FILTER | PARAM_BIT(PARAM_DATE),
	  .includes = INCLUDES_QUOTE, .item = "quote",
	  .formats = FORMATS_BOTH },
	{ .name = "quote_random", .path = "/v1/quotes/random",
	  .handler = handle_quote_random, .about = "one quote, each equally likely",
	  .params = PARAMS_QUOTE | PARAMS_QUOTE_FILTER | PARAM_BIT(PARAM_SEED),
	  .includes = INCLUDES_QUOTE, .item = "quote",
	  .formats = FORMATS_BOTH },
	{ .name = "quote_get", .path = "/v1/quotes/{id}",
	  .handler = handle_quote_get, .about = "one quote",
	  .params = PARAMS_QUOTE,
	  .includes = INCLUDES_QUOTE, .item = "quote",
	  .formats = FORMATS_BOTH },
	{ .name = "quote_context", .path = "/v1/quotes/{id}/context",
	  .handler = handle_quote_context, .about = "one quote with the text around it",
	  .params = PARAMS_ONE | PARAM_BIT(PARAM_CHARS),
	  .item = "context",
	  .formats = FORMATS_BOTH },
	{ .name = "review_list", .path = "/v1/reviews",
	  .handler = handle_review_list, .about = "all reviews",
	  .params = PARAMS_REVIEWS,
	  .includes = INCLUDES_REVIEWS, .sorts = SORTS_REVIEWS, .item = "review_with_text",
	  .formats = FORMATS_BOTH },
	{ .name = "review_get", .path = "/v1/reviews/{id}",
	  .handler = handle_review_get, .about = "one review with its text",
	  .params = PARAMS_ONE,
	  .item = "review_with_text",
	  .formats = FORMATS_BOTH },
	{ .name = "bundle_get", .path = "/v1/reviews/{id}/bundle",
	  .handler = handle_bundle_get, .about = "the review as a bundle, as export writes it",
	  .params = PARAMS_PLAIN, .formats = FORMAT_BIT_JSON },
	{ .name = "agent_list_by_review", .path = "/v1/reviews/{id}/characters",
	  .handler = handle_agent_list_by_review, .about = "characters of the review",
	  .params = PARAMS_AGENTS & ~PARAM_BIT(PARAM_REVIEW),
	  .sorts = SORTS_AGENTS | CHOICE_BIT(SORT_ADDED), .item = "agent",
	  .formats = FORMATS_BOTH, .kind = AGENT_CHARACTER },
	{ .name = "mention_list_by_review", .path = "/v1/reviews/{id}/mentions",
	  .handler = handle_mention_list_by_review, .about = "who and what is named in the review, and where",
	  .params = PARAMS_MENTIONS_IN_REVIEW,
	  .item = "mention",
	  .formats = FORMATS_BOTH },
	{ .name = "quote_list_by_review", .path = "/v1/reviews/{id}/quotes",
	  .handler = handle_quote_list_by_review, .about = "quotes of the review",
	  .params = PARAMS_QUOTES & ~PARAM_BIT(PARAM_REVIEW),
	  .includes = INCLUDES_QUOTE, .sorts = SORTS_QUOTES, .item = "quote",
	  .formats = FORMATS_BOTH },
	{ .name = "review_text_get", .path = "/v1/reviews/{id}/text",
	  .handler = handle_review_text_get, .about = "the text, byte for byte",
	  .params = 0, .formats = FORMAT_BIT_TXT },
	{ .name = "work_list", .path = "/v1/works",
	  .handler = handle_work_list, .about = "all works",
	  .params = PARAMS_WORKS,
	  .sorts = SORTS_WORKS, .item = "work",
	  .formats = FORMATS_BOTH },
	{ .name = "work_get", .path = "/v1/works/{id}",
	  .handler = handle_work_get, .about = "one work",
	  .params = PARAMS_ONE,
	  .item = "work",
	  .formats = FORMATS_BOTH },
	{ .name = "agent_list_by_work", .path = "/v1/works/{id}/characters",
	  .handler = handle_agent_list_by_work, .about = "characters in the reviews of the work",
	  .params = PARAMS_AGENTS & ~PARAM_BIT(PARAM_WORK),
	  .sorts = SORTS_AGENTS, .item = "agent",
	  .formats = FORMATS_BOTH, .kind = AGENT_CHARACTER },
	{ .name = "quote_list_by_work", .path = "/v1/works/{id}/quotes",
	  .handler = handle_quote_list_by_work, .about = "quotes from the work",
	  .params = PARAMS_QUOTES & ~PARAM_BIT(PARAM_WORK),
	  .includes = INCLUDES_QUOTE, .sorts = SORTS_QUOTES, .item = "quote",
	  .formats = FORMATS_BOTH },
	{ .name = "review_list_by_work", .path = "/v1/works/{id}/reviews",
	  .handler = handle_review_list_by_work, .about = "reviews of the work",
	  .params = PARAMS_REVIEWS & ~PARAM_BIT(PARAM_WORK),
	  .includes = INCLUDES_REVIEWS, .sorts = SORTS_REVIEWS, .item = "review_with_text",
	  .formats = FORMATS_BOTH },
};
/* clang-format on */
const size_t route_count = sizeof(routes) / sizeof(routes[0]);
