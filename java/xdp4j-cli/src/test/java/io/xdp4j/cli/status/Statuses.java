// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.status;

import java.io.IOException;

/** What processes say of themselves, for tests that need the pid of a worker and no JVM to ask for it. */
public final class Statuses {
    private Statuses() {}

    /** @param pid of a process that receives */
    public static RunStatus of(long pid) throws IOException {
        return StatusPage.readAll().stream()
                .filter(run -> run.pid() == pid)
                .findFirst()
                .orElseThrow(() -> new IOException("process " + pid + " says nothing of itself"));
    }
}
