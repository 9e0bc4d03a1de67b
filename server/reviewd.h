// SPDX-License-Identifier: MIT
/*
 * reviewd as a library: the service with its store inside any C program.
 *
 *     struct reviewd *service;
 *     struct reviewd_error error;
 *     const struct reviewd_options options = { .db = "reviews.db", .listen = "127.0.0.1:0" };
 *     if (reviewd_open(&options, &service, &error) != REVIEWD_OK || reviewd_start(service, &error) != REVIEWD_OK)
 *             errx(1, "%s", error.message);
 *     puts(reviewd_address(service));
 *     …
 *     reviewd_stop(service);
 *     reviewd_close(service);
 *
 * The library starts threads, but touches no signal, no limit and no standard stream of the process; what it has to say
 * while serving goes to the sink of reviewd_log_to(). A program that gives Jansson its own functions for memory does so
 * before its first call (server/json/json_parse.h). Functions for one store may be called from any thread, one
 * at a time.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* The values are the exit codes of the command line (sysexits.h). */
enum reviewd_status {
	REVIEWD_OK = 0,
	REVIEWD_USAGE = 64,         /* an option makes no sense */
	REVIEWD_DATA = 65,          /* a bundle was refused; the store is damaged or none */
	REVIEWD_NO_INPUT = 66,      /* there is no such file, store or review */
	REVIEWD_UNAVAILABLE = 69,   /* the address is in use or not of this machine */
	REVIEWD_INTERNAL = 70,      /* out of memory; a bug */
	REVIEWD_CANNOT_CREATE = 73, /* the store cannot be made there */
	REVIEWD_IO = 74,            /* the disk is full or failing */
	REVIEWD_BUSY = 75,          /* another process is writing; try again later */
	REVIEWD_DENIED = 77,        /* no permission */
	REVIEWD_NEWER = 78          /* the store is of a later version of reviewd */
};

#define REVIEWD_CHECKED __attribute__((warn_unused_result))

/* One line for people: what happened, and what to do. */
struct reviewd_error {
	char message[512];
};

struct reviewd;

/* A line for each answer, to where the log goes; what a client sent is escaped in it. */
enum reviewd_access_log {
	REVIEWD_ACCESS_NONE,
	REVIEWD_ACCESS_COMBINED, /* Apache's, with request id and seconds behind it */
	REVIEWD_ACCESS_JSON
};

/* NULL and 0 stand for the defaults. Strings are only read during reviewd_open(). */
struct reviewd_options {
	const char *db;        /* path of the store; default reviews.db */
	const char *listen;    /* HOST:PORT, [IPV6]:PORT; port 0 is any free one; default 127.0.0.1:8080 */
	unsigned threads;      /* default: one for each processor, at most 64 */
	bool empty;            /* a store that is made does not get the seed review */
	bool read_only;        /* a missing store is an error, nothing is written */
	size_t body_bytes_max; /* of one document; default 8 MiB */
	unsigned connections;  /* at a time, over all addresses; default 8000 */
	unsigned per_address;  /* connections from one address; default 256, and any number from this machine itself */
	size_t cache_bytes;    /* for answers given before; default 32 MiB */
	bool no_cache;         /* every answer is made anew */
	enum reviewd_access_log access_log;
};

/*
 * Opens the store, makes it or brings it up to date, and looks it over for a moment. Nothing is served yet.
 * REVIEWD_USAGE, _DATA, _NO_INPUT, _INTERNAL, _CANNOT_CREATE, _IO, _DENIED, _NEWER.
 */
REVIEWD_CHECKED enum reviewd_status reviewd_open(
	const struct reviewd_options *options, struct reviewd **ret_service, struct reviewd_error *ret_error);

/* Listens and serves, on threads of its own, from when it returns. REVIEWD_UNAVAILABLE, _DENIED, _INTERNAL. */
REVIEWD_CHECKED enum reviewd_status reviewd_start(struct reviewd *service, struct reviewd_error *ret_error);

/* Where it is served, "http://127.0.0.1:8080"; NULL before reviewd_start(). Borrowed until reviewd_close(). */
const char *reviewd_address(const struct reviewd *service);

/* No new connections; requests under way have four seconds to end. May be started again. */
void reviewd_stop(struct reviewd *service);

/* Stops, and closes the store. Accepts NULL. */
void reviewd_close(struct reviewd *service);

/* What an import has done so far. */
struct reviewd_import_result {
	uint64_t added, changed, unchanged, refused; /* bundles */
	uint64_t quotes, spans, mentions;            /* in those that were not refused; the spans are those of quotes */
	uint64_t text_bytes;                         /* of their texts */
	uint64_t input_read, input_bytes; /* of the files, as they lie on the disk; `input_bytes` is 0 when not known */
	uint64_t nanoseconds;
};

/* What import tells while it runs; both are called on the calling thread and may be NULL. */
struct reviewd_import_listener {
	/* A place that is wrong: `line` from 1 in `file`, `pointer` a JSON pointer (RFC 6901) into the bundle there. */
	void (*refused)(const char *file, uint64_t line, const char *pointer, const char *reason, void *context);
	void (*progress)(const struct reviewd_import_result *so_far, void *context);
	void *context;
};

