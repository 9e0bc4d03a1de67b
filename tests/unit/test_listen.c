// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "server/listen.h"

static void test_addresses_that_are_understood(void **state)
{
	(void)state;
	static const struct {
		const char *listen, *host, *port;
	} cases[] = { { "127.0.0.1:8080", "127.0.0.1", "8080" }, { "localhost:0", "localhost", "0" },
		{ "[::1]:80", "::1", "80" }, { "[::]:65535", "::", "65535" }, { "*:1", "", "1" },
		{ "[fe80::1%eth0]:80", "fe80::1%eth0", "80" }, { "a-b.example:00080", "a-b.example", "00080" } };
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct listen_address address;
		struct reviewd_error error;
		if (!listen_parse(cases[i].listen, &address, &error))
			fail_msg("%s", error.message);
		assert_string_equal(address.host, cases[i].host);
		assert_string_equal(address.port, cases[i].port);
	}
}

static void test_addresses_that_make_no_sense_are_refused(void **state)
{
	(void)state;
	static const char *const cases[] = { "", ":", "8080", "localhost", ":8080", "localhost:", "localhost:http",
		"localhost:65536", "localhost:99999", "localhost:000080", "localhost:-1", "localhost: 80",
		"localhost:80 ", "localhost:8o", "::1:80", "::1", "[::1]", "[]:80", "[::1:80", "::1]:80", "[x:80",
		"x]:80", "[[::1]]:80", "a:b:80", "127.0.0.1:80:80", "[::1]x:80" };
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct listen_address address = { .host = "untouched" };
		struct reviewd_error error = { "" };
		if (listen_parse(cases[i], &address, &error))
			fail_msg("'%s' was taken for %s port %s", cases[i], address.host, address.port);
		assert_string_equal(address.host, "untouched");
		char said[512];
		snprintf(said, sizeof(said),
			"cannot listen on '%s': wanted HOST:PORT with a port from 0 to 65535, such as 127.0.0.1:8080",
			cases[i]);
		assert_string_equal(error.message, said);
	}
}

static void test_a_name_has_at_most_255_bytes(void **state)
{
	(void)state;
	char listen[300];
	struct listen_address address;
	struct reviewd_error error;
	memset(listen, 'a', 255);
	memcpy(listen + 255, ":80", 4);
	assert_true(listen_parse(listen, &address, &error));
	assert_int_equal(strlen(address.host), 255);
	memset(listen, 'a', 256);
	memcpy(listen + 256, ":80", 4);
	assert_false(listen_parse(listen, &address, &error));
}

static enum reviewd_status try_open(const char *listen, int *ret_socket, char *ret_url, struct reviewd_error *ret_error)
{
	struct listen_address address;
	assert_true(listen_parse(listen, &address, ret_error));
	ret_error->message[0] = '\0';
	return listen_open(&address, ret_socket, ret_url, ret_error);
}

static void test_port_0_is_any_free_one_and_is_told(void **state)
{
	(void)state;
	static const char *const hosts[] = { "127.0.0.1:0", "localhost:0" };
	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
		int socket_fd = -1;
		char url[LISTEN_URL_BYTES];
		struct reviewd_error error;
		assert_int_equal(try_open(hosts[i], &socket_fd, url, &error), REVIEWD_OK);
		assert_true(!strncmp(url, "http://127.0.0.1:", 17) || !strncmp(url, "http://[::1]:", 13));
		assert_true(strtol(strrchr(url, ':') + 1, NULL, 10) > 0);
		/* Somebody can connect. */
		struct sockaddr_storage bound;
		socklen_t size = sizeof(bound);
		assert_int_equal(getsockname(socket_fd, (struct sockaddr *)&bound, &size), 0);
		int client = socket(bound.ss_family, SOCK_STREAM, 0);
		assert_int_equal(connect(client, (struct sockaddr *)&bound, size), 0);
		close(client);
		close(socket_fd);
	}
}

static void test_a_port_in_use_is_said_to_be(void **state)
{
	(void)state;
	int first = -1, second = -1;
	char url[LISTEN_URL_BYTES], untouched[LISTEN_URL_BYTES] = "untouched", again[64];
	struct reviewd_error error;
	assert_int_equal(try_open("127.0.0.1:0", &first, url, &error), REVIEWD_OK);
	snprintf(again, sizeof(again), "127.0.0.1:%s", strrchr(url, ':') + 1);
	assert_int_equal(try_open(again, &second, untouched, &error), REVIEWD_UNAVAILABLE);
	assert_int_equal(second, -1);
	assert_string_equal(untouched, "untouched");
	assert_non_null(strstr(error.message, again));
	assert_non_null(strstr(error.message, "Address already in use; another program listens there"));
	/* Once it is closed the port is free at once. */
	close(first);
	assert_int_equal(try_open(again, &second, url, &error), REVIEWD_OK);
	close(second);
}

static void test_an_address_of_another_machine_is_unavailable(void **state)
{
	(void)state;
	int fd = -1;
	char url[LISTEN_URL_BYTES];
	struct reviewd_error error;
	/* One kept for documentation (RFC 5737). */
	assert_int_equal(try_open("192.0.2.1:0", &fd, url, &error), REVIEWD_UNAVAILABLE);
	assert_non_null(strstr(error.message, "cannot listen on 192.0.2.1:0: "));
	assert_int_equal(fd, -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addresses_that_are_understood),
		cmocka_unit_test(test_addresses_that_make_no_sense_are_refused),
		cmocka_unit_test(test_a_name_has_at_most_255_bytes),
		cmocka_unit_test(test_port_0_is_any_free_one_and_is_told),
		cmocka_unit_test(test_a_port_in_use_is_said_to_be),
		cmocka_unit_test(test_an_address_of_another_machine_is_unavailable),
	};
	return cmocka_run_group_tests_name("listen", tests, NULL, NULL);
}
