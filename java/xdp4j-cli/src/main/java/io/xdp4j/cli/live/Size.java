// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.live;

/** Of a terminal, in characters. */
record Size(int columns, int rows) {
    /** That of a terminal which does not tell its own. */
    static final Size USUAL = new Size(80, 24);
}
