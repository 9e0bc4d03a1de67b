// SPDX-License-Identifier: MIT
/*
 * The ceiling of the benchmark: one thread that finds the end of each request and sends the same bytes, whatever was
 * asked: epoll_loop PORT FILE, where FILE holds the whole response with its header lines. Runs until it is killed.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { EVENTS = 256, REQUEST_BYTES = 4096, RESPONSE_BYTES_MAX = 1 << 20, BACKLOG = 1024 };

static char response[RESPONSE_BYTES_MAX];
static size_t response_length;

static void read_response(const char *path)
{
	FILE *file = fopen(path, "re");
	if (!file)
		err(1, "%s", path);
	response_length = fread(response, 1, sizeof(response), file);
	fclose(file);
	if (!response_length || response_length == sizeof(response))
		errx(1, "%s: empty or too long", path);
}

static int listen_on(const char *port)
{
	int on = 1;
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_port = htons((in_port_t)strtoul(port, NULL, 10)),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0 ||
		bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 || listen(fd, BACKLOG) < 0)
		err(1, "port %s", port);
	return fd;
}

static void add(int epoll, int fd)
{
	struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };
	if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0)
		err(1, "epoll_ctl");
}

static void accept_all(int epoll, int listener)
{
	int on = 1, fd;
	while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
		add(epoll, fd);
	}
}

/* A load generator sends whole requests, so one that arrives in pieces is not counted twice only by its last bytes. */
static bool answer(int fd)
{
	char request[REQUEST_BYTES];
	ssize_t length = read(fd, request, sizeof(request));
	if (length <= 0)
		return length < 0 && errno == EAGAIN;
	const char *end = request + length, *next = request;
	while ((next = memmem(next, (size_t)(end - next), "\r\n\r\n", 4))) {
		next += 4;
		if (send(fd, response, response_length, MSG_NOSIGNAL) != (ssize_t)response_length)
			return false;
	}
	return true;
}

int main(int argc, char **argv)
{
	if (argc != 3)
		errx(64, "usage: epoll_loop PORT FILE");
	read_response(argv[2]);
	int listener = listen_on(argv[1]), epoll = epoll_create1(EPOLL_CLOEXEC);
	add(epoll, listener);
	for (;;) {
		struct epoll_event events[EVENTS];
		int count = epoll_wait(epoll, events, EVENTS, -1);
		for (int i = 0; i < count; i++) {
			if (events[i].data.fd == listener)
				accept_all(epoll, listener);
			else if (!answer(events[i].data.fd))
				close(events[i].data.fd);
		}
	}
}
