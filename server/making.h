// SPDX-License-Identifier: MIT
/* A store that is not there yet. */
#pragma once

#include <stdbool.h>

#include "server/reviewd.h"

/*
 * A missing store is made, with the seed review in it unless `empty`; an older one is brought up to date, and so is
 * an index of words that was left for later. While another process does so, or writes, it is left as it is.
 */
REVIEWD_CHECKED enum reviewd_status make_store(const char *path, bool empty, struct reviewd_error *ret_error);
