// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli;

/** The user asked for something that cannot be. The message is one line that names the value and the remedy. */
public final class BadInput extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BadInput(String message) {
        super(message);
    }
}
