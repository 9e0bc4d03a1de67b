// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "server/reviewd.h"

int main(int argc, char **argv)
{
	const struct reviewd_options options = { .db = argc > 1 ? argv[1] : "shelf.db", .listen = "127.0.0.1:0" };
	struct reviewd_error error;
	struct reviewd *service = NULL;
	enum reviewd_status status = reviewd_open(&options, &service, &error);

	if (status == REVIEWD_OK)
		status = reviewd_start(service, &error);
	if (status == REVIEWD_OK) {
		printf("try: curl %s/v1/quotes.txt, and Enter to end\n", reviewd_address(service));
		fflush(stdout);
		getchar();
	} else {
		fprintf(stderr, "%s\n", error.message);
	}
	reviewd_close(service);
	return (int)status;
}
