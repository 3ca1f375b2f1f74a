// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.packet;

import java.io.IOException;

/** A call that the kernel refused. The message names the call, the value and the remedy, in one line. */
public final class KernelException extends IOException {
    private static final long serialVersionUID = 1L;

    /** The positive number of {@code errno(3)}. */
    private final int errno;

    /**
     * @param errno the positive number of {@code errno(3)}
     * @param message one line
     */
    public KernelException(int errno, String message) {
        super(message);
        this.errno = errno;
    }

    /** {@return the positive number of {@code errno(3)}, for example 16 for EBUSY} */
    public int errno() {
        return errno;
    }
}
