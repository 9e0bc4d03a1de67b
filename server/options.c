// SPDX-License-Identifier: MIT
#include "server/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "db/text/nearest.h"
#include "db/text/utf8.h"

static const char overview[] =
	"usage: reviewd COMMAND [OPTION]...\n"
	"Serves literary reviews and their quotes as JSON over HTTP, from one SQLite file.\n"
	"\n"
	"  serve     serve the store; make it, with a first review in it, if it is not there\n"
	"  import    take bundles from JSON or NDJSON files into the store\n"
	"  export    write the store as NDJSON bundles\n"
	"  check     prove every text and every quote in the store\n"
	"  backup    copy the store while it is served and written\n"
	"  openapi   write the description of the HTTP interface (OpenAPI 3.1)\n"
	"  token     add, list and revoke the tokens for writing over HTTP\n"
	"  version   versions of reviewd and of the libraries it runs with\n"
	"  help      this text, or that of a command\n"
	"\n"
	"'reviewd COMMAND --help' tells the options of a command.\n"
	"REVIEWD_DB and REVIEWD_LISTEN stand for --db and --listen where these are not given.\n"
	"Exit status: 0 done, 64 wrong usage, 65 bad data or a damaged store, 66 no such file, 69 the address is in "
	"use,\n"
	"70 an internal fault, 73 the store cannot be made, 74 the disk fails, 75 the store is being written, 77 no\n"
	"permission, 78 a store of a later version.\n";

static const char serve_help[] =
	"usage: reviewd serve [OPTION]...\n"
	"Serves until SIGTERM or SIGINT; requests under way then end, and it exits with 0.\n"
	"\n"
	"  --db FILE         the store (reviews.db)\n"
	"  --listen ADDRESS  HOST:PORT or [IPV6]:PORT, * for all addresses, port 0 for any free one (127.0.0.1:8080)\n"
	"  --threads N       event loops, 1 to 64 (one for each processor)\n"
	"  --access-log FORMAT\n"
	"                    a line on standard error for each answer: combined, or json (none)\n"
	"  --empty           a store that is made does not get the first review\n"
	"  --read-only       never make or change the store\n"
	"  --max-body BYTES  of one document that is written; K and M stand for KiB and MiB (8M)\n"
	"  --cache BYTES     memory for answers given before; 0: every answer is made anew (32M)\n"
	"  --connections N   connections at a time, over all addresses (8000)\n"
	"  --per-address N   connections from one address at a time (256, and any number from this machine)\n"
	"\n"
	"The first line of output is 'listening on http://HOST:PORT', once the first request can come.\n";

static const char import_help[] =
	"usage: reviewd import [OPTION]... FILE...\n"
	"       reviewd import --text FILE [OPTION]...\n"
	"Takes bundles into the store: one JSON document, or NDJSON with one on each line, both plain or packed with "
	"gzip;\n"
	"- is standard input. Each bundle is taken whole or not at all. A bad one is told as FILE:LINE: POINTER: "
	"reason,\n"
	"where POINTER is the place in its JSON, and the others go on; the exit status is then 65.\n"
	"\n"
	"  --db FILE   the store, made if it is not there (reviews.db)\n"
	"  --dry-run   tell what would happen; store nothing, and make no store\n"
	"  --atomic    store nothing unless every bundle is good\n"
	"  --no-index  leave the index of words for later, which is faster when more is to come: the next import, or\n"
	"              start of a server, brings it up to date, and until then searches do not find what is new\n"
	"\n"
	"A bare text becomes a bundle; its mentions are wherever it has the name of a character.\n"
	"\n"
	"  --text FILE       the text: UTF-8, kept byte for byte\n"
	"  --id ID           of the review (made from the name of the file, or of the work)\n"
	"  --title TITLE     of the review\n"
	"  --work WORK       what is reviewed: its title; or its id, when written like one, as from-russia-with-love\n"
	"  --author NAME     of the work; for several, more than once\n"
	"  --language TAG    of the text, as nl or en-GB\n"
	"  --reviewer NAME   who wrote it\n"
	"  --character NAME  who is named in it; more than once\n";

