// SPDX-License-Identifier: MIT
/* Answers that say no: problem details (RFC 9457), or one plain line where plain text was asked for. */
#pragma once

#include <stddef.h>

#include "db/bundle.h"
#include "server/json/bundle_read.h"

struct request;
struct response;

/* A kind of problem; its code is stable and the end of its `type`. */
struct problem_type {
	const char *code;
	unsigned status;
	const char *title;
	const char *about; /* what it means and what to do */
};

/* In the order of their codes. */
extern const struct problem_type problem_types[];
extern const size_t problem_type_count;

/* NULL: there is no such code. */
const struct problem_type *problem_find(const char *code);

/* What is said besides the detail. Zero-initialise. */
struct problem {
	const char *code;
	const char *detail;                   /* a sentence for people, without a full stop; NULL: memory ran out */
	const char *parameter;                /* which one is at fault, or NULL */
	const struct bundle_problems *places; /* what is wrong in the body, and where; or NULL */
	struct string_list nearest;           /* what may have been meant */
};

/* Makes `response` this problem, whatever it was before. */
void problem_answer(struct request *request, struct response *response, const struct problem *problem);
