// SPDX-License-Identifier: MIT
/* The exports that are under way, of the whole service: each holds a connection to the store, and a snapshot of it. */
#pragma once

#include <stdatomic.h>

/* While there is one the log of the store is not emptied, and a connection takes 2 MiB. */
enum { EXPORTS_MAX = 4 };

struct exports {
	const char *path; /* of the store; borrowed */
	_Atomic unsigned count;
};