static const char export_help[] = "usage: reviewd export [OPTION]...\n"
				  "Writes bundles to standard output, one on each line, in the order of their ids; "
				  "importing them gives the same store.\n"
				  "\n"
				  "  --db FILE    the store (reviews.db)\n"
				  "  --review ID  this review alone\n";

static const char check_help[] = "usage: reviewd check [OPTION]...\n"
				 "Proves the store: SQLite's integrity, every text against its hash, every span "
				 "against its text. Each problem is one\n"
				 "line; the exit status is then 65.\n"
				 "\n"
				 "  --db FILE  the store (reviews.db)\n";

static const char backup_help[] =
	"usage: reviewd backup [OPTION]... FILE\n"
	"Copies the store as it is at this moment, also while it is served and written. FILE is a\n"
	"store by itself, and there is never half of it; - is standard output.\n"
	"\n"
	"  --db FILE  the store (reviews.db)\n"
	"  --force    replace an older copy\n";

static const char openapi_help[] =
	"usage: reviewd openapi\n"
	"Writes the OpenAPI 3.1 document of the HTTP interface, as /openapi.json gives it.\n";

static const char token_help[] =
	"usage: reviewd token add NAME | list | revoke NAME\n"
	"Tokens for writing over HTTP. Without any, the server only reads. NAME is whose it is.\n"
	"\n"
	"  add NAME     makes a token and writes it, once: the store keeps a hash of it and not the token\n"
	"  list         writes the names, each with the time it was added\n"
	"  revoke NAME  takes the token back; a running server refuses it from its next request on\n"
	"\n"
	"  --db FILE    the store, made if it is not there (reviews.db)\n"
	"\n"
	"Clients send it with each write: curl -H 'Authorization: Bearer TOKEN' ...\n";

static const char version_help[] = "usage: reviewd version\n"
				   "Writes the versions of reviewd and of the libraries it runs with.\n";

/* What each command takes; the letters are the values of getopt_long() below. */
static const struct command_spec {
	const char *name;
	const char *help;
	const char *takes;
	bool takes_files;
} commands[] = {
	[COMMAND_SERVE] = { "serve", serve_help, "dltewgbmpc", false },
	[COMMAND_IMPORT] = { "import", import_help, "dnakxiTWALRC", true },
	[COMMAND_EXPORT] = { "export", export_help, "dr", false },
	[COMMAND_CHECK] = { "check", check_help, "d", false },
	[COMMAND_BACKUP] = { "backup", backup_help, "df", true },
	[COMMAND_OPENAPI] = { "openapi", openapi_help, "", false },
	[COMMAND_TOKEN] = { "token", token_help, "d", true },
	[COMMAND_VERSION] = { "version", version_help, "", false },
	[COMMAND_HELP] = { "help", overview, "", true },
};
enum { COMMANDS = sizeof(commands) / sizeof(commands[0]) };

static const struct option long_options[] = {
	{ "access-log", required_argument, NULL, 'g' },
	{ "atomic", no_argument, NULL, 'a' },
	{ "author", required_argument, NULL, 'A' },
	{ "cache", required_argument, NULL, 'c' },
	{ "character", required_argument, NULL, 'C' },
	{ "connections", required_argument, NULL, 'm' },
	{ "db", required_argument, NULL, 'd' },
	{ "dry-run", no_argument, NULL, 'n' },
	{ "empty", no_argument, NULL, 'e' },
	{ "force", no_argument, NULL, 'f' },
	{ "help", no_argument, NULL, 'h' },
	{ "id", required_argument, NULL, 'i' },
	{ "language", required_argument, NULL, 'L' },
	{ "listen", required_argument, NULL, 'l' },
	{ "max-body", required_argument, NULL, 'b' },
	{ "no-index", no_argument, NULL, 'k' },
	{ "per-address", required_argument, NULL, 'p' },
	{ "read-only", no_argument, NULL, 'w' },
	{ "review", required_argument, NULL, 'r' },
	{ "reviewer", required_argument, NULL, 'R' },
	{ "text", required_argument, NULL, 'x' },
	{ "threads", required_argument, NULL, 't' },
	{ "title", required_argument, NULL, 'T' },
	{ "work", required_argument, NULL, 'W' },
	{ NULL, 0, NULL, 0 },
};
enum { OPTIONS = sizeof(long_options) / sizeof(long_options[0]) - 1 };

