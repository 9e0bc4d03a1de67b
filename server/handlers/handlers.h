// SPDX-License-Identifier: MIT
/* What answers each row of the route table: handle_<name of the row>. For the table alone; see struct route. */
#pragma once

#include "db/db.h"

struct request;
struct response;

/* index.c */
enum db_status handle_root_get(struct request *request, struct response *response);
enum db_status handle_store_get(struct request *request, struct response *response);
enum db_status handle_livez(struct request *request, struct response *response);
enum db_status handle_readyz(struct request *request, struct response *response);
enum db_status handle_problem_get(struct request *request, struct response *response);

/* changes.c */
enum db_status handle_change_list(struct request *request, struct response *response);

/* descriptions.c */
enum db_status handle_catalog_get(struct request *request, struct response *response);
enum db_status handle_docs_get(struct request *request, struct response *response);
enum db_status handle_openapi_get(struct request *request, struct response *response);

/* export.c */
enum db_status handle_export(struct request *request, struct response *response);

/* facets.c */
enum db_status handle_facet_list(struct request *request, struct response *response);

/* agents.c */
enum db_status handle_agent_list(struct request *request, struct response *response);
enum db_status handle_agent_get(struct request *request, struct response *response);
enum db_status handle_agent_list_by_review(struct request *request, struct response *response);
enum db_status handle_agent_list_by_work(struct request *request, struct response *response);

/* bundle_import.c */
enum db_status handle_bundle_import(struct request *request, struct response *response);
/* metrics.c */
enum db_status handle_metrics_get(struct request *request, struct response *response);

/* mentions.c */
enum db_status handle_mention_list_by_agent(struct request *request, struct response *response);
enum db_status handle_mention_list_by_review(struct request *request, struct response *response);

/* quotes.c */
enum db_status handle_quote_list(struct request *request, struct response *response);
enum db_status handle_quote_get(struct request *request, struct response *response);
enum db_status handle_quote_list_by_agent(struct request *request, struct response *response);
enum db_status handle_quote_list_by_review(struct request *request, struct response *response);
enum db_status handle_quote_list_by_work(struct request *request, struct response *response);
enum db_status handle_quote_context(struct request *request, struct response *response);
enum db_status handle_quote_daily(struct request *request, struct response *response);
enum db_status handle_quote_random(struct request *request, struct response *response);

/* reviews.c */
enum db_status handle_review_list(struct request *request, struct response *response);
enum db_status handle_review_get(struct request *request, struct response *response);
enum db_status handle_review_list_by_agent(struct request *request, struct response *response);
enum db_status handle_review_list_by_work(struct request *request, struct response *response);
enum db_status handle_review_text_get(struct request *request, struct response *response);
enum db_status handle_bundle_get(struct request *request, struct response *response);

/* search.c */
enum db_status handle_search(struct request *request, struct response *response);
enum db_status handle_suggest(struct request *request, struct response *response);
enum db_status handle_verify_post(struct request *request, struct response *response);
enum db_status handle_verify(struct request *request, struct response *response);
/* review_writes.c */
enum db_status handle_review_delete(struct request *request, struct response *response);
enum db_status handle_review_post(struct request *request, struct response *response);
enum db_status handle_review_put(struct request *request, struct response *response);

/* subject_writes.c */
enum db_status handle_agent_put(struct request *request, struct response *response);
enum db_status handle_work_put(struct request *request, struct response *response);

/* works.c */
enum db_status handle_work_list(struct request *request, struct response *response);
enum db_status handle_work_get(struct request *request, struct response *response);
