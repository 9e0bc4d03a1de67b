// SPDX-License-Identifier: MIT
/* The thing that {id} of a path names, or the answer that there is none. */
#pragma once

#include "db/agents.h"
#include "db/reviews.h"
#include "db/works.h"
#include "server/request.h"

/*
 * DB_OK: found; or not, and then the response has its status. An agent may be called by name or alias: the
 * response then leads to the one it names (302), or lists the choices (300). Its aliases are not read.
 */
DB_CHECKED enum db_status subject_agent(struct request *request, struct response *response, struct agent *ret_agent);
DB_CHECKED enum db_status subject_review(struct request *request, struct response *response, struct review *ret_review);
DB_CHECKED enum db_status subject_work(struct request *request, struct response *response, struct work *ret_work);