/* A bare text, which becomes a bundle. What is NULL is not known. */
struct reviewd_text {
	const char *file; /* valid UTF-8 without NUL, kept byte for byte */
	const char *id;   /* of the review; NULL: made from the file's name, or else from `work` */
	const char *title, *language, *reviewer;
	const char *work; /* its title; or its id, if it is written like one: small letters, digits, hyphens */
	const char *const *authors; /* of the work, names */
	size_t author_count;
	const char *const *characters; /* names; wherever the text has one is a mention */
	size_t character_count;
};

/* A file may be packed with gzip; "-" is standard input. */
struct reviewd_import_options {
	const char *db;                  /* as above */
	const struct reviewd_text *text; /* comes first; NULL for none */
	const char *const *files;        /* JSON or NDJSON, at most 256 MiB for one bundle */
	size_t file_count;
	bool dry_run;  /* nothing is kept */
	bool atomic;   /* all or nothing, instead of each bundle for itself */
	bool no_index; /* the index of words is left for the next import, or for reviewd_open() */
};

/*
 * Puts bundles into the store, which is made when it is missing and this is no dry run. Each bundle is taken whole or
 * not at all; a bad one is told to the listener and the rest goes on. *ret_result is what was read, untouched when the
 * store failed; with REVIEWD_DATA and `atomic` nothing of it was kept. REVIEWD_DATA: at least one was refused.
 * REVIEWD_NO_INPUT: at least one file could not be read. And as reviewd_open(). A thread of its own reads the files and
 * ends with the call.
 */
REVIEWD_CHECKED enum reviewd_status reviewd_import(const struct reviewd_import_options *options,
	const struct reviewd_import_listener *listener, struct reviewd_import_result *ret_result,
	struct reviewd_error *ret_error);

/*
 * Writes bundles as NDJSON in the order of their ids, all from one moment: the one of `review`, or all for NULL.
 * REVIEWD_NO_INPUT: no such store or review. REVIEWD_IO: `out` takes no more.
 */
REVIEWD_CHECKED enum reviewd_status reviewd_export(
	const char *db, const char *review, FILE *out, struct reviewd_error *ret_error);

struct reviewd_check_result {
	int64_t problems, reviews, spans, names; /* found, and looked at */
};

struct reviewd_check_listener {
	void (*found)(const char *what, void *context);                         /* one line for people */
	void (*progress)(int64_t reviews_done, int64_t reviews, void *context); /* may be NULL */
	void *context;
};

/* Proves the whole store: the file, every text, every span. REVIEWD_DATA: there are problems. */
REVIEWD_CHECKED enum reviewd_status reviewd_check(const char *db, const struct reviewd_check_listener *listener,
	struct reviewd_check_result *ret_result, struct reviewd_error *ret_error);

struct reviewd_backup_options {
	const char *db;   /* as above */
	const char *file; /* where the copy is to be */
	FILE *out;        /* instead of `file`, unless NULL; it is gathered below $TMPDIR first */
	bool replace;     /* an older copy that is not in use gives way */
};

struct reviewd_backup_result {
	int64_t revision, reviews, quotes; /* of the copy */
	uint64_t bytes;
};

struct reviewd_backup_listener {
	void (*progress)(int64_t bytes_done, int64_t bytes, void *context); /* may be NULL */
	void *context;
};

/*
 * Copies the store as it is at one moment, while others read and write it: every write that was acknowledged before is
 * in the copy. It is a store by itself, and on the disk when this returns; until then there is no `file`, or the one
 * before. REVIEWD_CANNOT_CREATE: there is a file already, or it cannot be made. REVIEWD_BUSY: another backup is making
 * the same file. REVIEWD_NO_INPUT, _DATA, _DENIED, _IO, _INTERNAL, _NEWER.
 */
REVIEWD_CHECKED enum reviewd_status reviewd_backup(const struct reviewd_backup_options *options,
	const struct reviewd_backup_listener *listener, struct reviewd_backup_result *ret_result,
	struct reviewd_error *ret_error);

/* Writes the OpenAPI 3.1 document of the HTTP interface. REVIEWD_IO: `out` takes no more. */
REVIEWD_CHECKED enum reviewd_status reviewd_openapi(FILE *out, struct reviewd_error *ret_error);

/* With its NUL. */
enum { REVIEWD_TOKEN_SIZE = 48 };

/*
 * Makes a token for writing over HTTP, which is given out here and never again: the store keeps a hash of it. `name` is
 * whose it is, for people. Works beside a running server, which takes the token at once. REVIEWD_DATA: there is a token
 * of this name. The store is made when it is missing.
 */
REVIEWD_CHECKED enum reviewd_status reviewd_token_add(
	const char *db, const char *name, char ret_token[REVIEWD_TOKEN_SIZE], struct reviewd_error *ret_error);

/* From now on the token of this name is none. REVIEWD_NO_INPUT: there is none. */
REVIEWD_CHECKED enum reviewd_status reviewd_token_revoke(
	const char *db, const char *name, struct reviewd_error *ret_error);

/* Tells of each token, in the order of the names. */
REVIEWD_CHECKED enum reviewd_status reviewd_token_list(const char *db,
	void (*found)(const char *name, const char *added_at, void *context), void *context,
	struct reviewd_error *ret_error);

/* "0.1.0", and one line `name version` for it and each library. Constant. */
const char *reviewd_version(void);
const char *reviewd_versions(void);

/*
 * Lines about faults while serving, and those of the access log, without a line end; NULL: to standard error. Called
 * from any thread. Set it first.
 */
void reviewd_log_to(void (*sink)(const char *line));
