// SPDX-License-Identifier: MIT
/* The program: a thin user of server/reviewd.h. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "server/options.h"
#include "server/reviewd.h"

/* On one line, and nothing that a terminal would take for a command. */
static void put_plain(const char *string)
{
	for (const unsigned char *c = (const unsigned char *)string; *c; c++) {
		if (*c < ' ' || *c == 0x7f)
			fprintf(stderr, "\\x%02x", *c);
		else if (*c == 0xc2 && c[1] >= 0x80 && c[1] <= 0x9f)
			fprintf(stderr, "\\x%02x", *++c);
		else
			putc(*c, stderr);
	}
}

static enum reviewd_status tell(enum reviewd_status status, const struct reviewd_error *error)
{
	if (status != REVIEWD_OK && *error->message) {
		fputs("reviewd: ", stderr);
		put_plain(error->message);
		putc('\n', stderr);
	}
	return status;
}

/* A line of progress on a terminal, at most ten times a second; nothing in a pipe. */
struct progress {
	bool wanted, shown;
	struct timespec last;
};

static void progress_init(struct progress *progress)
{
	*progress = (struct progress) { .wanted = isatty(STDERR_FILENO) };
}

static bool progress_is_due(struct progress *progress)
{
	struct timespec now;
	if (!progress->wanted)
		return false;
	clock_gettime(CLOCK_MONOTONIC, &now);
	int64_t passed =
		(now.tv_sec - progress->last.tv_sec) * INT64_C(1000) + (now.tv_nsec - progress->last.tv_nsec) / 1000000;
	if (progress->shown && passed < 100)
		return false;
	progress->last = now;
	progress->shown = true;
	return true;
}

/* Before any other line, and at the end. */
static void progress_erase(struct progress *progress)
{
	if (progress->shown)
		fputs("\r\033[K", stderr);
	progress->shown = false;
}

/*
 * A standard stream that is closed would give its number to the next file that is opened, and what is printed would go
 * into the store. What stands in for it can only be used the wrong way round, so that using it still fails.
 */
static void hold_standard_streams(void)
{
	for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; stream++) {
		if (fcntl(stream, F_GETFD) < 0)
			(void)open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);
	}
}

/* What goes wrong in a command is told once, at its end; the log is for whoever serves. */
static void log_nothing(const char *line)
{
	(void)line;
}

/* A client that goes away is no reason to end; thousands of clients need as many descriptors. */
static void prepare_process(sigset_t *ret_ends)
{
	struct rlimit files;
	signal(SIGPIPE, SIG_IGN);
	/* Blocked before any thread starts, so that they come to sigwait() and nowhere else. */
	sigemptyset(ret_ends);
	sigaddset(ret_ends, SIGTERM);
	sigaddset(ret_ends, SIGINT);
	pthread_sigmask(SIG_BLOCK, ret_ends, NULL);
	if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < 16384) {
		files.rlim_cur = files.rlim_max < 16384 ? files.rlim_max : 16384;
		(void)setrlimit(RLIMIT_NOFILE, &files);
	}
}

static enum reviewd_status serve(const struct options *options)
{
	struct reviewd *service;
	struct reviewd_error error;
	sigset_t ends;
	int signal_number;
	prepare_process(&ends);
	enum reviewd_status status = reviewd_open(&options->serve, &service, &error);
	if (status != REVIEWD_OK)
		return tell(status, &error);
	reviewd_log_to(NULL);
	status = reviewd_start(service, &error);
	if (status == REVIEWD_OK) {
		/* Whoever started it may have stopped listening; that does not stop the service. */
		printf("listening on %s\n", reviewd_address(service));
		fflush(stdout);
		sigwait(&ends, &signal_number);
	}
	reviewd_close(service);
	return tell(status, &error);
}

static void import_refused(const char *file, uint64_t line, const char *pointer, const char *reason, void *context)
{
	progress_erase(context);
	put_plain(file);
	fprintf(stderr, ":%" PRIu64 ": ", line);
	put_plain(*pointer ? pointer : "/");
	fputs(": ", stderr);
	put_plain(reason);
	putc('\n', stderr);
}

