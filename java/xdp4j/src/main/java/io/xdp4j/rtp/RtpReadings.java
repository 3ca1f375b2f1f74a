// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.rtp;

/** Where the statistics of a flow can be read while it is received: in this process, or in memory that is shared. */
@FunctionalInterface
public interface RtpReadings {
    /** {@return what has been counted so far, as it was between two packets} For any thread, at any time. */
    RtpStatistics snapshot();

    /** {@return whether packets came that nobody counted here, between two that did: then no sequence is whole} */
    default boolean isPartial() {
        return false;
    }
}
