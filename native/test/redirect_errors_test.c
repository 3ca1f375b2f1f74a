/* SPDX-License-Identifier: Apache-2.0 */
/* What opening the count of refused redirects says where it cannot be had. The Java tests count with it. */
#define _GNU_SOURCE
#include <sys/mount.h>

#include "xdp4j.h"
#include "xdp_lab.h"

#define TRACEFS "/sys/kernel/tracing"
#define NOBODY 65534

static void test_counts_nothing_yet(void)
{
	struct xdp4j_redirect_errors *errors;
	struct xdp4j_error error;

	CHECK(!xdp4j_redirect_errors_open(&errors, 1, &error), "%s", error.text);
	CHECK(!xdp4j_redirect_errors_count(errors), "%ld", xdp4j_redirect_errors_count(errors));
	xdp4j_redirect_errors_close(errors);
	xdp4j_redirect_errors_close(NULL);
}

static void expect_error(int code, const char *remedy)
{
	struct xdp4j_redirect_errors *errors;
	struct xdp4j_error error;
	int result = xdp4j_redirect_errors_open(&errors, 1, &error);

	CHECK(result == -code && error.code == code, "%d: %s", result, error.text);
	CHECK(strstr(error.text, "cannot be told") && strstr(error.text, remedy), "%s", error.text);
}

int main(void)
{
	enter_lab(1);
	/* Mounts of our own, whatever the machine has. */
	CHECK(!unshare(CLONE_NEWNS) && !mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL), "%s", strerror(errno));
	umount2("/sys/kernel/debug", MNT_DETACH);
	while (!umount2(TRACEFS, MNT_DETACH))
		;
	expect_error(ENOENT, "mount -t tracefs tracefs " TRACEFS);
	CHECK(!mount("tracefs", TRACEFS, "tracefs", 0, NULL), "%s", strerror(errno));
	test_counts_nothing_yet();
	CHECK(!seteuid(NOBODY), "%s", strerror(errno));
	expect_error(EACCES, "run as root");
	CHECK(!seteuid(0), "%s", strerror(errno));
	return 0;
}