static double megabytes(uint64_t bytes)
{
	return (double)bytes / 1e6;
}

static void import_progress(const struct reviewd_import_result *so_far, void *context)
{
	if (!progress_is_due(context))
		return;
	double seconds = (double)so_far->nanoseconds / 1e9;
	fputs("\r", stderr);
	if (so_far->input_bytes)
		fprintf(stderr, "%3.0f %%, ", 100 * (double)so_far->input_read / (double)so_far->input_bytes);
	fprintf(stderr, "%" PRIu64 " bundles, %" PRIu64 " refused, %.1f MB of text, %.1f MB/s",
		so_far->added + so_far->changed + so_far->unchanged, so_far->refused, megabytes(so_far->text_bytes),
		seconds > 0 ? megabytes(so_far->text_bytes) / seconds : 0);
	/* The first moments tell little of those to come. */
	if (so_far->input_bytes && so_far->input_read && seconds > 1) {
		double left = seconds * ((double)so_far->input_bytes / (double)so_far->input_read - 1);
		fprintf(stderr, ", %d:%02d left", (int)left / 60, (int)left % 60);
	}
	fputs("\033[K", stderr);
}

static void import_summary(const struct reviewd_import_result *result, const char *before)
{
	double seconds = (double)result->nanoseconds / 1e9;
	printf("%s%" PRIu64 " added, %" PRIu64 " changed, %" PRIu64 " unchanged, %" PRIu64 " refused\n", before,
		result->added, result->changed, result->unchanged, result->refused);
	if (result->text_bytes)
		printf("%" PRIu64 " quotes in %" PRIu64 " spans, %" PRIu64
		       " mentions, %.1f MB of text in %.2f s, %.1f MB/s\n",
			result->quotes, result->spans, result->mentions, megabytes(result->text_bytes), seconds,
			seconds > 0 ? megabytes(result->text_bytes) / seconds : 0);
}

static enum reviewd_status import(const struct options *options)
{
	struct progress progress;
	struct reviewd_import_result result = { 0 };
	struct reviewd_error error;
	progress_init(&progress);
	struct reviewd_text text = options->text;
	text.authors = options->authors;
	text.characters = options->characters;
	const struct reviewd_import_listener listener = { import_refused, import_progress, &progress };
	enum reviewd_status status = reviewd_import(&(struct reviewd_import_options) { .db = options->serve.db,
							    .text = text.file ? &text : NULL,
							    .files = options->files,
							    .file_count = (size_t)options->file_count,
							    .dry_run = options->dry_run,
							    .atomic = options->atomic,
							    .no_index = options->no_index },
		&listener, &result, &error);
	progress_erase(&progress);
	if (status == REVIEWD_OK || status == REVIEWD_NO_INPUT || result.refused)
		import_summary(&result, options->dry_run                          ? "dry run: "
					: options->atomic && status != REVIEWD_OK ? "not stored: "
										  : "");
	return tell(status, &error);
}

static enum reviewd_status export(const struct options *options) {
	struct reviewd_error error;
	return tell(reviewd_export(options->serve.db, options->review, stdout, &error), &error);
}

static void check_found(const char *what, void *context)
{
	progress_erase(context);
	fprintf(stderr, "%s\n", what);
}

static void check_progress(int64_t reviews_done, int64_t reviews, void *context)
{
	if (progress_is_due(context))
		fprintf(stderr, "\r%" PRId64 " of %" PRId64 " reviews\033[K", reviews_done, reviews);
}

static const char *plural(int64_t count)
{
	return count == 1 ? "" : "s";
}

