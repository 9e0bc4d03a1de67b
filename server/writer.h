// SPDX-License-Identifier: MIT
/*
 * The one thread that writes. It owns the only writing connection of the process and every checkpoint.
 *
 * What comes while it commits waits, and is then committed together: one transaction, one wait for the disk, for
 * however many clients. The connection, and with it the lock that keeps other processes from writing, is held only
 * while there is something to write and a moment longer, so that `reviewd import` can work beside a running server.
 *
 * After a fault of the disk, or when the store is found damaged, nothing more is written until a trial write goes well,
 * and the file's structure is sound again; that is tried every few seconds.
 */
#pragma once

#include <stdbool.h>

#include "server/write.h"

struct writer;

/* `path` is that of a store that exists. NULL with errno: the thread cannot be had. */
struct writer *writer_start(const char *path);

/* Ends what has been handed over, and gives the store back. Accepts NULL. */
void writer_stop(struct writer *writer);

/* Takes a write over until its done() is called, on the writer's thread. From any thread. */
void writer_submit(struct writer *writer, struct write *write);

/* False after a fault of the disk, until writing goes well again: *ret_reason is then for people. From any thread. */
bool writer_is_well(struct writer *writer, const char **ret_reason);
