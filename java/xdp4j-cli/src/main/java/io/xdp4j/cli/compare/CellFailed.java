// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

/** A sender or a receiver did not do its part. The message is one line that names the cell and says what it said. */
final class CellFailed extends Exception {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    /** @param exitCode of the one that failed; what does not come from an exit code is 1 */
    CellFailed(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    /** 2 when the user can mend it, else 1. */
    int exitCode() {
        return exitCode == 2 ? 2 : 1;
    }
}