static enum reviewd_status wrong(const struct command_spec *spec, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static enum reviewd_status wrong(const struct command_spec *spec, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	fputs("reviewd: ", stderr);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fprintf(stderr, "; see 'reviewd %s%s--help'\n", spec ? spec->name : "", spec ? " " : "");
	return REVIEWD_USAGE;
}

static void offer(struct nearest *nearest, const char *candidate)
{
	/* What comes from a command line need not be UTF-8. */
	if (utf8_find_invalid(nearest->word, strlen(nearest->word)) == strlen(nearest->word))
		nearest_offer(nearest, candidate);
}

/* `what` is "command" or "option"; `nearest` has what its word may stand for. */
static enum reviewd_status unknown(const struct command_spec *spec, const char *what, const struct nearest *nearest)
{
	static const char *const joints[NEAREST_MAX] = { "", " or ", " or " };
	if (!nearest->count)
		return wrong(spec, "there is no %s '%s'", what, nearest->word);
	fprintf(stderr, "reviewd: there is no %s '%s'; did you mean ", what, nearest->word);
	for (size_t i = 0; i < nearest->count; i++)
		fprintf(stderr, "%s'%s'", joints[i], nearest->found[i]);
	fputs("?\n", stderr);
	return REVIEWD_USAGE;
}

/* NULL when there is none, and that has been told. */
static const struct command_spec *find_command(const char *name)
{
	struct nearest nearest = { .word = name };
	for (int i = 0; i < COMMANDS; i++) {
		if (!strcmp(commands[i].name, name))
			return &commands[i];
		offer(&nearest, commands[i].name);
	}
	unknown(NULL, "command", &nearest);
	return NULL;
}

/* What getopt_long() does not know, or knows in another way. `word` is the argument it read last. */
static enum reviewd_status wrong_option(const struct command_spec *spec, char *word)
{
	char *value = strncmp(word, "--", 2) ? NULL : strchr(word, '=');
	/* A letter of an argument with several of them is not the last argument yet. */
	if (optopt && !value)
		return wrong(spec, "there is no option '-%c'", optopt);
	if (value)
		*value = '\0';
	if (optopt)
		return wrong(spec, "%s takes no value", word);
	char options[OPTIONS][16];
	struct nearest nearest = { .word = word };
	for (int i = 0; i < OPTIONS; i++) {
		snprintf(options[i], sizeof(options[i]), "--%s", long_options[i].name);
		if (long_options[i].val == 'h' || strchr(spec->takes, long_options[i].val))
			offer(&nearest, options[i]);
	}
	return unknown(spec, "option", &nearest);
}

static enum reviewd_status read_threads(const struct command_spec *spec, const char *value, unsigned *ret_threads)
{
	char *end;
	errno = 0;
	long threads = strtol(value, &end, 10);
	if (errno || *end || end == value || threads < 1 || threads > 64)
		return wrong(spec, "--threads wants a number from 1 to 64, not '%s'", value);
	*ret_threads = (unsigned)threads;
	return REVIEWD_OK;
}

static enum reviewd_status read_access_log(
	const struct command_spec *spec, const char *value, enum reviewd_access_log *ret_format)
{
	if (!strcmp(value, "combined"))
		*ret_format = REVIEWD_ACCESS_COMBINED;
	else if (!strcmp(value, "json"))
		*ret_format = REVIEWD_ACCESS_JSON;
	else
		return wrong(spec, "--access-log wants combined or json, not '%s'", value);
	return REVIEWD_OK;
}

static enum reviewd_status add_name(const char **names, size_t *count, const char *option)
{
	if (*count == OPTION_NAMES_MAX)
		return wrong(&commands[COMMAND_IMPORT], "--%s is given more than %d times; make a bundle instead",
			option, OPTION_NAMES_MAX);
	names[(*count)++] = optarg;
	return REVIEWD_OK;
}

/* Options that say something about the text of --text. */
static enum reviewd_status read_text_option(int letter, const char *name, struct options *options)
{
	struct reviewd_text *text = &options->text;
	switch (letter) {
	case 'A':
		return add_name(options->authors, &text->author_count, name);
	case 'C':
		return add_name(options->characters, &text->character_count, name);
	case 'L':
		text->language = optarg;
		break;
	case 'R':
		text->reviewer = optarg;
		break;
	case 'T':
		text->title = optarg;
		break;
	case 'W':
		text->work = optarg;
		break;
	case 'i':
		text->id = optarg;
		break;
	default:
		break;
	}
	return REVIEWD_OK;
}

/* K and M stand for KiB and MiB. */
static enum reviewd_status read_bytes(const char *name, const char *value, long long least, size_t *ret_bytes)
{
	char *end;
	errno = 0;
	long long bytes = strtoll(value, &end, 10);
	long long unit = *end == 'K' ? 1024 : *end == 'M' ? 1024 * 1024 : 1;
	if (errno || end == value || end[unit > 1] || bytes < least || bytes > 1024 * 1024 * 1024 / unit)
		return wrong(
			&commands[COMMAND_SERVE], "--%s wants a number of bytes up to 1024M, not '%s'", name, value);
	*ret_bytes = (size_t)(bytes * unit);
	return REVIEWD_OK;
}

static enum reviewd_status read_cache_size(const char *value, struct reviewd_options *serve)
{
	enum reviewd_status status = read_bytes("cache", value, 0, &serve->cache_bytes);
	serve->no_cache = status == REVIEWD_OK && !serve->cache_bytes;
	return status;
}

static enum reviewd_status read_connections(const char *name, const char *value, unsigned *ret_connections)
{
	char *end;
	errno = 0;
	long connections = strtol(value, &end, 10);
	if (errno || *end || end == value || connections < 1 || connections > 1000000)
		return wrong(&commands[COMMAND_SERVE], "--%s wants a number from 1 to 1000000, not '%s'", name, value);
	*ret_connections = (unsigned)connections;
	return REVIEWD_OK;
}

static enum reviewd_status read_option(
	const struct command_spec *spec, int letter, const char *name, struct options *options)
{
	if (letter == 'h') {
		options->command = COMMAND_HELP;
		options->help = spec->help;
		return REVIEWD_OK;
	}
	if (!strchr(spec->takes, letter))
		return wrong(spec, "%s takes no --%s", spec->name, name);
	switch (letter) {
	case 'a':
		options->atomic = true;
		break;
	case 'b':
		return read_bytes("max-body", optarg, 1, &options->serve.body_bytes_max);
	case 'c':
		return read_cache_size(optarg, &options->serve);
	case 'd':
		options->serve.db = optarg;
		break;
	case 'e':
		options->serve.empty = true;
		break;
	case 'f':
		options->force = true;
		break;
	case 'g':
		return read_access_log(spec, optarg, &options->serve.access_log);
	case 'k':
		options->no_index = true;
		break;
	case 'l':
		options->serve.listen = optarg;
		break;
	case 'm':
		return read_connections(name, optarg, &options->serve.connections);
	case 'n':
		options->dry_run = true;
		break;
	case 'p':
		return read_connections(name, optarg, &options->serve.per_address);
	case 'r':
		options->review = optarg;
		break;
	case 't':
		return read_threads(spec, optarg, &options->serve.threads);
	case 'w':
		options->serve.read_only = true;
		break;
	case 'x':
		options->text.file = optarg;
		break;
	default:
		return read_text_option(letter, name, options);
	}
	return REVIEWD_OK;
}

static enum reviewd_status check_import(const struct command_spec *spec, const struct options *options)
{
	const struct reviewd_text *text = &options->text;
	const struct {
		const char *name;
		bool given;
	} of_text[] = { { "author", text->author_count }, { "character", text->character_count }, { "id", text->id },
		{ "language", text->language }, { "reviewer", text->reviewer }, { "title", text->title },
		{ "work", text->work } };
	for (size_t i = 0; i < sizeof(of_text) / sizeof(of_text[0]) && !text->file; i++) {
		if (of_text[i].given)
			return wrong(spec, "--%s says something about the text of --text, which is not given",
				of_text[i].name);
	}
	if (text->author_count && !text->work)
		return wrong(spec, "--author wrote a work, so --work is wanted, too");
	if (!options->file_count && !text->file)
		return wrong(spec, "import wants a file, or - for standard input");
	return REVIEWD_OK;
}

/* What stands where other commands have files: `add NAME`, `list`, `revoke NAME`. */
static enum reviewd_status read_token_action(struct options *options)
{
	static const char *const names[] = { [TOKEN_ADD] = "add", [TOKEN_LIST] = "list", [TOKEN_REVOKE] = "revoke" };
	if (!options->file_count)
		return wrong(&commands[COMMAND_TOKEN], "token wants add, list or revoke");
	for (int action = 0; action <= TOKEN_REVOKE; action++) {
		int wanted = action == TOKEN_LIST ? 1 : 2;
		if (strcmp(options->files[0], names[action]) != 0)
			continue;
		if (options->file_count < wanted)
			return wrong(&commands[COMMAND_TOKEN], "token %s wants a name", names[action]);
		if (options->file_count > wanted)
			return wrong(&commands[COMMAND_TOKEN], "token %s takes no '%s'", names[action],
				options->files[wanted]);
		options->token_action = (enum token_action)action;
		options->token_name = wanted == 2 ? options->files[1] : NULL;
		return REVIEWD_OK;
	}
	return wrong(&commands[COMMAND_TOKEN], "token wants add, list or revoke, not '%s'", options->files[0]);
}

static enum reviewd_status read_arguments(
	const struct command_spec *spec, int argc, char **argv, struct options *options)
{
	int letter, index = 0;
	opterr = 0;
	/* From behind the name of the command. */
	optind = 2;
	while ((letter = getopt_long(argc, argv, ":h", long_options, &index)) != -1) {
		if (letter == ':')
			return wrong(spec, "%s wants a value", argv[optind - 1]);
		if (letter == '?')
			return wrong_option(spec, argv[optind - 1]);
		enum reviewd_status status = read_option(spec, letter, long_options[index].name, options);
		if (status != REVIEWD_OK || options->command == COMMAND_HELP)
			return status;
	}
	options->files = (const char *const *)argv + optind;
	options->file_count = argc - optind;
	if (options->file_count && !spec->takes_files)
		return wrong(spec, "%s takes no '%s'", spec->name, argv[optind]);
	if (spec - commands == COMMAND_IMPORT)
		return check_import(spec, options);
	if (spec - commands == COMMAND_BACKUP && !options->file_count)
		return wrong(spec, "backup wants the file that the copy is to be, or - for standard output");
	if (spec - commands == COMMAND_BACKUP && options->file_count > 1)
		return wrong(spec, "backup makes one file, and not '%s' as well", options->files[1]);
	return spec - commands == COMMAND_TOKEN ? read_token_action(options) : REVIEWD_OK;
}

/* An empty variable is as good as none. */
static const char *environment(const char *name)
{
	const char *value = getenv(name);
	return value && *value ? value : NULL;
}

enum reviewd_status options_read(int argc, char **argv, struct options *ret_options)
{
	struct options options = {
		.serve = { .db = environment("REVIEWD_DB"), .listen = environment("REVIEWD_LISTEN") }, .help = overview
	};
	const char *name = argc > 1 ? argv[1] : NULL;
	if (!name)
		return wrong(NULL, "which command?");
	if (!strcmp(name, "--help") || !strcmp(name, "-h"))
		name = "help";
	if (!strcmp(name, "--version"))
		name = "version";
	const struct command_spec *spec = find_command(name);
	if (!spec)
		return REVIEWD_USAGE;
	options.command = (enum command)(spec - commands);
	enum reviewd_status status = read_arguments(spec, argc, argv, &options);
	if (status == REVIEWD_OK && options.command == COMMAND_HELP && options.file_count) {
		if (options.file_count > 1)
			return wrong(spec, "help takes one command, and not '%s' as well", options.files[1]);
		spec = find_command(options.files[0]);
		if (!spec)
			return REVIEWD_USAGE;
		options.help = spec->help;
	}
	if (status == REVIEWD_OK)
		*ret_options = options;
	return status;
}
