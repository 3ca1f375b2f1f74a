// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.xdp;

import java.util.Locale;

/** Where the XDP program runs and how packets come into the UMEM. The order is that of C's enum xdp4j_mode. */
public enum Mode {
    /** Native with zero-copy, else native with copies, else generic. */
    AUTO,
    /** In the driver or not at all; zero-copy where the driver has it. */
    NATIVE,
    /** Behind the driver, on socket buffers: works on every interface, slowest. */
    GENERIC,
    /** In the driver, which writes straight into the UMEM, or not at all. */
    ZERO_COPY;

    private static final Mode[] VALUES = values();

    static Mode of(int ordinal) {
        return VALUES[ordinal];
    }

    /** For a person, for example {@code zero-copy}. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
