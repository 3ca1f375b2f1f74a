// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.doctor;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a {@link Check} comes to. */
enum Verdict {
    /** Nothing to be done. */
    OK,
    /** It works, and something is lost, slower or not to be had. */
    WARNING,
    /** Receiving fails, or loses packets. */
    PROBLEM,
    /** It could not be looked at. */
    UNKNOWN;

    /** As it is printed and written. */
    @JsonValue
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
