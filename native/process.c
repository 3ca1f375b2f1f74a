/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "error.h"

int xdp4j_process_end_with_parent(pid_t parent, struct xdp4j_error *error)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0))
		return xdp4j_fail(error, errno, "prctl(PR_SET_PDEATHSIG): %s", strerror(errno));
	/* Behind it: a parent that ends from now on is told of, one that ended before is not the parent any more. */
	if (getppid() != parent) {
		prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0);
		return xdp4j_fail(error, ESRCH, "the parent is process %d, not %d: that one has ended, or is no parent",
				  getppid(), parent);
	}
	return 0;
}
