// SPDX-License-Identifier: MIT
/* LD_PRELOAD: a disk that takes SLOW_SYNC_US longer to have a file's content for good, as those without a battery do. */
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

int fdatasync(int fd)
{
	const char *us = getenv("SLOW_SYNC_US");
	int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
	usleep(us ? (useconds_t)strtoul(us, NULL, 10) : 0);
	return real(fd);
}
