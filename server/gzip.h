// SPDX-License-Identifier: MIT
/* Bodies coded with gzip (RFC 1952). */
#pragma once

#include <stdbool.h>

#include "db/text/buffer.h"

/* Below it the headers of an answer weigh as much as what is saved. */
enum { GZIP_WORTH_BYTES = 1024 };

/* Replaces the content by itself, coded. False when memory runs out: the content is as it was. */
bool gzip_buffer(struct buffer *buffer);