static enum reviewd_status check(const struct options *options)
{
	struct progress progress;
	struct reviewd_check_result result = { 0 };
	struct reviewd_error error;
	progress_init(&progress);
	const struct reviewd_check_listener listener = { check_found, check_progress, &progress };
	enum reviewd_status status = reviewd_check(options->serve.db, &listener, &result, &error);
	progress_erase(&progress);
	if (status == REVIEWD_OK)
		printf("sound: %" PRId64 " review%s, %" PRId64 " span%s, %" PRId64 " name%s\n", result.reviews,
			plural(result.reviews), result.spans, plural(result.spans), result.names, plural(result.names));
	return tell(status, &error);
}

static void backup_progress(int64_t bytes_done, int64_t bytes, void *context)
{
	if (progress_is_due(context))
		fprintf(stderr, "\r%3.0f %% of %.1f MB\033[K", 100 * (double)bytes_done / (double)bytes,
			(double)bytes / 1e6);
}

static enum reviewd_status backup(const struct options *options)
{
	struct progress progress;
	struct reviewd_backup_result result;
	struct reviewd_error error;
	bool streamed = !strcmp(options->files[0], "-");
	if (streamed && isatty(STDOUT_FILENO)) {
		fputs("reviewd: standard output is a terminal, which a store is nothing for\n", stderr);
		return REVIEWD_USAGE;
	}
	progress_init(&progress);
	const struct reviewd_backup_listener listener = { backup_progress, &progress };
	enum reviewd_status status = reviewd_backup(&(struct reviewd_backup_options) { .db = options->serve.db,
							    .file = options->files[0],
							    .out = streamed ? stdout : NULL,
							    .replace = options->force },
		&listener, &result, &error);
	progress_erase(&progress);
	if (status == REVIEWD_OK && !streamed)
		printf("copied: %" PRId64 " review%s, %" PRId64 " quote%s, revision %" PRId64 ", %.1f MB\n",
			result.reviews, plural(result.reviews), result.quotes, plural(result.quotes), result.revision,
			megabytes(result.bytes));
	return tell(status, &error);
}

static enum reviewd_status openapi(void)
{
	struct reviewd_error error;
	return tell(reviewd_openapi(stdout, &error), &error);
}

static void token_found(const char *name, const char *added_at, void *context)
{
	(void)context;
	printf("%s\t%s\n", name, added_at);
}

static enum reviewd_status token(const struct options *options)
{
	const char *db = options->serve.db;
	char made[REVIEWD_TOKEN_SIZE];
	struct reviewd_error error;
	enum reviewd_status status = REVIEWD_INTERNAL;
	switch (options->token_action) {
	case TOKEN_ADD:
		status = reviewd_token_add(db, options->token_name, made, &error);
		if (status == REVIEWD_OK)
			printf("%s\n", made);
		break;
	case TOKEN_LIST:
		status = reviewd_token_list(db, token_found, NULL, &error);
		break;
	case TOKEN_REVOKE:
		status = reviewd_token_revoke(db, options->token_name, &error);
		break;
	}
	return tell(status, &error);
}

int main(int argc, char **argv)
{
	struct options options;
	hold_standard_streams();
	reviewd_log_to(log_nothing);
	enum reviewd_status status = options_read(argc, argv, &options);
	if (status != REVIEWD_OK)
		return (int)status;
	switch (options.command) {
	case COMMAND_SERVE:
		status = serve(&options);
		break;
	case COMMAND_IMPORT:
		status = import(&options);
		break;
	case COMMAND_EXPORT:
		status = export(&options);
		break;
	case COMMAND_CHECK:
		status = check(&options);
		break;
	case COMMAND_BACKUP:
		status = backup(&options);
		break;
	case COMMAND_OPENAPI:
		status = openapi();
		break;
	case COMMAND_TOKEN:
		status = token(&options);
		break;
	case COMMAND_VERSION:
		fputs(reviewd_versions(), stdout);
		break;
	case COMMAND_HELP:
		fputs(options.help, stdout);
		break;
	}
	/* A full disk shows when the buffer is written. */
	if (fflush(stdout) != 0 && status == REVIEWD_OK) {
		fprintf(stderr, "reviewd: cannot write: %s\n", strerror(errno));
		status = REVIEWD_IO;
	}
	return (int)status;
}
